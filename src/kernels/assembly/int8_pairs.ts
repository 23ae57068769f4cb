/**
 * Products of 8-bit numbers summed in 16 bits before they are summed in 32: up to 4 rows
 * times a panel of 8 columns. For processors whose dot product of 4 takes five
 * instructions: of 16 inputs three steps of four save a multiplication and an addition.
 *
 * The weights are such that no sum of 16 bits can overflow (`int8_weights.ts` above this
 * folder sees to it), so every sum is exact.
 */

import { DEPTH, finish, turned } from "./int8_finish";

/** Rows `[from, end)` of x, `stride` bytes apart, times the panel w that begins at `column`. */
export function multiplyPairs(
  x: usize,
  stride: usize,
  w: usize,
  y: usize,
  n: i32,
  column: i32,
  from: i32,
  end: i32,
): void {
  const row = from + (end - from) / 4 * 4;
  if (from < row) tiles4(x, stride, w, y, n, column, from, row);
  switch (end - row) {
    case 3: return tiles3(x, stride, w, y, n, column, row, end);
    case 2: return tiles2(x, stride, w, y, n, column, row, end);
    case 1: return tiles1(x, stride, w, y, n, column, row, end);
  }
}

function tiles4(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, end: i32): void {
  tile(4, x, s, w, y, n, c, from, end);
}

function tiles3(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, end: i32): void {
  tile(3, x, s, w, y, n, c, from, end);
}

function tiles2(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, end: i32): void {
  tile(2, x, s, w, y, n, c, from, end);
}

function tiles1(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, end: i32): void {
  tile(1, x, s, w, y, n, c, from, end);
}

/** Sums of two products each, of 4 weights of 4 columns and 4 inputs, in 16 bits. */
// @ts-ignore: decorator
@inline
function dot(w: v128, a: v128): v128 {
  return i16x8.relaxed_dot_i8x16_i7x16_s(w, a);
}

/** The same, added to others. */
// @ts-ignore: decorator
@inline
function add(sums: v128, w: v128, a: v128): v128 {
  return i16x8.add(sums, dot(w, a));
}

/** Adds pairs of sums of 16 bits, one pair a column, to the sums of 32 bits. */
// @ts-ignore: decorator
@inline
function widen(sums: v128, pairs: v128): v128 {
  return i32x4.add(sums, i32x4.dot_i16x8_s(pairs, i16x8.splat(1)));
}

/** `rows` rows at a time; a constant of the compiler, which leaves out the others. */
// @ts-ignore: decorator
@inline
function tile(
  rows: i32,
  x: usize,
  stride: usize,
  panel: usize,
  y: usize,
  n: i32,
  column: i32,
  from: i32,
  end: i32,
): void {
  for (let row = from; row < end; row += rows) {
    const zero = i32x4.splat(0);
    let s00 = zero, s01 = zero, s10 = zero, s11 = zero;
    let s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    let t00 = zero, t01 = zero, t10 = zero, t11 = zero, t20 = zero, t21 = zero, t30 = zero, t31 = zero;
    let x0 = x + <usize> row * stride;
    let x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
    let w = panel, a: v128, w0: v128, w1: v128, w2: v128, w3: v128;
    for (let p = stride; p > 0; p -= DEPTH) {
      w0 = v128.load(w, 0); w1 = v128.load(w, 16); w2 = v128.load(w, 32); w3 = v128.load(w, 48);
      a = v128.load64_splat(x0); t00 = dot(w0, a); t01 = dot(w1, a); a = turned(a); t00 = add(t00, w2, a); t01 = add(t01, w3, a);
      if (rows > 1) { a = v128.load64_splat(x1); t10 = dot(w0, a); t11 = dot(w1, a); a = turned(a); t10 = add(t10, w2, a); t11 = add(t11, w3, a); }
      if (rows > 2) { a = v128.load64_splat(x2); t20 = dot(w0, a); t21 = dot(w1, a); a = turned(a); t20 = add(t20, w2, a); t21 = add(t21, w3, a); }
      if (rows > 3) { a = v128.load64_splat(x3); t30 = dot(w0, a); t31 = dot(w1, a); a = turned(a); t30 = add(t30, w2, a); t31 = add(t31, w3, a); }
      const v = w + 64;
      w0 = v128.load(v, 0); w1 = v128.load(v, 16); w2 = v128.load(v, 32); w3 = v128.load(v, 48);
      a = v128.load64_splat(x0, 8); t00 = add(t00, w0, a); t01 = add(t01, w1, a); a = turned(a); t00 = add(t00, w2, a); t01 = add(t01, w3, a); s00 = widen(s00, t00); s01 = widen(s01, t01);
      if (rows > 1) { a = v128.load64_splat(x1, 8); t10 = add(t10, w0, a); t11 = add(t11, w1, a); a = turned(a); t10 = add(t10, w2, a); t11 = add(t11, w3, a); s10 = widen(s10, t10); s11 = widen(s11, t11); }
      if (rows > 2) { a = v128.load64_splat(x2, 8); t20 = add(t20, w0, a); t21 = add(t21, w1, a); a = turned(a); t20 = add(t20, w2, a); t21 = add(t21, w3, a); s20 = widen(s20, t20); s21 = widen(s21, t21); }
      if (rows > 3) { a = v128.load64_splat(x3, 8); t30 = add(t30, w0, a); t31 = add(t31, w1, a); a = turned(a); t30 = add(t30, w2, a); t31 = add(t31, w3, a); s30 = widen(s30, t30); s31 = widen(s31, t31); }
      w += 128;
      x0 += DEPTH;
      if (rows > 1) x1 += DEPTH;
      if (rows > 2) x2 += DEPTH;
      if (rows > 3) x3 += DEPTH;
    }
    finish(s00, s01, y, n, row, column);
    if (rows > 1) finish(s10, s11, y, n, row + 1, column);
    if (rows > 2) finish(s20, s21, y, n, row + 2, column);
    if (rows > 3) finish(s30, s31, y, n, row + 3, column);
  }
}
