/**
 * Quantises float32 numbers to 8 bits, and finishes the sums of 8-bit layers.
 *
 * Inputs are integers in [0, 127], weights in [-127, 127].
 */

import { storePart } from "./part";
import { SUMS_OF_PANEL } from "./tile";

/** Inputs that are summed in 16 bits at a time; rows are padded to a multiple of it. */
// @ts-ignore: decorator
@inline
const DEPTH: i32 = 16;

/** Adding it to a number in [0, 127] puts the nearest integer in the lowest bits. */
let rounder: v128 = f32x4.splat(12582912); // 1.5 * 2^23
let most: v128 = f32x4.splat(127);

/** Scale and bias of each column of the output, `[n]` padded to whole panels. */
let scales: usize = 0, biases: usize = 0;
/** Steps in 1 of each output, `[n]` padded to whole panels; if 0, the output is float32. */
let quanta: usize = 0;

/** Sets how the sums of the next tiles are finished: in 8 bits if there are quanta. */
export function finishInt8With(scalesAt: usize, biasesAt: usize, quantaAt: usize): void {
  scales = scalesAt;
  biases = biasesAt;
  quanta = quantaAt;
}

/** Bytes of a row of `width` 8-bit numbers, padded. */
// @ts-ignore: decorator
@inline
export function rowBytes(width: i32): usize {
  return <usize> ((width + DEPTH - 1) & -DEPTH);
}

/**
 * out `[m, rowBytes(k)]`: x `[m, k]` times quanta `[k]`, rounded to the nearest integers and
 * limited to [0, 127]; NaN becomes 0. The padding of rows is not written, as its weights
 * are 0.
 */
export function quantize(x: usize, out: usize, m: i32, k: i32, quantaOfX: usize): void {
  const next = rowBytes(k);
  for (let r = 0; r < m; r++) {
    let p = 0, by = quantaOfX;
    for (; p + 8 <= k; p += 8) {
      storeQuantized(v128.load(x), v128.load(x, 16), by, out + <usize> p);
      x += 32;
      by += 32;
    }
    for (; p < k; p++) {
      const q = quantized(v128.load32_splat(x), v128.load32_splat(by));
      store<u8>(out + <usize> p, i32x4.extract_lane(q, 0));
      x += 4;
      by += 4;
    }
    out += next;
  }
}

// @ts-ignore: decorator
@inline
function quantized(x: v128, by: v128): v128 {
  const scaled = f32x4.mul(x, by);
  // In this order NaN becomes 0.
  const positive = f32x4.pmax(f32x4.splat(0), scaled);
  const bounded = f32x4.pmin(positive, most);
  return i32x4.sub(f32x4.add(bounded, rounder), rounder);
}

// @ts-ignore: decorator
@inline
function storeQuantized(x0: v128, x1: v128, by: usize, to: usize): void {
  const q0 = quantized(x0, v128.load(by)), q1 = quantized(x1, v128.load(by, 16));
  const words = i16x8.narrow_i32x4_s(q0, q1);
  v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
}

/**
 * Finishes the sums of a tile, 6 x 8 for each panel, as `rows` rows of y `[.., n]`.
 *
 * @returns The address of the next rows.
 */
export function finishTile(sums: usize, y: usize, n: i32, rows: i32): usize {
  const next = quanta ? rowBytes(n) : <usize> n << 2;
  const end = y + <usize> rows * next;
  for (let column = 0; column < n; column += 8) {
    const at = <usize> column << 2, count = n - column;
    const s0 = v128.load(scales + at), s1 = v128.load(scales + at, 16);
    const b0 = v128.load(biases + at), b1 = v128.load(biases + at, 16);
    let from = sums, to = y;
    for (let row = 0; row < rows; row++) {
      const y0 = activation(v128.load(from), s0, b0);
      const y1 = activation(v128.load(from, 16), s1, b1);
      if (quanta) {
        storeQuantized(y0, y1, quanta + at, to);
      } else {
        storePart(to, y0, count);
        if (count > 4) storePart(to + 16, y1, count - 4);
      }
      from += 32;
      to += next;
    }
    sums += SUMS_OF_PANEL;
    y += quanta ? 8 : 32;
  }
  return end;
}

// @ts-ignore: decorator
@inline
function activation(sums: v128, scale: v128, bias: v128): v128 {
  const scaled = f32x4.mul(f32x4.convert_i32x4_s(sums), scale);
  return f32x4.pmax(f32x4.splat(0), f32x4.add(scaled, bias));
}
