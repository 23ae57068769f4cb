/**
 * The inner loop of a layer in 8 bits: up to 5 rows times a panel of 8 columns, whose 10
 * sums stay in registers. Four inputs are taken as one number of 32 bits.
 *
 * Two of these are loaded at a time, `(a, b, a, b)`. The panel is packed so that its row
 * holds what a meets in even columns and what b meets in odd ones, and its next row the
 * rest, which fits `(b, a, b, a)`. That is 9 loads for 20 sums, where 16 would be needed
 * without the trick: engines that check the bounds of each load are held up by them.
 *
 * Products are summed "by dots" where one instruction makes and adds 4 of them in each lane
 * of 32 bits (AVX-VNNI, ARM's dot product). Elsewhere that takes five, and those of 16
 * inputs are first summed in 16 bits: for three steps of four that saves a multiplication
 * and an addition. The weights are such that no sum of 16 bits can overflow
 * (`int8_weights.ts` above this folder sees to it), so every sum is exact either way.
 */

import { DEPTH, finish } from "./int8_finish";

/** A variable, as the constants in `exp.ts`. */
let ones: v128 = i16x8.splat(1);

/** Rows `[from, last)` of x, `stride` bytes apart, times the panel w that begins at `column`. */
export function multiplyPanelInt8(
  x: usize,
  stride: usize,
  w: usize,
  y: usize,
  n: i32,
  column: i32,
  from: i32,
  last: i32,
  byDots: bool,
): void {
  const row = from + (last - from) / 5 * 5;
  if (from < row) tiles5(x, stride, w, y, n, column, from, row, byDots);
  switch (last - row) {
    case 4: return tiles4(x, stride, w, y, n, column, row, last, byDots);
    case 3: return tiles3(x, stride, w, y, n, column, row, last, byDots);
    case 2: return tiles2(x, stride, w, y, n, column, row, last, byDots);
    case 1: return tiles1(x, stride, w, y, n, column, row, last, byDots);
  }
}

function tiles5(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, last: i32, byDots: bool): void {
  if (byDots) tiles(5, true, x, s, w, y, n, c, from, last);
  else tiles(5, false, x, s, w, y, n, c, from, last);
}

function tiles4(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, last: i32, byDots: bool): void {
  if (byDots) tiles(4, true, x, s, w, y, n, c, from, last);
  else tiles(4, false, x, s, w, y, n, c, from, last);
}

function tiles3(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, last: i32, byDots: bool): void {
  if (byDots) tiles(3, true, x, s, w, y, n, c, from, last);
  else tiles(3, false, x, s, w, y, n, c, from, last);
}

function tiles2(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, last: i32, byDots: bool): void {
  if (byDots) tiles(2, true, x, s, w, y, n, c, from, last);
  else tiles(2, false, x, s, w, y, n, c, from, last);
}

function tiles1(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, last: i32, byDots: bool): void {
  if (byDots) tiles(1, true, x, s, w, y, n, c, from, last);
  else tiles(1, false, x, s, w, y, n, c, from, last);
}

/** `rows` rows at a time; it and `byDots` are constants of the compiler. */
// @ts-ignore: decorator
@inline
function tiles(
  rows: i32,
  byDots: bool,
  x: usize,
  stride: usize,
  panel: usize,
  y: usize,
  n: i32,
  column: i32,
  from: i32,
  last: i32,
): void {
  for (let row = from; row < last; row += rows) {
    const zero = i32x4.splat(0);
    let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero;
    let s30 = zero, s31 = zero, s40 = zero, s41 = zero;
    let t00: v128, t01: v128, t10 = zero, t11 = zero, t20 = zero, t21 = zero;
    let t30 = zero, t31 = zero, t40 = zero, t41 = zero;
    let x0 = x + <usize> row * stride;
    let x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride;
    let w = panel, a: v128, w0: v128, w1: v128, w2: v128, w3: v128;
    for (let p = stride; p > 0; p -= DEPTH) {
      w0 = v128.load(w, 0); w1 = v128.load(w, 16); w2 = v128.load(w, 32); w3 = v128.load(w, 48);
      a = v128.load64_splat(x0); t00 = begin(byDots, s00, w0, a); t01 = begin(byDots, s01, w1, a); a = turned(a); t00 = add(byDots, t00, w2, a); t01 = add(byDots, t01, w3, a);
      if (rows > 1) { a = v128.load64_splat(x1); t10 = begin(byDots, s10, w0, a); t11 = begin(byDots, s11, w1, a); a = turned(a); t10 = add(byDots, t10, w2, a); t11 = add(byDots, t11, w3, a); }
      if (rows > 2) { a = v128.load64_splat(x2); t20 = begin(byDots, s20, w0, a); t21 = begin(byDots, s21, w1, a); a = turned(a); t20 = add(byDots, t20, w2, a); t21 = add(byDots, t21, w3, a); }
      if (rows > 3) { a = v128.load64_splat(x3); t30 = begin(byDots, s30, w0, a); t31 = begin(byDots, s31, w1, a); a = turned(a); t30 = add(byDots, t30, w2, a); t31 = add(byDots, t31, w3, a); }
      if (rows > 4) { a = v128.load64_splat(x4); t40 = begin(byDots, s40, w0, a); t41 = begin(byDots, s41, w1, a); a = turned(a); t40 = add(byDots, t40, w2, a); t41 = add(byDots, t41, w3, a); }
      const v = w + 64;
      w0 = v128.load(v, 0); w1 = v128.load(v, 16); w2 = v128.load(v, 32); w3 = v128.load(v, 48);
      a = v128.load64_splat(x0, 8); t00 = add(byDots, t00, w0, a); t01 = add(byDots, t01, w1, a); a = turned(a); t00 = add(byDots, t00, w2, a); t01 = add(byDots, t01, w3, a); s00 = end(byDots, s00, t00); s01 = end(byDots, s01, t01);
      if (rows > 1) { a = v128.load64_splat(x1, 8); t10 = add(byDots, t10, w0, a); t11 = add(byDots, t11, w1, a); a = turned(a); t10 = add(byDots, t10, w2, a); t11 = add(byDots, t11, w3, a); s10 = end(byDots, s10, t10); s11 = end(byDots, s11, t11); }
      if (rows > 2) { a = v128.load64_splat(x2, 8); t20 = add(byDots, t20, w0, a); t21 = add(byDots, t21, w1, a); a = turned(a); t20 = add(byDots, t20, w2, a); t21 = add(byDots, t21, w3, a); s20 = end(byDots, s20, t20); s21 = end(byDots, s21, t21); }
      if (rows > 3) { a = v128.load64_splat(x3, 8); t30 = add(byDots, t30, w0, a); t31 = add(byDots, t31, w1, a); a = turned(a); t30 = add(byDots, t30, w2, a); t31 = add(byDots, t31, w3, a); s30 = end(byDots, s30, t30); s31 = end(byDots, s31, t31); }
      if (rows > 4) { a = v128.load64_splat(x4, 8); t40 = add(byDots, t40, w0, a); t41 = add(byDots, t41, w1, a); a = turned(a); t40 = add(byDots, t40, w2, a); t41 = add(byDots, t41, w3, a); s40 = end(byDots, s40, t40); s41 = end(byDots, s41, t41); }
      w += 128;
      x0 += DEPTH;
      if (rows > 1) x1 += DEPTH;
      if (rows > 2) x2 += DEPTH;
      if (rows > 3) x3 += DEPTH;
      if (rows > 4) x4 += DEPTH;
    }
    finish(s00, s01, y, n, row, column);
    if (rows > 1) finish(s10, s11, y, n, row + 1, column);
    if (rows > 2) finish(s20, s21, y, n, row + 2, column);
    if (rows > 3) finish(s30, s31, y, n, row + 3, column);
    if (rows > 4) finish(s40, s41, y, n, row + 4, column);
  }
}

/** The first products of 16 inputs: by dots added to the sums, else sums of 16 bits. */
// @ts-ignore: decorator
@inline
function begin(byDots: bool, sums: v128, w: v128, a: v128): v128 {
  if (byDots) return add(true, sums, w, a);
  return i16x8.relaxed_dot_i8x16_i7x16_s(w, a);
}

/** Adds the products of 4 weights of 4 columns and 4 inputs. */
// @ts-ignore: decorator
@inline
function add(byDots: bool, sums: v128, w: v128, a: v128): v128 {
  if (byDots) return i32x4.relaxed_dot_i8x16_i7x16_add_s(w, a, sums);
  return i16x8.add(sums, i16x8.relaxed_dot_i8x16_i7x16_s(w, a));
}

/** The sums with all products of 16 inputs: those of 16 bits are added in pairs. */
// @ts-ignore: decorator
@inline
function end(byDots: bool, sums: v128, products: v128): v128 {
  if (byDots) return products;
  return i32x4.add(sums, i32x4.dot_i16x8_s(products, ones));
}

/** The four inputs of each column's turn: those of its neighbour. */
// @ts-ignore: decorator
@inline
function turned(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 1, 0, 3, 2);
}
