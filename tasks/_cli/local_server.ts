/**
 * Serves a page to this machine alone, and opens it in the browser.
 *
 * @module
 */

/** The port that is tried first, so that links stay when a page is served again. */
const PORT = 8190;

/** The only address that is served: no other machine reaches it. */
const HOSTNAME = "127.0.0.1";

/** A server; `await using` ends it. */
export interface LocalServer extends AsyncDisposable {
  /** Address of the page. */
  url: string;
  /** Fulfilled when the server has ended. */
  finished: Promise<void>;
}

/**
 * Starts a server.
 *
 * @param answer Answers requests.
 * @param port Its port; default: 8190 if it is free, else any that is free.
 * @returns The server.
 * @throws {Deno.errors.AddrInUse} If the given port is in use.
 */
export function serveLocally(
  answer: (request: Request) => Response | Promise<Response>,
  port?: number,
): LocalServer {
  const listen = (port: number) =>
    Deno.serve({ hostname: HOSTNAME, port, onListen() {} }, answer);
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = listen(port ?? PORT);
  } catch (error) {
    const isTaken = error instanceof Deno.errors.AddrInUse;
    if (port !== undefined || !isTaken) throw error;
    server = listen(0);
  }
  return {
    url: `http://${HOSTNAME}:${server.addr.port}/`,
    finished: server.finished,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What opens an address on each system. */
const OPENERS: Partial<Record<typeof Deno.build.os, readonly string[]>> = {
  darwin: ["open"],
  windows: ["explorer"],
};

/** Opens an address in the browser; says so if it cannot. */
export async function openInBrowser(url: string): Promise<void> {
  const [program, ...args] = OPENERS[Deno.build.os] ?? ["xdg-open"];
  try {
    const { success } = await new Deno.Command(program, {
      args: [...args, url],
      ...{ stdin: "null", stdout: "null", stderr: "null" },
    }).output();
    // Windows' explorer always says that it failed.
    if (success || Deno.build.os === "windows") return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  console.error(`warning: "${program}" cannot open a browser; open ${url} yourself`);
}
