/**
 * A checksum over the contents of a safetensors file, which the format itself lacks.
 * Without it a single wrong bit in a setting would go unnoticed.
 *
 * @module
 */

import { crc32c } from "./crc32c.ts";
import type { Safetensors } from "./safetensors.ts";

/** Key of the checksum in the metadata. */
const KEY = "crc32c";

/** Adds the checksum of all arrays and metadata to the metadata. */
export function withChecksum(file: Safetensors): Record<string, string> {
  return { ...file.metadata, [KEY]: checksumOf(file) };
}

/**
 * Verifies the checksum of a file if it has one; files of other programs have none.
 *
 * @throws {SyntaxError} If the checksum does not match the contents.
 */
export function verifyChecksum(file: Safetensors, name: string): void {
  const claimed = file.metadata[KEY];
  if (claimed === undefined) return;
  const found = checksumOf(file);
  if (found === claimed) return;
  throw new SyntaxError(
    `Cannot read "${name}" as its CRC-32C must be ${claimed}: found ${found}; the file is damaged, get it again`,
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
