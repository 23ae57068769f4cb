/**
 * One request for a file over HTTP, with every way in which a server can fail told apart.
 *
 * @module
 */

import { DownloadError } from "./error.ts";

/** Redirects that are followed; browsers allow 20. */
const MAX_REDIRECTS = 10;

/** What to ask for. */
export interface FileRequest {
  /** Place of the first byte; without it the whole file is asked for, and no part. */
  start?: number;
  /** Place after the last byte; default: to the end. */
  end?: number;
  /** What the file must still be, or the server sends it whole: an ETag or a date. */
  validator?: string;
  /** Milliseconds without a byte after which the server counts as stalled. */
  stallMs: number;
  /** Ends the request. */
  signal?: AbortSignal;
}

/** The beginning of an answer; the body comes as it is read. */
export interface FileAnswer {
  /** Place of the body's first byte in the file. */
  start: number;
  /** Size of the whole file in bytes, if the server says it. */
  total?: number;
  /** Whether the server sends parts of files. */
  hasRanges: boolean;
  /** What says that the file is still the same; weak ETags do not. */
  validator?: string;
  /** The bytes; throws a {@linkcode DownloadError} if they do not come as promised. */
  body: AsyncGenerator<Uint8Array<ArrayBuffer>, void>;
  /** Lets the server stop; for a body of which nothing was read. */
  cancel(): Promise<void>;
}

/**
 * Asks for a file or a part of it.
 *
 * @param url Address; `http:` or `https:`.
 * @param request Which part, and for how long to wait.
 * @returns What the server promises, and the bytes.
 * @throws {DownloadError} If there is no answer, or not of a file.
 */
export async function requestFile(
  url: string,
  request: FileRequest,
): Promise<FileAnswer> {
  const watch = new Watch(request.stallMs, request.signal);
  try {
    watch.start();
    const response = await follow(url, request, watch);
    watch.stop();
    try {
      const promised = readHeaders(url, response, request);
      return {
        ...promised,
        body: readBody(url, response, promised, watch),
        cancel: async () => await response.body?.cancel(),
      };
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
  } catch (error) {
    watch.stop();
    throw error;
  }
}

/** Fires when nothing has come for a while. */
class Watch {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;
  isStalled = false;

  constructor(readonly milliseconds: number, signal?: AbortSignal) {
    this.signal = signal
      ? AbortSignal.any([signal, this.#controller.signal])
      : this.#controller.signal;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.isStalled = true;
      this.#controller.abort();
    }, this.milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

async function follow(
  url: string,
  request: FileRequest,
  watch: Watch,
): Promise<Response> {
  const headers = new Headers({ "accept-encoding": "identity" });
  if (request.start !== undefined) {
    headers.set("range", `bytes=${request.start}-${request.end ? request.end - 1 : ""}`);
    if (request.validator) headers.set("if-range", request.validator);
  }
  let address = url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await answerOf(url, address, headers, watch);
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
      return response;
    }
    await response.body?.cancel();
    const target = URL.parse(location, address);
    const isWorse = address.startsWith("https:") && target?.protocol !== "https:";
    if (!target || !/^https?:$/.test(target.protocol) || isWorse) {
      const reason = `redirects to "${location}", which is not followed from ${address}`;
      throw new DownloadError("redirects", url, reason);
    }
    address = target.href;
  }
  throw new DownloadError("redirects", url, `redirects more than ${MAX_REDIRECTS} times`);
}

async function answerOf(
  url: string,
  address: string,
  headers: Headers,
  watch: Watch,
): Promise<Response> {
  try {
    return await fetch(address, { headers, redirect: "manual", signal: watch.signal });
  } catch (error) {
    if (watch.isStalled) {
      const reason = `stalled: no answer within ${watch.milliseconds / 1000} s`;
      throw new DownloadError("stall", url, reason, { cause: error });
    }
    const { name, message, cause } = error as Error;
    if (name === "NotCapable") {
      const grant = `--allow-net=${new URL(address).host}`;
      const reason =
        `not permitted; run "deno run --allow-read --allow-write=data ${grant} tasks/download.ts" with the same arguments`;
      throw new DownloadError("permission", url, reason, { cause: error });
    }
    const why = (cause instanceof Error ? cause.message : message)
      .replace(/^error sending request for url \(.*?\): /, "");
    const reason = `cannot be reached (${why})`;
    throw new DownloadError("unreachable", url, reason, { cause: error });
  }
}

type Promised = Omit<FileAnswer, "body" | "cancel">;

function readHeaders(url: string, response: Response, request: FileRequest): Promised {
  const { status, statusText, headers } = response;
  if (status !== 200 && status !== 206) {
    const seconds = Number(headers.get("retry-after"));
    throw new DownloadError("status", url, `answered ${status} ${statusText}`.trim(), {
      status,
      retryAfter: seconds > 0 ? seconds : undefined,
    });
  }
  const etag = headers.get("etag");
  const validator = etag && !etag.startsWith("W/") ? etag : headers.get("last-modified");
  const common = { validator: validator ?? undefined, hasRanges: status === 206 };
  const length = lengthOf(headers.get("content-length"));
  if (status === 200) return { ...common, start: 0, total: length };
  const range = headers.get("content-range") ?? "";
  const [, first, last, all] = range.match(/^bytes (\d+)-(\d+)\/(\d+)$/) ?? [];
  const [start, end, total] = [Number(first), Number(last) + 1, Number(all)];
  const isAsked = start === request.start &&
    end === Math.min(request.end ?? total, total);
  if (!isAsked || length !== undefined && length !== end - start) {
    const asked = `bytes ${request.start}-${request.end ? request.end - 1 : ""}`;
    const reason =
      `lies about the length: asked for ${asked}, promises "${range}" in ${length} bytes`;
    throw new DownloadError("length", url, reason);
  }
  return { ...common, start, total };
}

function lengthOf(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

async function* readBody(
  url: string,
  response: Response,
  promised: Promised,
  watch: Watch,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const type = response.headers.get("content-type") ?? "";
  const { start, total } = promised;
  const range = response.headers.get("content-range")?.match(/-(\d+)\//);
  const end = range ? Number(range[1]) + 1 : total;
  let place = start;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      watch.start();
      const { done, value } = await reader?.read() ?? { done: true, value: undefined };
      watch.stop();
      if (done) break;
      if (place === 0) refusePage(url, type, value);
      place += value.length;
      if (end !== undefined && place > end) {
        const reason = `lies about the length: sends more than the ${
          end - start
        } bytes it said`;
        throw new DownloadError("length", url, reason);
      }
      yield value;
    }
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    const found = `${place} of ${total ?? "an unknown number of"} bytes`;
    if (watch.isStalled) {
      const reason = `stalled: nothing for ${watch.milliseconds / 1000} s after ${found}`;
      throw new DownloadError("stall", url, reason, { cause: error });
    }
    const reason = `closed the connection early, after ${found}`;
    throw new DownloadError("early-close", url, reason, { cause: error });
  } finally {
    watch.stop();
    await reader?.cancel().catch(() => {});
  }
  if (end !== undefined && place < end) {
    const reason = `lies about the length: said ${end - start} bytes, sent ${
      place - start
    }`;
    throw new DownloadError("length", url, reason);
  }
}

/** A log-in form or an error page with the status 200 is no file. */
function refusePage(url: string, type: string, chunk: Uint8Array): void {
  const text = new TextDecoder().decode(chunk.subarray(0, 2048));
  const isPage = /^text\/html\b/i.test(type) ||
    /^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b/is.test(text);
  if (!isPage) return;
  const title = text.match(/<title[^>]*>\s*([^<]{1,80})/i)?.[1].trim();
  const reason = `sent a web page${title ? ` ("${title}")` : ""} instead of the file`;
  throw new DownloadError("page", url, reason);
}
