/**
 * A local server that serves files and receives reports.
 *
 * @module
 */

/** Content types by extension; browsers require them for modules and WebAssembly. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  ts: "application/typescript",
  wasm: "application/wasm",
};

/** A running server; `await using` stops it. */
export interface Server extends AsyncDisposable {
  /** Its URL, with a slash at the end. */
  readonly url: string;
  /** Resolves with the text of the first POST. */
  readonly report: Promise<string>;
}

/**
 * Serves a folder and files in memory.
 *
 * @param folder The folder to serve at `/`.
 * @param extra Files in memory, by path without the first slash.
 * @returns The server, on a free port.
 */
export function serveFolder(
  folder: string,
  extra: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {},
): Server {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      if (request.method === "POST") {
        resolve(await request.text());
        return new Response();
      }
      const path = decodeURIComponent(new URL(request.url).pathname).slice(1);
      const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
      const headers = {
        "content-type": type ?? "application/octet-stream",
        // These headers isolate a page, which lets TensorFlow.js use threads.
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      };
      try {
        const body = extra[path] ?? await Deno.readFile(`${folder}/${path}`);
        return new Response(body, { headers });
      } catch {
        return new Response("Not found", { status: 404 });
      }
    },
  );
  const { port } = server.addr;
  return {
    url: `http://127.0.0.1:${port}/`,
    report: promise,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
