/**
 * Fetches one file. It resumes an earlier try, tries again after a transient failure, and
 * gives the file its final name once size and checksum are right.
 *
 * @module
 */

import { type ExpectedFile, type FileDigest, hashFile, mismatch } from "../checksum.ts";
import { DownloadError } from "./error.ts";
import { type FileAnswer, requestFile } from "./http.ts";
import { PartialFile } from "./partial_file.ts";

/** How to fetch a file. */
export interface FetchOptions {
  /** Fail after this many tries in a row without progress; default 5. */
  attempts?: number;
  /** Time in which a server must send 64 KiB, in milliseconds; default 60,000. */
  stallMs?: number;
  /** Aborts the download with the signal's reason; the next download resumes it. */
  signal?: AbortSignal;
  /** Waits before the next try; default: by `setTimeout`. */
  sleep?: (milliseconds: number) => Promise<void>;
  /** Called with the bytes fetched so far and the size of the file, in bytes. */
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

/** Pause before the second try in milliseconds; it doubles before each further try. */
const FIRST_PAUSE = 1000;
/** Longest pause in milliseconds, even if the server asks for a longer one. */
const LONGEST_PAUSE = 60_000;
/** Number of new bytes that count as progress. */
const PROGRESS_BYTES = 1024 * 1024;
/** Number of tries at a server that has sent nothing, as the next address may do better. */
const ATTEMPTS_IF_AWAY = 2;

/**
 * Fetches a file.
 *
 * @param url Address of the file.
 * @param path Path of the file; until it is complete, it is named `<path>.partial`.
 * @param options How to fetch it, and the size and SHA-256 that it must have.
 * @returns Size in bytes and SHA-256.
 * @throws {DownloadError} If the address does not provide the file.
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
    // The file may consist of pieces of two versions, so fetch it once more as a whole.
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

/** Fetches the missing bytes; if that fails, the bytes received so far are kept. */
async function complete(
  url: string,
  partial: PartialFile,
  settings: Settings,
): Promise<void> {
  const { onProgress, sha256 } = settings;
  const isSameFile = partial.version?.url === url && partial.version.validator;
  // A checksum reveals a mix-up, so bytes from another mirror can be resumed, too.
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
 * Requests the bytes after those of the partial file.
 *
 * @returns The response with these bytes, or with the whole file if it has changed or the
 * server does not support ranges; `undefined` for any other response.
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
    // 416: the file has become shorter; "length": the server sent another range.
    const isOther = error instanceof DownloadError &&
      (error.status === 416 || error.kind === "length");
    if (!isOther) throw error;
  }
}

/** Clears the partial file for a whole download, unless the size shows a wrong file. */
async function begin(
  url: string,
  { total, validator, body }: FileAnswer,
  partial: PartialFile,
  { bytes }: Settings,
): Promise<void> {
  if (bytes !== undefined && total !== undefined && total !== bytes) {
    await body.next(); // throws for a web page, which tells more than a wrong size
    await body.return();
    const reason = `says the file has ${total} bytes, expected ${bytes}`;
    throw new DownloadError("length", url, reason);
  }
  await partial.restart({ url, bytes: total, validator });
}
