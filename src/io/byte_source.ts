/**
 * Bytes that can be read from any place: a file, or an array in memory.
 *
 * @module
 */

/** Where a reader takes its bytes from. */
export interface ByteSource {
  /** Of the file, for errors. */
  readonly name: string;
  /** Number of bytes in all. */
  readonly size: number;
  /** Reads bytes; resolves to fewer only past the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * An array as a source.
 *
 * @param bytes The array, not copied.
 * @param name Of the file that it came from, for errors.
 */
export function sourceOf(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/**
 * Reads exactly so many bytes.
 *
 * @throws {SyntaxError} If the source ends before them.
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
    `Cannot read "${source.name}": ${length} bytes at ${offset} are needed, the file has ${source.size}`,
  );
}
