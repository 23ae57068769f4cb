/**
 * Servers on 127.0.0.1 for tests of downloads: an honest one, and one that sends exactly the
 * given bytes.
 *
 * @module
 */

/** A request of a client. */
export interface SeenRequest {
  path: string;
  range: string | null;
  ifRange: string | null;
}

/** A server; `await using` ends it. */
export interface TestServer extends AsyncDisposable {
  /** Its address, with a slash at the end. */
  url: string;
  /** The requests that it received, in order. */
  requests: SeenRequest[];
}

/** How the honest server behaves; may be changed while it runs. */
export interface ServerOptions {
  /** Whether it supports ranges; default true. */
  ranges?: boolean;
  /** Version of every file; default `"1"`, `null` for none. */
  etag?: string | null;
  /** Waits this many milliseconds after each piece of `pieceBytes`. */
  pauseMs?: number;
  /** Size of a piece; default 16 KiB. */
  pieceBytes?: number;
  /** Answers some requests differently. */
  answer?: (request: SeenRequest, count: number) => Response | undefined;
}

/** Serves files as a good server does, with sizes, ranges and versions. */
export function serveFiles(
  files: Record<string, Uint8Array<ArrayBuffer>>,
  options: ServerOptions = {},
): TestServer {
  const requests: SeenRequest[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {}, onError: () => new Response() },
    (request) => {
      const seen = {
        path: new URL(request.url).pathname.slice(1),
        range: request.headers.get("range"),
        ifRange: request.headers.get("if-range"),
      };
      requests.push(seen);
      const other = options.answer?.(seen, requests.length);
      if (other) return other;
      const file = files[decodeURIComponent(seen.path)];
      if (!file) return new Response("nothing here", { status: 404 });
      return answerWith(file, seen, options);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requests,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}

function answerWith(
  file: Uint8Array<ArrayBuffer>,
  { range, ifRange }: SeenRequest,
  { ranges = true, etag = `"1"`, pauseMs, pieceBytes = 16 * 1024 }: ServerOptions,
): Response {
  const headers = new Headers(etag ? { etag } : {});
  const match = ranges ? range?.match(/^bytes=(\d+)-(\d*)$/) : undefined;
  const isWanted = match && (ifRange === null || ifRange === etag);
  const start = isWanted ? Number(match[1]) : 0;
  const end = isWanted && match[2]
    ? Math.min(Number(match[2]) + 1, file.length)
    : file.length;
  if (isWanted && start >= file.length) return new Response(null, { status: 416 });
  if (isWanted) headers.set("content-range", `bytes ${start}-${end - 1}/${file.length}`);
  headers.set("content-length", String(end - start));
  const body = file.subarray(start, end);
  let place = 0;
  const slow = pauseMs === undefined ? body : new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (place > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      controller.enqueue(body.slice(place, place += pieceBytes));
      if (place >= body.length) controller.close();
    },
  });
  return new Response(slow, { status: isWanted ? 206 : 200, headers });
}

/**
 * Sends the given answers byte for byte, and closes the connections.
 *
 * @param answers One answer for each connection, and the last one for all further ones:
 * text, bytes, or a function that writes and returns when the connection may be closed.
 */
export function serveRaw(
  ...answers: (string | Uint8Array | ((c: Deno.TcpConn) => Promise<void>))[]
): TestServer {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const requests: SeenRequest[] = [];
  const connections: Promise<void>[] = [];
  const serving = (async () => {
    for await (const connection of listener) connections.push(handle(connection));
  })();
  async function handle(connection: Deno.TcpConn) {
    using _closed = connection;
    const buffer = new Uint8Array(4096);
    const text = new TextDecoder().decode(
      buffer.subarray(0, await connection.read(buffer) ?? 0),
    );
    const header = (name: string) =>
      text.match(new RegExp(`^${name}: (.*)\r$`, "im"))?.[1] ?? null;
    requests.push({
      path: text.match(/^GET \/(\S*)/)?.[1] ?? "",
      range: header("range"),
      ifRange: header("if-range"),
    });
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    if (typeof answer === "function") return await answer(connection);
    const bytes = typeof answer === "string" ? new TextEncoder().encode(answer) : answer;
    for (let done = 0; done < bytes.length;) {
      done += await connection.write(bytes.subarray(done));
    }
  }
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      await Promise.all(connections);
    },
  };
}
