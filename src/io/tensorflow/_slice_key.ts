/**
 * The key under which a TensorFlow checkpoint stores one part of a partitioned variable.
 *
 * Source: tensorflow/core/util/saved_tensor_slice_util.cc (EncodeTensorNameSlice) and
 * core/lib/strings/ordered_code.cc.
 *
 * @module
 */

import type { TensorSlice } from "./_bundle_proto.ts";

/**
 * The key of one part.
 *
 * @param name Name of the variable.
 * @param slice The part.
 * @returns The bytes of the key, one character each.
 */
export function sliceKey(name: string, slice: TensorSlice): string {
  const bytes: number[] = [];
  pushUnsigned(bytes, 0);
  for (const byte of new TextEncoder().encode(name)) {
    // 0 and 255 are marks, so each takes a second byte.
    if (byte === 0) bytes.push(0, 255);
    else if (byte === 255) bytes.push(255, 0);
    else bytes.push(byte);
  }
  bytes.push(0, 1);
  pushUnsigned(bytes, slice.length);
  for (const [start, length] of slice) {
    pushSigned(bytes, start);
    pushSigned(bytes, length);
  }
  return bytes.map((byte) => String.fromCharCode(byte)).join("");
}

/** How many bytes follow, then those, highest first. */
function pushUnsigned(bytes: number[], value: number): void {
  const digits: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) {
    digits.unshift(rest % 256);
  }
  bytes.push(digits.length, ...digits);
}

/**
 * Two's complement, highest byte first, whose leading bits say how many bytes there are:
 * n bytes hold 7 n bits with the sign; the length is n ones after the first bit, which
 * is flipped so that negative numbers sort first.
 */
function pushSigned(bytes: number[], value: number): void {
  const magnitude = BigInt(value < 0 ? -value - 1 : value);
  const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
  const length = Math.floor(bits / 7) + 1;
  // The mark: ones in the `length` highest bits, the rest zero.
  const width = BigInt(8 * length);
  const mark = ((1n << BigInt(length)) - 1n) << (width - BigInt(length));
  const code = BigInt.asUintN(8 * length, BigInt(value)) ^ mark;
  for (let i = length - 1; i >= 0; i--) {
    bytes.push(Number((code >> BigInt(8 * i)) & 255n));
  }
}
