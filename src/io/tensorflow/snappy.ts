/**
 * Unpacks Snappy's block format.
 *
 * @module
 */

import { readVarint } from "./varint.ts";

/** Each element of a block has at least one byte and unpacks to at most 64. */
const MOST_BYTES_PER_BYTE = 64;

/**
 * Unpacks one Snappy block.
 *
 * Source: google/snappy, format_description.txt.
 *
 * @param packed The block.
 * @param name Name of the file, for errors.
 * @returns The unpacked bytes.
 * @throws {SyntaxError} If the block does not unpack to the length that it claims.
 */
export function decodeSnappy(packed: Uint8Array, name: string): Uint8Array {
  const fail = (problem: string): never => {
    throw new SyntaxError(`Cannot read "${name}": a Snappy block ${problem}`);
  };
  let { value, next: at } = readVarint(packed, 0, name);
  const length = Number(value);
  if (length > packed.length * MOST_BYTES_PER_BYTE) {
    fail(`claims ${length} bytes, its ${packed.length} cannot hold them`);
  }
  const out = new Uint8Array(length);
  let done = 0;
  while (at < packed.length) {
    const tag = packed[at++];
    const kind = tag & 3;
    let size = (tag >> 2) + 1;
    let offset = 0;
    if (kind === 0) {
      if (size > 60) { // the next 1 to 4 bytes hold the length
        const extra = size - 60;
        size = readLittleEndian(packed, at, extra) + 1;
        at += extra;
      }
      if (!(at + size <= packed.length)) fail(`ends inside a literal of ${size} bytes`);
      if (done + size > length) {
        fail(`unpacks to more than the ${length} bytes it claims`);
      }
      out.set(packed.subarray(at, at + size), done);
      at += size;
      done += size;
      continue;
    }
    if (kind === 1) {
      size = ((tag >> 2) & 7) + 4;
      offset = ((tag >> 5) << 8) | readLittleEndian(packed, at, 1);
      at += 1;
    } else {
      const width = kind === 2 ? 2 : 4;
      offset = readLittleEndian(packed, at, width);
      at += width;
    }
    if (!(offset >= 1 && offset <= done)) {
      fail(`copies from ${offset} bytes back, it has ${done}`);
    }
    if (done + size > length) fail(`unpacks to more than the ${length} bytes it claims`);
    // Source and target may overlap, which repeats a run of bytes.
    for (let i = 0; i < size; i++, done++) out[done] = out[done - offset];
  }
  if (done !== length) fail(`unpacks to ${done} bytes, it claims ${length}`);
  return out;
}

/** Reads an integer; NaN past the end, for which the comparisons above are false. */
function readLittleEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value += bytes[at + i] * 2 ** (8 * i);
  return value;
}
