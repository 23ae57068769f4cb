/** Which failures may pass by themselves. */

import { assertEquals } from "@std/assert";
import { fetchBytes } from "../../../src/fetch_bytes.ts";
import { causeOf, isTransient } from "../../../tasks/_cli/transient.ts";
import { runTask } from "../_run_script.ts";
import { inFolder } from "../../_in_folder.ts";

/** The error of fetching from a server that answers so. */
async function errorOf(status: number | "closed"): Promise<unknown> {
  const answer = () => new Response("", { status: status === "closed" ? 200 : status });
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
  const server = Deno.serve(options, answer);
  if (status === "closed") await server.shutdown();
  try {
    const url = `http://127.0.0.1:${server.addr.port}/x`;
    return await fetchBytes(url, "Cannot load it").catch((error) => error);
  } finally {
    if (status !== "closed") await server.shutdown();
  }
}

Deno.test("servers that are down or busy may come back; files that are not there do not", async () => {
  for (const status of [429, 500, 503, "closed"] as const) {
    assertEquals(isTransient(await errorOf(status)), true, `${status}`);
  }
  for (const status of [400, 403, 404, 410] as const) {
    assertEquals(isTransient(await errorOf(status)), false, `${status}`);
  }
  assertEquals(isTransient(new SyntaxError("Cannot read it")), false);
  assertEquals(isTransient(new TypeError("x is not a function")), false);
  const full = new Error("No space left on device (os error 28)");
  assertEquals(isTransient(new Error("Cannot write it", { cause: full })), true);
  // Trying again is worth it only if that can mend all.
  assertEquals(causeOf([full, new SyntaxError("x")]) instanceof SyntaxError, true);
  assertEquals(causeOf([full]), full);
});

Deno.test("tasks exit with 75 if a failure may pass, with 1 if not, with 2 if they are called wrongly", async () => {
  await inFolder(async (folder) => {
    const answer = (request: Request) =>
      new Response("", { status: request.url.endsWith("busy.jpg") ? 503 : 404 });
    const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
    await using server = Deno.serve(options, answer);
    const codeOf = async (...args: string[]) => {
      const { code, stdout } = await runTask(folder, "detect", ...args);
      assertEquals(stdout, "");
      return code;
    };
    const url = `http://127.0.0.1:${server.addr.port}/`;
    assertEquals(await codeOf(`${url}busy.jpg`), 75);
    assertEquals(await codeOf(`${url}busy.jpg`, `${url}none.jpg`), 1);
    assertEquals(await codeOf(`${url}busy.jpg`, "--shard", "3/x"), 1);
    assertEquals(await codeOf(`${url}busy.jpg`, "--shrd", "3/4"), 2);
  });
});
