/**
 * Products of 8-bit numbers summed in 32 bits: up to 5 rows times a panel of 8 columns, as
 * in `tile.ts`. Fast where one instruction makes and adds 4 products a lane (AVX-VNNI,
 * ARM's dot product).
 */

import { DEPTH, finish, turned } from "./int8_finish";

/** Rows `[from, end)` of x, `stride` bytes apart, times the panel w that begins at `column`. */
export function multiplyDots(
  x: usize,
  stride: usize,
  w: usize,
  y: usize,
  n: i32,
  column: i32,
  from: i32,
  end: i32,
): void {
  const row = from + (end - from) / 5 * 5;
  if (from < row) tiles5(x, stride, w, y, n, column, from, row);
  switch (end - row) {
    case 4: return tiles4(x, stride, w, y, n, column, row, end);
    case 3: return tiles3(x, stride, w, y, n, column, row, end);
    case 2: return tiles2(x, stride, w, y, n, column, row, end);
    case 1: return tiles1(x, stride, w, y, n, column, row, end);
  }
}

function tiles5(x: usize, s: usize, w: usize, y: usize, n: i32, c: i32, from: i32, end: i32): void {
  tile(5, x, s, w, y, n, c, from, end);
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

/** What it is with 4 more products in each lane. */
// @ts-ignore: decorator
@inline
function dot(w: v128, a: v128, sums: v128): v128 {
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(w, a, sums);
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
    let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero;
    let s30 = zero, s31 = zero, s40 = zero, s41 = zero;
    let x0 = x + <usize> row * stride;
    let x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride;
    let w = panel, a: v128, w0: v128, w1: v128, w2: v128, w3: v128;
    for (let p = stride; p > 0; p -= DEPTH) {
      w0 = v128.load(w, 0); w1 = v128.load(w, 16); w2 = v128.load(w, 32); w3 = v128.load(w, 48);
      a = v128.load64_splat(x0); s00 = dot(w0, a, s00); s01 = dot(w1, a, s01); a = turned(a); s00 = dot(w2, a, s00); s01 = dot(w3, a, s01);
      if (rows > 1) { a = v128.load64_splat(x1); s10 = dot(w0, a, s10); s11 = dot(w1, a, s11); a = turned(a); s10 = dot(w2, a, s10); s11 = dot(w3, a, s11); }
      if (rows > 2) { a = v128.load64_splat(x2); s20 = dot(w0, a, s20); s21 = dot(w1, a, s21); a = turned(a); s20 = dot(w2, a, s20); s21 = dot(w3, a, s21); }
      if (rows > 3) { a = v128.load64_splat(x3); s30 = dot(w0, a, s30); s31 = dot(w1, a, s31); a = turned(a); s30 = dot(w2, a, s30); s31 = dot(w3, a, s31); }
      if (rows > 4) { a = v128.load64_splat(x4); s40 = dot(w0, a, s40); s41 = dot(w1, a, s41); a = turned(a); s40 = dot(w2, a, s40); s41 = dot(w3, a, s41); }
      const v = w + 64;
      w0 = v128.load(v, 0); w1 = v128.load(v, 16); w2 = v128.load(v, 32); w3 = v128.load(v, 48);
      a = v128.load64_splat(x0, 8); s00 = dot(w0, a, s00); s01 = dot(w1, a, s01); a = turned(a); s00 = dot(w2, a, s00); s01 = dot(w3, a, s01);
      if (rows > 1) { a = v128.load64_splat(x1, 8); s10 = dot(w0, a, s10); s11 = dot(w1, a, s11); a = turned(a); s10 = dot(w2, a, s10); s11 = dot(w3, a, s11); }
      if (rows > 2) { a = v128.load64_splat(x2, 8); s20 = dot(w0, a, s20); s21 = dot(w1, a, s21); a = turned(a); s20 = dot(w2, a, s20); s21 = dot(w3, a, s21); }
      if (rows > 3) { a = v128.load64_splat(x3, 8); s30 = dot(w0, a, s30); s31 = dot(w1, a, s31); a = turned(a); s30 = dot(w2, a, s30); s31 = dot(w3, a, s31); }
      if (rows > 4) { a = v128.load64_splat(x4, 8); s40 = dot(w0, a, s40); s41 = dot(w1, a, s41); a = turned(a); s40 = dot(w2, a, s40); s41 = dot(w3, a, s41); }
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
