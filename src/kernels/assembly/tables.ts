/** The terms that a dense layer adds to its product: biases and rows of tables. */

import { madd } from "./madd";
import { loadPart, storePart } from "./part";

/**
 * Sets rows r in `[from, end)` of y `[m, n]` to `bias + a[indexA[r]] + b[indexB[r]] +
 * scale[r] * c[indexC[r]]`, without the terms whose address is 0.
 */
export function writeTables(
  y: usize,
  n: i32,
  from: i32,
  end: i32,
  bias: usize,
  a: usize,
  indexA: usize,
  b: usize,
  indexB: usize,
  c: usize,
  indexC: usize,
  scale: usize,
): void {
  for (let row = from; row < end; row++) {
    const i = <usize> row << 2;
    sumRow(
      y + i * <usize> n,
      n,
      bias,
      a ? rowOf(a, indexA + i, n) : 0,
      b ? rowOf(b, indexB + i, n) : 0,
      c ? rowOf(c, indexC + i, n) : 0,
      c ? v128.load32_splat(scale + i) : f32x4.splat(0),
    );
  }
}

// @ts-ignore: decorator
@inline
function rowOf(table: usize, index: usize, n: i32): usize {
  return table + ((<usize> load<i32>(index) * <usize> n) << 2);
}

/**
 * to = bias + a + b + by * c, `n` numbers, without the terms whose address is 0. Four vectors
 * per iteration: see `row.ts`.
 */
function sumRow(
  to: usize,
  n: i32,
  bias: usize,
  a: usize,
  b: usize,
  c: usize,
  by: v128,
): void {
  const zero = f32x4.splat(0);
  let rest = n;
  for (; rest >= 16; rest -= 16) {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    if (bias) {
      s0 = v128.load(bias);
      s1 = v128.load(bias, 16);
      s2 = v128.load(bias, 32);
      s3 = v128.load(bias, 48);
      bias += 64;
    }
    if (a) {
      s0 = f32x4.add(s0, v128.load(a));
      s1 = f32x4.add(s1, v128.load(a, 16));
      s2 = f32x4.add(s2, v128.load(a, 32));
      s3 = f32x4.add(s3, v128.load(a, 48));
      a += 64;
    }
    if (b) {
      s0 = f32x4.add(s0, v128.load(b));
      s1 = f32x4.add(s1, v128.load(b, 16));
      s2 = f32x4.add(s2, v128.load(b, 32));
      s3 = f32x4.add(s3, v128.load(b, 48));
      b += 64;
    }
    if (c) {
      s0 = madd(by, v128.load(c), s0);
      s1 = madd(by, v128.load(c, 16), s1);
      s2 = madd(by, v128.load(c, 32), s2);
      s3 = madd(by, v128.load(c, 48), s3);
      c += 64;
    }
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    to += 64;
  }
  for (let at: usize = 0; rest > 0; at += 16, rest -= 4) {
    let sum = bias ? loadPart(bias + at, rest) : zero;
    if (a) sum = f32x4.add(sum, loadPart(a + at, rest));
    if (b) sum = f32x4.add(sum, loadPart(b + at, rest));
    if (c) sum = madd(by, loadPart(c + at, rest), sum);
    storePart(to + at, sum, rest);
  }
}
