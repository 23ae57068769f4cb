/**
 * Decodes the bytes of a tensor of a tensor bundle.
 *
 * @module
 */

import { crc32c, maskCrc32c } from "../crc32c.ts";
import type { NamedArray } from "../safetensors.ts";
import type { BundleEntry } from "./_bundle_proto.ts";
import { readVarint } from "./varint.ts";

/** The typed array of each numeric type. */
export const NUMBER_TYPES = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Float16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

/**
 * Decodes a tensor of numbers.
 *
 * @param entry Its type and shape, which must fit the bytes.
 * @param bytes Its bytes, which are copied.
 * @param isBigEndian Whether each number has its highest byte first.
 */
export function decodeNumbers(
  entry: BundleEntry,
  bytes: Uint8Array,
  isBigEndian: boolean,
): NamedArray {
  const ArrayType = NUMBER_TYPES[entry.dtype as keyof typeof NUMBER_TYPES];
  const copy = new Uint8Array(bytes);
  if (isBigEndian) {
    const width = ArrayType.BYTES_PER_ELEMENT;
    for (let i = 0; i < copy.length; i += width) copy.subarray(i, i + width).reverse();
  }
  return { shape: entry.shape, data: new ArrayType(copy.buffer) };
}

/**
 * Decodes a tensor of strings. Their lengths come first, then the checksum of the lengths,
 * then their bytes. The checksum of the entry covers the lengths as four bytes each (eight
 * from 4 GiB on), the first checksum and the bytes.
 *
 * Source: tensorflow/core/util/tensor_bundle/tensor_bundle.cc (WriteStringTensor).
 *
 * @throws {SyntaxError} If a checksum or a length is wrong.
 */
export function decodeStrings(
  entry: BundleEntry,
  bytes: Uint8Array,
  name: string,
): Uint8Array[] {
  const lengths: number[] = [];
  let at = 0;
  let crc = 0;
  for (let i = 0; i < entry.numbers; i++) {
    const { value, next } = readVarint(bytes, at, name);
    const fixed = new DataView(new ArrayBuffer(8));
    fixed.setBigUint64(0, value, true);
    const width = value < 2n ** 32n ? 4 : 8;
    crc = crc32c(new Uint8Array(fixed.buffer, 0, width), crc);
    lengths.push(Number(value));
    at = next;
  }
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (at + 4 + total !== bytes.length) {
    throw new SyntaxError(
      `Cannot read "${name}": its strings must take ${
        at + 4 + total
      } bytes: found ${bytes.length}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ofLengths = maskCrc32c(crc);
  const ofAll = maskCrc32c(crc32c(bytes.subarray(at), crc));
  if (ofLengths !== view.getUint32(at, true) || ofAll !== entry.crc32c) {
    throw new SyntaxError(
      `Cannot read "${name}": it is damaged: its checksum is ${
        ofAll.toString(16)
      }, expected ${entry.crc32c.toString(16)}`,
    );
  }
  at += 4;
  return lengths.map((length) => bytes.slice(at, at += length));
}
