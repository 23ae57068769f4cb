/**
 * A checksum over all that a safetensors file says, which the format itself lacks: a
 * single wrong bit in a setting would otherwise go unnoticed.
 *
 * @module
 */

import { crc32c } from "../io/crc32c.ts";
import type { Safetensors } from "../io/safetensors.ts";

/** Key of the metadata that holds it. */
const KEY = "crc32c";

/** The metadata with the checksum of everything else in it. */
export function withChecksum(file: Safetensors): Record<string, string> {
  return { ...file.metadata, [KEY]: checksumOf(file) };
}

/**
 * Checks a file that has a checksum; other programs write none.
 *
 * @throws {SyntaxError} If the file has another checksum than it says.
 */
export function verifyChecksum(file: Safetensors, name: string): void {
  const claimed = file.metadata[KEY];
  if (claimed === undefined) return;
  const found = checksumOf(file);
  if (found === claimed) return;
  throw new SyntaxError(
    `Cannot read "${name}": its CRC-32C is ${found}, expected ${claimed}; it is damaged, get it again`,
  );
}

function checksumOf({ arrays, metadata }: Safetensors): string {
  const text = Object.entries(metadata).filter(([key]) => key !== KEY).sort();
  const named = Object.entries(arrays).sort(([a], [b]) => a < b ? -1 : 1);
  const header = named.map((
    [key, { shape, data }],
  ) => [key, data.constructor.name, shape]);
  let crc = crc32c(new TextEncoder().encode(JSON.stringify([text, header])));
  for (const [, { data }] of named) {
    crc = crc32c(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), crc);
  }
  return crc.toString(16).padStart(8, "0");
}
