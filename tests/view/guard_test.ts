/** Only the page itself is answered. */

import { assertEquals } from "@std/assert";
import { refusalOf } from "../../src/view/guard.ts";

const LOCAL = "http://127.0.0.1:8190";

function ask(path: string, headers: Record<string, string> = {}, method = "GET") {
  const url = `${LOCAL}${path}`;
  const given = new Headers({ host: "127.0.0.1:8190", ...headers });
  return refusalOf({ method, url, headers: given });
}

Deno.test("refusalOf() answers under the names of this machine alone", () => {
  for (const host of ["127.0.0.1", "127.0.0.1:8190", "localhost:1", "[::1]:8190"]) {
    assertEquals(ask("/api/view", { host }), undefined, host);
  }
  // DNS rebinding: the name is foreign and leads here all the same.
  const foreign = ["evil.example", "evil.example:8190", "127.0.0.1.evil.example"];
  for (const host of [...foreign, "127.0.0.2", "localhost.evil.example", ""]) {
    assertEquals(ask("/api/view", { host })?.status, 403, host);
  }
});

Deno.test("refusalOf() refuses other origins and the requests of other pages", () => {
  const status = (headers: Record<string, string>, path = "/api/drop", method = "POST") =>
    ask(path, headers, method)?.status;
  assertEquals(status({ origin: LOCAL }), undefined);
  for (const origin of ["http://evil.example", "null", "http://127.0.0.1:8191"]) {
    assertEquals(status({ origin }), 403, origin);
  }
  assertEquals(status({ origin: "https://127.0.0.1:8190" }), 403);
  // A picture of another page on this machine, as <img src> asks for it.
  for (const site of ["cross-site", "same-site"]) {
    assertEquals(status({ "sec-fetch-site": site }, "/api/picture", "GET"), 403);
  }
  assertEquals(
    status({ "sec-fetch-site": "same-origin" }, "/api/view", "GET"),
    undefined,
  );
  // A link of another page may open the page, but not its data, and not in a frame.
  const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  const opened = { ...link, "sec-fetch-dest": "document" };
  assertEquals(status(opened, "/?image=1", "GET"), undefined);
  assertEquals(status(opened, "/api/view", "GET"), 403);
  assertEquals(status({ ...link, "sec-fetch-dest": "iframe" }, "/", "GET"), 403);
});

Deno.test("refusalOf() knows the methods of the page", () => {
  for (const method of ["GET", "HEAD", "POST"]) {
    assertEquals(ask("/", {}, method), undefined);
  }
  for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]) {
    assertEquals(ask("/", {}, method)?.status, 405);
  }
});
