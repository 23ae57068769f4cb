/**
 * Fetches one file: resumes what an earlier try left, tries again after a failure that
 * may pass, and gives the file its final name when it is whole and the right one.
 *
 * @module
 */

import { type ExpectedFile, type FileDigest, hashFile, mismatch } from "../checksum.ts";
import { DownloadError } from "./error.ts";
import { type FileAnswer, requestFile } from "./http.ts";
import { PartialFile } from "./partial_file.ts";

/** How to fetch. */
export interface FetchOptions {
  /** Number of tries in a row that may fail without progress; default 5. */
  attempts?: number;
  /** Milliseconds in which a server must send 64 KiB; default 60 s. */
  stallMs?: number;
  /** Ends the download with the signal's reason; the next one resumes it. */
  signal?: AbortSignal;
  /** Waits some milliseconds before the next try. */
  sleep?: (milliseconds: number) => Promise<void>;
  /** Called with the bytes so far and those of the whole file. */
  onProgress?: (done: number, total: number) => void;
}

type Settings =
  & ExpectedFile
  & FetchOptions
  & Required<Omit<FetchOptions, "signal">>;

const DEFAULTS = {
  attempts: 5,
  stallMs: 60_000,
  sleep: (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  onProgress: () => {},
} satisfies FetchOptions;

/** Milliseconds before the second try; doubled before each further one. */
const FIRST_PAUSE = 1000;
/** The longest pause in milliseconds, also if the server asks for a longer one. */
const LONGEST_PAUSE = 60_000;
/** Number of new bytes that count as progress. */
const PROGRESS_BYTES = 1024 * 1024;
/** Number of tries at a server that has sent nothing yet: the next address may do better. */
const ATTEMPTS_IF_AWAY = 2;

/**
 * Fetches a file.
 *
 * @param url Its address.
 * @param path Its final name; until then it is named `<path>.partial`.
 * @param options How to fetch, and the size and SHA-256 that the file must have.
 * @returns Size and SHA-256.
 * @throws {DownloadError} If the address does not give the file.
 */
export async function fetchFile(
  url: string,
  path: string,
  options: ExpectedFile & FetchOptions = {},
): Promise<FileDigest> {
  const settings: Settings = { ...DEFAULTS, ...options };
  await using partial = await PartialFile.open(path);
  for (let isSecond = false;; isSecond = true) {
    await completeWithRetries(url, partial, settings);
    const found = await hashFile(partial.partialPath);
    const wrong = mismatch(found, options);
    if (!wrong) {
      await partial.commit();
      return found;
    }
    const { isJoined } = partial;
    await partial.restart();
    // Pieces of two versions may have been joined: once more, from the beginning.
    if (isSecond || !isJoined) throw new DownloadError("checksum", url, wrong);
  }
}

async function completeWithRetries(
  url: string,
  partial: PartialFile,
  settings: Settings,
): Promise<void> {
  const { attempts, signal, sleep } = settings;
  let [failures, best] = [0, partial.bytes];
  for (;;) {
    try {
      return await complete(url, partial, settings);
    } catch (error) {
      if (!(error instanceof DownloadError && error.isTransient)) throw error;
      if (partial.bytes - best >= PROGRESS_BYTES) [failures, best] = [0, partial.bytes];
      const isAway = partial.bytes === 0 && error.isHopeless;
      const most = isAway ? Math.min(attempts, ATTEMPTS_IF_AWAY) : attempts;
      if (++failures >= most) throw error;
      const pause = error.retryAfter ?? FIRST_PAUSE * 2 ** (failures - 1);
      await sleep(Math.min(pause, LONGEST_PAUSE));
      signal?.throwIfAborted();
    }
  }
}

/** Gets the missing bytes, or throws; the bytes that came until then stay. */
async function complete(
  url: string,
  partial: PartialFile,
  settings: Settings,
): Promise<void> {
  const { onProgress, sha256 } = settings;
  const isSameFile = partial.version?.url === url && partial.version.validator;
  // With a checksum even bytes of another mirror can be resumed: a mistake shows.
  if (!isSameFile && !sha256) await partial.restart();
  if (partial.isComplete) return;
  const rest = partial.bytes > 0 ? await requestRest(url, partial, settings) : undefined;
  const answer = rest ?? await requestFile(url, settings);
  if (answer.start > 0) partial.isJoined = true;
  else await begin(url, answer, partial, settings);
  const { total } = answer;
  onProgress(partial.bytes, total ?? partial.bytes);
  for await (const chunk of answer.body) {
    await partial.file.append(chunk);
    onProgress(partial.bytes, total ?? partial.bytes);
  }
}

/**
 * Asks for the bytes after those of the partial file.
 *
 * @returns The answer with these bytes, or with the whole file if it has changed or the
 * server sends no parts; `undefined` if it answered with something else.
 */
async function requestRest(
  url: string,
  { bytes, version }: PartialFile,
  settings: Settings,
): Promise<FileAnswer | undefined> {
  const validator = version?.url === url ? version.validator : undefined;
  try {
    const answer = await requestFile(url, { ...settings, start: bytes, validator });
    const isSame = answer.total === version?.bytes &&
      (!validator || !answer.validator || answer.validator === validator);
    if (answer.start === 0 || isSame) return answer;
    await answer.cancel();
  } catch (error) {
    // 416: the file has become shorter; "length": the server sent another part.
    const isOther = error instanceof DownloadError &&
      (error.status === 416 || error.kind === "length");
    if (!isOther) throw error;
  }
}

/** Prepares the partial file for a whole one, unless it cannot be the right one. */
async function begin(
  url: string,
  { total, validator, body }: FileAnswer,
  partial: PartialFile,
  { bytes }: Settings,
): Promise<void> {
  if (bytes !== undefined && total !== undefined && total !== bytes) {
    await body.next(); // throws if it is a web page, which says more than the length
    await body.return();
    const reason = `says the file has ${total} bytes, expected ${bytes}`;
    throw new DownloadError("length", url, reason);
  }
  await partial.restart({ url, bytes: total, validator });
}
