/**
 * Fetches one file: on from where an earlier try ended, in parallel parts if it is
 * large, again after a failure that may pass, and under its final name only when it is
 * whole and what it should be.
 *
 * @module
 */

import { type ExpectedFile, hashFile, mismatch } from "../checksum.ts";
import { PartialFile, type Span } from "./partial_file.ts";
import { DownloadError } from "./error.ts";
import { type FileAnswer, requestFile } from "./http.ts";

/** How to fetch. */
export interface FetchOptions {
  /** How often in a row to try without getting on; default 5. */
  attempts?: number;
  /** Milliseconds without a byte after which a server counts as stalled; default 30 s. */
  stallMs?: number;
  /** Most parts that are fetched at the same time; default 4. */
  connections?: number;
  /** A part has at least this many bytes; default 16 MiB. */
  partBytes?: number;
  /** Bytes after which the journal is written; default 4 MiB. */
  flushBytes?: number;
  /** Waits some milliseconds; tests give one that does not. */
  sleep?: (milliseconds: number) => Promise<void>;
  /** Called with the bytes that are there and those that there will be. */
  onProgress?: (done: number, total: number) => void;
}

/** A file that is whole. */
export interface FetchedFile {
  /** Its size. */
  bytes: number;
  /** Its SHA-256 in hexadecimal. */
  sha256: string;
}

/** Defaults of {@linkcode FetchOptions}. */
const DEFAULTS = {
  attempts: 5,
  stallMs: 30_000,
  connections: 4,
  partBytes: 16 * 1024 * 1024,
  sleep: (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  onProgress: () => {},
} satisfies FetchOptions;

type Settings = ExpectedFile & Required<Omit<FetchOptions, "flushBytes">>;

/** Milliseconds before the second try; doubled before each further one. */
const FIRST_PAUSE = 1000;
/** The longest pause, in milliseconds. */
const LONGEST_PAUSE = 60_000;
/** So many new bytes count as getting on; fewer and a dripping server is given up. */
const HEADWAY = 1024 * 1024;

/**
 * Fetches a file.
 *
 * @param url Its address.
 * @param path Where it ends up; what is not whole lies beside it with `.partial`.
 * @param options How to fetch, and the size and SHA-256 that the file must have.
 * @returns Size and SHA-256.
 * @throws {DownloadError} If the address does not give the file.
 */
export async function fetchFile(
  url: string,
  path: string,
  options: ExpectedFile & FetchOptions = {},
): Promise<FetchedFile> {
  const settings: Settings = { ...DEFAULTS, ...options };
  for (let round = 1;; round++) {
    const partial = await PartialFile.open(path, options.flushBytes);
    try {
      const wasBegun = partial.done > 0;
      const [fetched, tries] = await fetchWithRetries(url, partial, settings);
      const wrong = mismatch(fetched, options);
      if (!wrong) {
        await partial.commit();
        return fetched;
      }
      await partial.restart();
      // Parts of two versions may have been joined: once more, from nothing.
      const isJoined = wasBegun || tries > 1;
      if (!isJoined || round > 1) throw new DownloadError("checksum", url, wrong);
    } finally {
      await partial.close();
    }
  }
}

async function fetchWithRetries(
  url: string,
  partial: PartialFile,
  settings: Settings,
): Promise<[FetchedFile, number]> {
  let { connections } = settings;
  let [failures, best] = [0, partial.done];
  for (let tries = 1;; tries++) {
    try {
      await fill(url, partial, { ...settings, connections });
      return [await hashFile(partial.path), tries];
    } catch (error) {
      await partial.flush();
      if (!(error instanceof DownloadError)) throw error;
      if (error.kind === "changed") await partial.restart();
      if (partial.done - best >= HEADWAY) [failures, best] = [0, partial.done];
      // Who has never answered is most likely away: the next address may do better.
      const isAway = partial.done === 0 && /^(unreachable|stall)$/.test(error.kind);
      const most = isAway ? Math.min(2, settings.attempts) : settings.attempts;
      if (!error.isTransient || ++failures >= most) throw error;
      connections = 1; // the server may not like several
      const pause = error.retryAfter
        ? error.retryAfter * 1000
        : FIRST_PAUSE * 2 ** (failures - 1);
      await settings.sleep(Math.min(pause, LONGEST_PAUSE));
    }
  }
}

/** Gets all missing bytes, or throws; what has come until then stays. */
async function fill(
  url: string,
  partial: PartialFile,
  settings: Settings,
): Promise<void> {
  const isSame = partial.url === url && partial.validator !== undefined;
  if (!isSame && !settings.sha256) await partial.restart();
  if (partial.isComplete) return;
  const answer = await begin(url, partial, settings);
  settings.onProgress(partial.done, partial.total ?? partial.done);
  const first = partial.missing.find(({ next }) => next === answer.start);
  if (!first) await answer.cancel(); // the file is empty
  const queue = partial.missing.filter((span) => span !== first);
  const abort = new AbortController();
  let failure: unknown;
  const work = async (span: Span | undefined, answer?: FileAnswer) => {
    try {
      for (; span && !abort.signal.aborted; span = queue.shift()) {
        await fillSpan(url, partial, span, settings, abort.signal, answer);
        answer = undefined;
      }
    } catch (error) {
      failure ??= error; // the others fail later because they are ended
      abort.abort();
    }
  };
  const others = queue.splice(0, settings.connections - 1);
  await Promise.all([work(first, answer), ...others.map((span) => work(span))]);
  if (failure) throw failure;
  partial.finish();
}

/** The first answer; after it `partial` knows size and version. */
async function begin(
  url: string,
  partial: PartialFile,
  settings: Settings,
): Promise<FileAnswer> {
  const { stallMs } = settings;
  const ask = (part: { start: number; end?: number; validator?: string }) =>
    requestFile(url, { ...part, stallMs }).catch((error) => {
      const isBeyondEnd = error instanceof DownloadError && error.status === 416;
      if (!isBeyondEnd) throw error;
    });
  const span = partial.missing.at(0);
  let answer: FileAnswer | void = undefined;
  if (span) {
    // Another mirror has the same bytes under a name of its own: the checksum decides.
    if (partial.url !== url) [partial.url, partial.validator] = [url, undefined];
    const { validator } = partial;
    answer = await ask({ start: span.next, end: span.end, validator });
    if (answer?.hasRanges) {
      partial.validator ??= answer.validator;
      if (isSameVersion(answer, partial)) return answer;
      await answer.cancel();
      answer = undefined;
    }
  }
  // An empty file has no first byte to ask for.
  answer ??= await ask({ start: 0 }) ?? await requestFile(url, { stallMs });
  const { total, validator } = answer;
  if (settings.bytes !== undefined && total !== undefined && total !== settings.bytes) {
    // A page of an error or a log-in says more than its length.
    await answer.body.next();
    await answer.body.return();
    const reason = `says the file has ${total} bytes, expected ${settings.bytes}`;
    throw new DownloadError("length", url, reason);
  }
  await partial.restart(url, validator, total);
  const parts = Math.floor((total ?? 0) / settings.partBytes);
  const isSafe = answer.hasRanges && (validator || settings.sha256);
  if (isSafe && parts > 1 && settings.connections > 1) {
    partial.split(Math.min(parts, settings.connections));
  }
  return answer;
}

function isSameVersion(answer: FileAnswer, partial: PartialFile): boolean {
  const { total, validator = partial.validator } = answer;
  return total === partial.total && validator === partial.validator;
}

async function fillSpan(
  url: string,
  partial: PartialFile,
  span: Span,
  settings: Settings,
  signal: AbortSignal,
  answer?: FileAnswer,
): Promise<void> {
  const { next: start, end } = span;
  const { validator } = partial;
  const { stallMs, onProgress } = settings;
  answer ??= await requestFile(url, { start, end, validator, stallMs, signal });
  if (answer.start !== start || !isSameVersion(answer, partial)) {
    await answer.cancel();
    throw new DownloadError("changed", url, "changed while it was being downloaded");
  }
  for await (const chunk of answer.body) {
    await partial.write(span, chunk);
    const { done, total } = partial;
    onProgress(done, total ?? done);
    if (signal.aborted || span.next === span.end) break;
  }
}
