/** Files at addresses: tries again, goes on where it was, and shows no secret. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { withoutSecrets } from "../../src/address.ts";
import { DownloadError } from "../../src/download/error.ts";
import { openRemote, remoteChunks } from "../../src/download/remote.ts";

/** Runs a server; pauses are noted, and not made. */
async function withServer(
  answer: (request: Request, number: number) => Response,
  run: (
    url: string,
    options: { sleep: (ms: number) => Promise<void> },
    pauses: number[],
  ) => Promise<void>,
): Promise<void> {
  let number = 0;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => answer(request, ++number),
  );
  const pauses: number[] = [];
  const sleep = (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  };
  const url = `http://127.0.0.1:${server.addr.port}/file?X-Amz-Signature=secret`;
  await run(url, { sleep }, pauses);
}

async function textOf(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<string> {
  return await new Blob(await Array.fromAsync(chunks)).text();
}

/** Answers a request for `bytes=n-` of a text. */
function part(
  text: string,
  request: Request,
  more: Record<string, string> = {},
): Response {
  const start = Number(/\d+/.exec(request.headers.get("range") ?? "0")![0]);
  if (start === 0) return new Response(text, { headers: { etag: '"1"', ...more } });
  const range = `bytes ${start}-${text.length - 1}/${text.length}`;
  const headers = { etag: '"1"', "content-range": range, ...more };
  return new Response(text.slice(start), { status: 206, headers });
}

Deno.test("remoteChunks() tries again with growing pauses, or as the server says", () =>
  withServer((request, number) => {
    assertEquals(new URL(request.url).search, "?X-Amz-Signature=secret");
    if (number === 3) {
      return new Response("", { status: 429, headers: { "retry-after": "7" } });
    }
    return number < 4 ? new Response("", { status: 503 }) : part("text", request);
  }, async (url, options, pauses) => {
    assertEquals(await textOf(remoteChunks(url, {}, options)), "text");
    assertEquals(pauses, [500, 1000, 7000]);
  }));

Deno.test("remoteChunks() gives up after four tries, and says no secret", () =>
  withServer(() => new Response("", { status: 500 }), async (url, options, pauses) => {
    for (
      const read of [
        () => textOf(remoteChunks(url, {}, options)),
        () => openRemote(url, options),
      ]
    ) {
      const error = await assertRejects(read, DownloadError);
      assert(error.isTransient && !error.message.includes("secret"), error.message);
      assert(error.message.includes('/file?…": answered 500'), error.message);
    }
    assertEquals(pauses.length, 2 * 3);
  }));

Deno.test("remoteChunks() takes a part, also of a server without ranges", async () => {
  for (const hasRanges of [true, false]) {
    await withServer(
      (request) => hasRanges ? part("0123456789", request) : new Response("0123456789"),
      async (url, options) => {
        assertEquals((await openRemote(url, options)).size, 10);
        assertEquals(await textOf(remoteChunks(url, { start: 4 }, options)), "456789");
      },
    );
  }
});

Deno.test("remoteChunks() goes on where a connection broke, unless the file has changed", async () => {
  const text = "x".repeat(1000) + "y".repeat(1000);
  for (const isChanged of [false, true]) {
    const starts: (string | null)[] = [];
    await withServer((request, number) => {
      starts.push(request.headers.get("range"));
      if (number > 1) return part(text, request, isChanged ? { etag: '"2"' } : {});
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(text.slice(0, 1500)));
        },
        pull: (controller) => controller.error(new Error("broken")),
      });
      return new Response(body, { headers: { etag: '"1"' } });
    }, async (url, options) => {
      const read = () => textOf(remoteChunks(url, {}, options));
      if (isChanged) {
        await assertRejects(read, DownloadError, "has changed while it was read");
      } else assertEquals(await read(), text);
    });
    assertEquals(starts, [null, "bytes=1500-"]);
  }
});

Deno.test("withoutSecrets() hides queries and passwords of web addresses alone", () => {
  const cases: [text: string, shown: string][] = [
    [
      'Cannot read "https://me:word@a.b/c(1).jpg?X=(y)&z=\'1"',
      'Cannot read "https://a.b/c(1).jpg?…"',
    ],
    ["http://a.b/c HTTPS://a.b?x", "http://a.b/c HTTPS://a.b?…"],
    ["a/b?.jpg, what?", "a/b?.jpg, what?"],
  ];
  for (const [text, shown] of cases) assertEquals(withoutSecrets(text), shown);
});
