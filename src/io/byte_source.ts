/**
 * Random access to bytes, in a file or in memory.
 *
 * @module
 */

/** A source of bytes for a reader. */
export interface ByteSource {
  /** Name of the file, for errors. */
  readonly name: string;
  /** Total number of bytes. */
  readonly size: number;
  /** Reads bytes from an offset on; resolves to fewer than `length` only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * Makes a source of an array in memory.
 *
 * @param bytes The array, which is not copied.
 * @param name Name of the file it came from, for errors.
 */
export function sourceOf(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/**
 * Reads exactly `length` bytes.
 *
 * @throws {SyntaxError} If the source has fewer bytes after the offset.
 */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = offset + length <= source.size
    ? await source.read(offset, length)
    : new Uint8Array();
  if (bytes.length === length) return bytes;
  throw new SyntaxError(
    `Cannot read "${source.name}": it must have ${length} bytes at ${offset}: found ${source.size} bytes in all`,
  );
}
