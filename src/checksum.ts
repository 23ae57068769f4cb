/**
 * Sizes and SHA-256 checksums of bytes and files.
 *
 * @module
 */

// Web Crypto takes all bytes at once and copies them; Node's hash takes chunks.
import { createHash } from "node:crypto";
import { readChunks } from "./files.ts";

/** Size and SHA-256 of a file. */
export interface FileDigest {
  /** Size in bytes. */
  bytes: number;
  /** SHA-256 in hexadecimal. */
  sha256: string;
}

/** Size and checksum that a file must have, as far as they are known. */
export type ExpectedFile = Partial<FileDigest>;

/** Hexadecimal digits of a checksum that an error shows. */
const SHOWN_DIGITS = 12;

/** The SHA-256 of bytes, or of text as UTF-8, in hexadecimal. */
export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * Passes chunks on and takes their digest on the way.
 *
 * @param chunks The file.
 * @param onEnd Called after the last chunk, before the stream ends; may throw.
 */
export async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  onEnd: (found: FileDigest) => void,
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
export async function hashFile(path: string): Promise<FileDigest> {
  let result: FileDigest = { bytes: 0, sha256: "" };
  for await (const _ of hashed(readChunks(path), (found) => result = found));
  return result;
}

/**
 * Compares a file with what it should be.
 *
 * @returns The difference in words, or `undefined`.
 */
export function mismatch(found: FileDigest, expected: ExpectedFile): string | undefined {
  if (expected.sha256 !== undefined && found.sha256 !== expected.sha256) {
    const [is, must] = [found.sha256, expected.sha256].map((digits) =>
      `${digits.slice(0, SHOWN_DIGITS)}…`
    );
    return `SHA-256 is ${is}, expected ${must}`;
  }
  if (expected.bytes !== undefined && found.bytes !== expected.bytes) {
    return `size is ${found.bytes} bytes, expected ${expected.bytes}`;
  }
}
