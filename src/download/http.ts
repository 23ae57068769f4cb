/**
 * One HTTP request for a file, which distinguishes all ways in which a server may fail.
 *
 * @module
 */

import { fileKind } from "../file_kind.ts";
import { DownloadError } from "./error.ts";
import { expiryNote } from "./signed_address.ts";

/** Maximal number of redirects to follow; browsers follow 20. */
const MAX_REDIRECTS = 10;
/** A server that sends fewer bytes within the time limit has stalled. */
const STALL_BYTES = 64 * 1024;
/** Number of bytes at the start of a file that are searched for the marks of a web page. */
const PAGE_BYTES = 2048;

/** The part of a file to request. */
export interface FileRequest {
  /** Offset of the first byte; default 0. */
  start?: number;
  /** ETag or date; if those of the file differ, the server sends the whole file. */
  validator?: string;
  /** Time in which the server must send 64 KiB or the rest, in milliseconds. */
  stallMs: number;
  /** Aborts the request. */
  signal?: AbortSignal;
}

/** The response: its headers, and its body as a stream. */
export interface FileAnswer {
  /** Offset in the file of the first byte of the body. */
  start: number;
  /** Size of the whole file in bytes, if the server states it. */
  total?: number;
  /** Strong ETag or date, which changes with the file. */
  validator?: string;
  /** The bytes; throws a {@linkcode DownloadError} if they do not match the headers. */
  body: AsyncGenerator<Uint8Array<ArrayBuffer>, void>;
  /** Closes the connection; only if nothing of the body was read. */
  cancel(): Promise<void>;
}

/**
 * Requests a file or the rest of it.
 *
 * @param url Address; `http:` or `https:`.
 * @param request The part to request, and the time limit.
 * @returns The headers and the body.
 * @throws {DownloadError} If the server does not respond, or responds without a file.
 */
export async function requestFile(
  url: string,
  request: FileRequest,
): Promise<FileAnswer> {
  const watch = new Watch(request);
  const response = await follow(url, request, watch);
  const cancel = async () => await response.body?.cancel();
  try {
    const promised = readHeaders(url, response, request);
    return { ...promised, body: readBody(url, response, promised, watch), cancel };
  } catch (error) {
    await cancel();
    throw error;
  }
}

/** Aborts a request if too few bytes arrive within the time limit. */
class Watch {
  readonly #stall = new AbortController();
  readonly signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly request: FileRequest) {
    const { signal } = request;
    this.signal = AbortSignal.any([this.#stall.signal, ...signal ? [signal] : []]);
  }

  get isStalled(): boolean {
    return this.#stall.signal.aborted;
  }

  get seconds(): number {
    return this.request.stallMs / 1000;
  }

  /** Starts or restarts the time limit. */
  start(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#stall.abort(), this.request.stallMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

async function follow(
  url: string,
  { start = 0, validator }: FileRequest,
  watch: Watch,
): Promise<Response> {
  const headers = new Headers({ "accept-encoding": "identity" });
  if (start > 0) headers.set("range", `bytes=${start}-`);
  if (start > 0 && validator) headers.set("if-range", validator);
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
    watch.start();
    return await fetch(address, { headers, redirect: "manual", signal: watch.signal });
  } catch (cause) {
    watch.request.signal?.throwIfAborted();
    if (watch.isStalled) {
      const reason = `stalled: no answer within ${watch.seconds} s`;
      throw new DownloadError("stall", url, reason, { cause });
    }
    const error = cause as Error;
    if (error.name === "NotCapable") {
      const grant = `--allow-net=${new URL(address).host}`;
      const reason =
        `not permitted; run the script of the task by "deno run" with ${grant} and the same arguments`;
      throw new DownloadError("permission", url, reason, { cause });
    }
    const why = (error.cause instanceof Error ? error.cause : error).message
      .replace(/^error sending request for url \(.*?\): /, "");
    throw new DownloadError("unreachable", url, `cannot be reached (${why})`, { cause });
  } finally {
    watch.stop();
  }
}

type Promised = Pick<FileAnswer, "start" | "total" | "validator">;

function readHeaders(
  url: string,
  { status, statusText, headers }: Response,
  { start: asked = 0 }: FileRequest,
): Promised {
  if (status !== 200 && status !== 206) {
    const retryAfter = pauseOf(headers.get("retry-after") ?? "");
    const expired = status === 403 ? expiryNote(url) : "";
    const reason = `answered ${`${status} ${statusText}`.trim()}${expired}`;
    throw new DownloadError("status", url, reason, { status, retryAfter });
  }
  const etag = headers.get("etag");
  const strong = etag?.startsWith("W/") ? null : etag;
  const validator = strong ?? headers.get("last-modified") ?? undefined;
  const stated = headers.get("content-length") ?? "";
  const length = /^\d+$/.test(stated) ? Number(stated) : undefined;
  if (status === 200) return { start: 0, total: length, validator };
  const range = headers.get("content-range") ?? "";
  const numbers = range.match(/^bytes (\d+)-(\d+)\/(\d+)$/)?.slice(1).map(Number) ?? [];
  const [start, last, total] = numbers;
  const isAsked = start === asked && last + 1 === total;
  if (!isAsked || length !== undefined && length !== total - start) {
    const reason =
      `lies about the length: asked for bytes ${asked}-, promises "${range}"`;
    throw new DownloadError("length", url, reason);
  }
  return { start, total, validator };
}

/** Pause in milliseconds that a Retry-After header asks for, in seconds or as a date. */
function pauseOf(header: string): number | undefined {
  const isNumber = /^\d+$/.test(header);
  const pause = isNumber ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return pause > 0 ? pause : undefined;
}

async function* readBody(
  url: string,
  { body, headers }: Response,
  { start, total }: Promised,
  watch: Watch,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const lie = (what: string) =>
    new DownloadError("length", url, `lies about the length: ${what}`);
  let [place, watched] = [start, start];
  try {
    watch.start();
    for await (const chunk of body ?? []) {
      if (place === 0) refusePage(url, headers.get("content-type") ?? "", chunk);
      place += chunk.length;
      if (total !== undefined && place > total) {
        throw lie(`sends more than the ${total - start} bytes it said`);
      }
      yield chunk;
      if (place - watched < STALL_BYTES) continue;
      watched = place;
      watch.start();
    }
  } catch (cause) {
    if (cause instanceof DownloadError) throw cause;
    watch.request.signal?.throwIfAborted();
    const found = `after ${place} of ${total ?? "an unknown number of"} bytes`;
    if (watch.isStalled) {
      const reason =
        `stalled ${found}: fewer than ${STALL_BYTES} bytes in ${watch.seconds} s`;
      throw new DownloadError("stall", url, reason, { cause });
    }
    const reason = `closed the connection early, ${found}`;
    throw new DownloadError("early-close", url, reason, { cause });
  } finally {
    watch.stop();
  }
  if (total !== undefined && place < total) {
    throw lie(`said ${total - start} bytes, sent ${place - start}`);
  }
}

/**
 * Refuses a web page instead of the file, such as a log-in form with status 200. A picture
 * with the type of a page is a picture.
 */
function refusePage(url: string, type: string, chunk: Uint8Array): void {
  const text = new TextDecoder().decode(chunk.subarray(0, PAGE_BYTES));
  const isPicture = fileKind(chunk)?.name.endsWith(" image") ?? false;
  const isPage = /^text\/html\b/i.test(type) && !isPicture ||
    /^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b/is.test(text);
  if (!isPage) return;
  const title = text.match(/<title[^>]*>\s*([^<]{1,80})/i)?.[1].trim();
  const reason = `sent a web page${title ? ` ("${title}")` : ""} instead of the file`;
  throw new DownloadError("page", url, reason);
}
