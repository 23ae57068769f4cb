/**
 * Which requests the local server answers: those of its own page.
 *
 * @module
 */

/** A request that is not answered. */
export interface Refused {
  status: 403 | 405;
  error: string;
}

/** Names of this machine, with or without a port. */
const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** Methods of the page. */
const METHODS = ["GET", "HEAD", "POST"];

/**
 * Decides whether a request comes from the page or from the user.
 *
 * A foreign page can make the browser send requests here. If it does so under a name of its
 * own that leads to 127.0.0.1 (DNS rebinding), `Host` tells; else `Origin` and
 * `Sec-Fetch-Site` do, which pages cannot set. A link of another page may open the page
 * itself, which tells that other page nothing.
 *
 * @param request Its method, address and headers.
 * @returns Why it is refused; `undefined` if it is answered.
 */
export function refusalOf(
  { method, url, headers }: Pick<Request, "method" | "url" | "headers">,
): Refused | undefined {
  const { host, pathname } = new URL(url), given = headers.get("host") ?? host;
  const refuse = (what: string, must: string, found: string): Refused => ({
    status: 403,
    error: `Cannot answer as ${what} must be ${must}: found "${found}"`,
  });
  if (!LOCAL_HOST.test(given)) {
    return refuse("the host", "127.0.0.1 or localhost", given);
  }
  if (!METHODS.includes(method)) {
    const error = `Cannot answer as the method must be ${
      METHODS.join(", ")
    }: found "${method}"`;
    return { status: 405, error };
  }
  const origin = headers.get("origin");
  if (origin !== null && origin.toLowerCase() !== `http://${given.toLowerCase()}`) {
    return refuse("the origin", `"http://${given}"`, origin);
  }
  const site = headers.get("sec-fetch-site") ?? "none";
  const isOpened = method === "GET" && pathname === "/" &&
    headers.get("sec-fetch-mode") === "navigate" &&
    headers.get("sec-fetch-dest") === "document";
  if (site !== "same-origin" && site !== "none" && !isOpened) {
    return refuse("the page that asks", "this one", site);
  }
}
