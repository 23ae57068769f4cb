/**
 * Size and SHA-256 of files that are too large to hold in memory.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { readChunks } from "./files.ts";

/** What is known of a file beforehand. */
export interface ExpectedFile {
  /** Its size. */
  bytes?: number;
  /** Its SHA-256 in hexadecimal. */
  sha256?: string;
}

/** Hexadecimal digits of a checksum that an error shows. */
const SHOWN_DIGITS = 12;

/**
 * Passes chunks on while it takes their size and SHA-256.
 *
 * @param chunks The file.
 * @param onEnd Called after the last chunk, before the stream ends; may throw.
 */
export async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  onEnd: (found: { bytes: number; sha256: string }) => void,
): AsyncGenerator<Uint8Array, void> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    yield chunk;
  }
  onEnd({ bytes, sha256: hash.digest("hex") });
}

/** Size and SHA-256 of a file. */
export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  let result = { bytes: 0, sha256: "" };
  for await (const _ of hashed(readChunks(path), (found) => result = found));
  return result;
}

/**
 * Compares a file with what it should be.
 *
 * @returns What is wrong, or `undefined`.
 */
export function mismatch(
  found: { bytes: number; sha256: string },
  expected: ExpectedFile,
): string | undefined {
  if (expected.sha256 !== undefined && found.sha256 !== expected.sha256) {
    const [is, must] = [found.sha256, expected.sha256].map((s) =>
      `${s.slice(0, SHOWN_DIGITS)}…`
    );
    return `SHA-256 is ${is}, expected ${must}`;
  }
  if (expected.bytes !== undefined && found.bytes !== expected.bytes) {
    return `size is ${found.bytes} bytes, expected ${expected.bytes}`;
  }
}
