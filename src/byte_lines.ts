/**
 * Divides a stream of bytes into lines.
 *
 * @module
 */

const NEWLINE = 0x0a;

/**
 * The lines of a stream, without their ends; the last line may lack its end. After a line
 * end at the end of the stream there is no further line.
 *
 * @param chunks The bytes, in pieces of any length.
 */
export async function* byteLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let begin = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, begin);
      if (end < 0) break;
      yield joined(parts, chunk.subarray(begin, end));
      [parts, begin] = [[], end + 1];
    }
    if (begin < chunk.length) parts.push(chunk.slice(begin));
  }
  if (parts.length > 0) yield joined(parts, new Uint8Array());
}

/** Pieces of bytes as one, which may be a view of the last. */
export function joined(
  parts: readonly Uint8Array[],
  last: Uint8Array,
): Uint8Array {
  if (parts.length === 0) return last;
  const all = [...parts, last];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * The lines that begin in a part of a file, so that the parts of all jobs have each line
 * once: who reads them begins one byte early and stops after the last line.
 *
 * @param read Reads the file from an offset on.
 * @param first Offset of the first byte of the part.
 * @param end Offset after its last byte.
 */
export async function* linesBetween(
  read: (start: number) => AsyncIterable<Uint8Array>,
  first: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  if (first >= end) return;
  // The byte before says whether a line begins with the first byte.
  let place = Math.max(0, first - 1), isInside = first > 0;
  for await (const line of byteLines(read(place))) {
    if (!isInside) {
      if (place >= end) return;
      yield line;
    }
    isInside = false;
    place += line.length + 1;
    if (place >= end) return;
  }
}
