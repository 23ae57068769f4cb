/**
 * Encodes the key under which a tensor bundle stores one part of a partitioned variable.
 *
 * Source: tensorflow/core/util/saved_tensor_slice_util.cc (EncodeTensorNameSlice) and
 * core/lib/strings/ordered_code.cc.
 *
 * @module
 */

import type { TensorSlice } from "./_bundle_proto.ts";

/**
 * Encodes the key of one part.
 *
 * @param name Name of the variable.
 * @param slice Start and length of the part along each axis.
 * @returns The key, one character per byte.
 */
export function sliceKey(name: string, slice: TensorSlice): string {
  const bytes: number[] = [];
  pushUnsigned(bytes, 0);
  for (const byte of new TextEncoder().encode(name)) {
    // 0 and 255 are escape bytes, so each is followed by another byte.
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

/** Appends the number of bytes, then the bytes, highest first. */
function pushUnsigned(bytes: number[], value: number): void {
  const digits: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) {
    digits.unshift(rest % 256);
  }
  bytes.push(digits.length, ...digits);
}

/**
 * Appends a signed number in two's complement, highest byte first. n bytes hold 7 n bits
 * including the sign; the n highest bits are flipped, which encodes the length and sorts
 * negative numbers first.
 */
function pushSigned(bytes: number[], value: number): void {
  const magnitude = BigInt(value < 0 ? -value - 1 : value);
  const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
  const length = Math.floor(bits / 7) + 1;
  // Ones in the `length` highest bits, zeros elsewhere.
  const width = BigInt(8 * length);
  const mark = ((1n << BigInt(length)) - 1n) << (width - BigInt(length));
  const code = BigInt.asUintN(8 * length, BigInt(value)) ^ mark;
  for (let i = length - 1; i >= 0; i--) {
    bytes.push(Number((code >> BigInt(8 * i)) & 255n));
  }
}
