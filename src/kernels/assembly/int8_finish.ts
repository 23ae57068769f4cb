/**
 * Numbers in 8 bits: what the kernels make of float32 and of their sums.
 *
 * Inputs are whole numbers in [0, 127], weights in [-127, 127].
 */

import { storePart } from "./part";
import { SUMS_OF_PANEL } from "./tile";

/** Inputs that are summed in 16 bits at a time: rows are padded to these. */
// @ts-ignore: decorator
@inline
const DEPTH: i32 = 16;

/** Added to a number in [0, 127], it leaves the nearest integer in the lowest bits. */
let rounder: v128 = f32x4.splat(12582912); // 1.5 * 2^23
let most: v128 = f32x4.splat(127);

/** What each column of the output starts from and is scaled by. */
let scales: usize = 0, biases: usize = 0; // [n], padded to whole panels
/** Quanta in 1 of each output, likewise; at 0 the output is float32. */
let quanta: usize = 0;

/** Sets what the sums of the next tiles become: 8 bits if there are quanta. */
export function finishInt8With(scalesAt: usize, biasesAt: usize, quantaAt: usize): void {
  scales = scalesAt;
  biases = biasesAt;
  quanta = quantaAt;
}

/** Bytes of a row of `width` numbers of 8 bits. */
// @ts-ignore: decorator
@inline
export function rowBytes(width: i32): usize {
  return <usize> ((width + DEPTH - 1) & -DEPTH);
}

/**
 * out `[m, rowBytes(k)]`: the nearest integers to x `[m, k]` times quanta `[k]`, within
 * [0, 127]; NaN becomes 0. What pads a row is not written: it meets weights of 0.
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
 * Makes `rows` rows of y `[.., n]` of the sums of a tile, of which there are 6 x 8 for each
 * panel.
 *
 * @returns Where the next rows lie.
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
