/**
 * Reads files at web addresses without keeping them: as a whole, or from an offset on by an
 * HTTP Range. It tries again after a failure that may pass, and goes on where it was.
 *
 * @module
 */

import { DownloadError } from "./error.ts";
import { requestFile } from "./http.ts";

/** How to read. */
export interface RemoteOptions {
  /** Fail after this many tries in a row that gave no byte; default 4. */
  attempts?: number;
  /** Time in which a server must send 64 KiB, in milliseconds; default 60,000. */
  stallMs?: number;
  /** Waits before the next try; default: by `setTimeout`. */
  sleep?: (milliseconds: number) => Promise<void>;
  /** Called with the bytes so far and the size of the file, as far as it is known. */
  onProgress?: (done: number, total: number) => void;
}

const DEFAULTS = {
  attempts: 4,
  stallMs: 60_000,
  sleep: (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  onProgress: () => {},
} satisfies RemoteOptions;

/** Pause before the second try in milliseconds; it doubles before each further try. */
const FIRST_PAUSE = 500;
/** Longest pause in milliseconds, even if the server asks for a longer one. */
const LONGEST_PAUSE = 60_000;

/** A file as its server describes it. */
export interface RemoteFile {
  /** Size in bytes. */
  size: number;
  /** ETag or date, which changes with the file. */
  validator?: string;
}

/**
 * Asks for the size of a file. The request is a GET, as a signed address is of one method,
 * and nothing of the body is read.
 *
 * @throws {DownloadError} If the server does not give the file or its size.
 */
export async function openRemote(
  url: string,
  options: RemoteOptions = {},
): Promise<RemoteFile> {
  const settings = { ...DEFAULTS, ...options };
  for (let failures = 0;;) {
    try {
      const { total, validator, cancel } = await requestFile(url, settings);
      await cancel();
      if (total !== undefined) return { size: total, validator };
    } catch (error) {
      await pause(error, ++failures, settings);
      continue;
    }
    const reason = "does not say how long the file is, so it has no parts";
    throw new DownloadError("length", url, reason);
  }
}

/**
 * The bytes of a file from an offset on. Who stops early closes the connection.
 *
 * @param url Its address; `http:` or `https:`.
 * @param from Offset of the first byte, and the version that was described before, if any.
 * @param options How to read.
 * @throws {DownloadError} If the server does not give them, or the file has changed.
 */
export async function* remoteChunks(
  url: string,
  { start = 0, validator }: { start?: number; validator?: string } = {},
  options: RemoteOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const settings = { ...DEFAULTS, ...options };
  let place = start, failures = 0;
  for (;;) {
    try {
      const answer = await requestFile(url, { ...settings, start: place, validator });
      if (place > 0 && answer.validator !== validator && validator !== undefined) {
        await answer.cancel();
        throw new DownloadError("length", url, "has changed while it was read");
      }
      validator ??= answer.validator;
      let at = answer.start; // 0 if the server has no ranges
      for await (const chunk of answer.body) {
        const rest = chunk.subarray(Math.min(chunk.length, Math.max(0, place - at)));
        at += chunk.length;
        if (rest.length === 0) continue;
        [place, failures] = [at, 0];
        settings.onProgress(at, answer.total ?? at);
        yield rest;
      }
      return;
    } catch (error) {
      await pause(error, ++failures, settings);
    }
  }
}

/** Waits before the next try; throws the error if no try is left. */
async function pause(
  error: unknown,
  failures: number,
  { attempts, sleep }: Required<RemoteOptions>,
): Promise<void> {
  if (!(error instanceof DownloadError && error.isTransient)) throw error;
  if (failures >= attempts) throw error;
  const wanted = error.retryAfter ?? FIRST_PAUSE * 2 ** (failures - 1);
  await sleep(Math.min(wanted, LONGEST_PAUSE));
}
