/**
 * The inner loop of the matrix product: up to 5 rows times a panel of 8 columns, whose
 * 10 sums stay in registers.
 *
 * Two numbers of a row are loaded at a time, `(a, b, a, b)`; the panel is packed so that
 * `(w[p][0], w[p+1][1], w[p][2], w[p+1][3])` fits them, and the rest fits them turned,
 * `(b, a, b, a)`. That is 9 loads for 20 multiply-adds: engines that check the bounds of
 * each load are held up by 16, the number without the trick.
 *
 * A turn of the loop takes 8 numbers of a row, so that what each turn costs (pointers, the
 * engine's look for interruptions) is shared by 80 multiply-adds; its four blocks read the
 * panel at the same offsets, as each offset costs a limit to check against.
 */

import { madd } from "./madd";
import { PANEL } from "./pack";
import { loadPart, storePart } from "./part";

/** What the sums of each row start with, `[n]`; 0 means nothing. */
let bias: usize = 0;
/** Whether they are added to what y holds. */
let isAdded: bool = false;
/** Whether numbers below zero become zero at the end. */
let isRelu: bool = false;

/** Sets what the next panels are finished with. */
export function finishWith(biasAt: usize, added: bool, relu: bool): void {
  bias = biasAt;
  isAdded = added;
  isRelu = relu;
}

/** Rows `[from, end)` of x, `stride` bytes apart, times the panel w that begins at `column`. */
export function multiplyPanel(
  x: usize,
  stride: usize,
  w: usize,
  y: usize,
  k: i32,
  n: i32,
  column: i32,
  from: i32,
  end: i32,
): void {
  const row = from + (end - from) / 5 * 5;
  if (from < row) tiles5(x, stride, w, y, k, n, column, from, row);
  switch (end - row) {
    case 4: return tiles4(x, stride, w, y, k, n, column, row, end);
    case 3: return tiles3(x, stride, w, y, k, n, column, row, end);
    case 2: return tiles2(x, stride, w, y, k, n, column, row, end);
    case 1: return tiles1(x, stride, w, y, k, n, column, row, end);
  }
}

function tiles5(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, c: i32, from: i32, end: i32): void {
  tiles(5, x, s, w, y, k, n, c, from, end);
}

function tiles4(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, c: i32, from: i32, end: i32): void {
  tiles(4, x, s, w, y, k, n, c, from, end);
}

function tiles3(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, c: i32, from: i32, end: i32): void {
  tiles(3, x, s, w, y, k, n, c, from, end);
}

function tiles2(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, c: i32, from: i32, end: i32): void {
  tiles(2, x, s, w, y, k, n, c, from, end);
}

function tiles1(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, c: i32, from: i32, end: i32): void {
  tiles(1, x, s, w, y, k, n, c, from, end);
}

/** `rows` rows at a time; a constant of the compiler, which leaves out the others. */
// @ts-ignore: decorator
@inline
function tiles(
  rows: i32,
  x: usize,
  stride: usize,
  panel: usize,
  y: usize,
  k: i32,
  n: i32,
  column: i32,
  from: i32,
  end: i32,
): void {
  const columns = n - column;
  const at = <usize> column << 2, next = <usize> n << 2;
  const b0 = bias ? loadPart(bias + at, columns) : f32x4.splat(0);
  const b1 = bias && columns > 4 ? loadPart(bias + at + 16, columns - 4) : f32x4.splat(0);
  for (let row = from; row < end; row += rows) {
    let s00 = b0, s01 = b1, s10 = b0, s11 = b1, s20 = b0, s21 = b1;
    let s30 = b0, s31 = b1, s40 = b0, s41 = b1;
    let x0 = x + <usize> row * stride;
    let x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride;
    let w = panel;
    let a: v128, w0: v128, w1: v128, w2: v128, w3: v128;
    for (let p = k; p >= 8; p -= 8) {
      const wb = w + 64, wc = w + 128, wd = w + 192;
      w0 = v128.load(w, 0); w1 = v128.load(w, 16); w2 = v128.load(w, 32); w3 = v128.load(w, 48);
      a = v128.load64_splat(x0); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01); a = turned(a); s00 = madd(a, w2, s00); s01 = madd(a, w3, s01);
      if (rows > 1) { a = v128.load64_splat(x1); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); a = turned(a); s10 = madd(a, w2, s10); s11 = madd(a, w3, s11); }
      if (rows > 2) { a = v128.load64_splat(x2); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); a = turned(a); s20 = madd(a, w2, s20); s21 = madd(a, w3, s21); }
      if (rows > 3) { a = v128.load64_splat(x3); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); a = turned(a); s30 = madd(a, w2, s30); s31 = madd(a, w3, s31); }
      if (rows > 4) { a = v128.load64_splat(x4); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); a = turned(a); s40 = madd(a, w2, s40); s41 = madd(a, w3, s41); }
      w0 = v128.load(wb, 0); w1 = v128.load(wb, 16); w2 = v128.load(wb, 32); w3 = v128.load(wb, 48);
      a = v128.load64_splat(x0, 8); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01); a = turned(a); s00 = madd(a, w2, s00); s01 = madd(a, w3, s01);
      if (rows > 1) { a = v128.load64_splat(x1, 8); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); a = turned(a); s10 = madd(a, w2, s10); s11 = madd(a, w3, s11); }
      if (rows > 2) { a = v128.load64_splat(x2, 8); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); a = turned(a); s20 = madd(a, w2, s20); s21 = madd(a, w3, s21); }
      if (rows > 3) { a = v128.load64_splat(x3, 8); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); a = turned(a); s30 = madd(a, w2, s30); s31 = madd(a, w3, s31); }
      if (rows > 4) { a = v128.load64_splat(x4, 8); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); a = turned(a); s40 = madd(a, w2, s40); s41 = madd(a, w3, s41); }
      w0 = v128.load(wc, 0); w1 = v128.load(wc, 16); w2 = v128.load(wc, 32); w3 = v128.load(wc, 48);
      a = v128.load64_splat(x0, 16); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01); a = turned(a); s00 = madd(a, w2, s00); s01 = madd(a, w3, s01);
      if (rows > 1) { a = v128.load64_splat(x1, 16); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); a = turned(a); s10 = madd(a, w2, s10); s11 = madd(a, w3, s11); }
      if (rows > 2) { a = v128.load64_splat(x2, 16); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); a = turned(a); s20 = madd(a, w2, s20); s21 = madd(a, w3, s21); }
      if (rows > 3) { a = v128.load64_splat(x3, 16); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); a = turned(a); s30 = madd(a, w2, s30); s31 = madd(a, w3, s31); }
      if (rows > 4) { a = v128.load64_splat(x4, 16); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); a = turned(a); s40 = madd(a, w2, s40); s41 = madd(a, w3, s41); }
      w0 = v128.load(wd, 0); w1 = v128.load(wd, 16); w2 = v128.load(wd, 32); w3 = v128.load(wd, 48);
      a = v128.load64_splat(x0, 24); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01); a = turned(a); s00 = madd(a, w2, s00); s01 = madd(a, w3, s01);
      if (rows > 1) { a = v128.load64_splat(x1, 24); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); a = turned(a); s10 = madd(a, w2, s10); s11 = madd(a, w3, s11); }
      if (rows > 2) { a = v128.load64_splat(x2, 24); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); a = turned(a); s20 = madd(a, w2, s20); s21 = madd(a, w3, s21); }
      if (rows > 3) { a = v128.load64_splat(x3, 24); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); a = turned(a); s30 = madd(a, w2, s30); s31 = madd(a, w3, s31); }
      if (rows > 4) { a = v128.load64_splat(x4, 24); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); a = turned(a); s40 = madd(a, w2, s40); s41 = madd(a, w3, s41); }
      w += 256;
      x0 += 32;
      if (rows > 1) x1 += 32;
      if (rows > 2) x2 += 32;
      if (rows > 3) x3 += 32;
      if (rows > 4) x4 += 32;
    }
    if (k & 4) {
      const wb = w + 64;
      w0 = v128.load(w, 0); w1 = v128.load(w, 16); w2 = v128.load(w, 32); w3 = v128.load(w, 48);
      a = v128.load64_splat(x0); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01); a = turned(a); s00 = madd(a, w2, s00); s01 = madd(a, w3, s01);
      if (rows > 1) { a = v128.load64_splat(x1); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); a = turned(a); s10 = madd(a, w2, s10); s11 = madd(a, w3, s11); }
      if (rows > 2) { a = v128.load64_splat(x2); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); a = turned(a); s20 = madd(a, w2, s20); s21 = madd(a, w3, s21); }
      if (rows > 3) { a = v128.load64_splat(x3); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); a = turned(a); s30 = madd(a, w2, s30); s31 = madd(a, w3, s31); }
      if (rows > 4) { a = v128.load64_splat(x4); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); a = turned(a); s40 = madd(a, w2, s40); s41 = madd(a, w3, s41); }
      w0 = v128.load(wb, 0); w1 = v128.load(wb, 16); w2 = v128.load(wb, 32); w3 = v128.load(wb, 48);
      a = v128.load64_splat(x0, 8); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01); a = turned(a); s00 = madd(a, w2, s00); s01 = madd(a, w3, s01);
      if (rows > 1) { a = v128.load64_splat(x1, 8); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); a = turned(a); s10 = madd(a, w2, s10); s11 = madd(a, w3, s11); }
      if (rows > 2) { a = v128.load64_splat(x2, 8); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); a = turned(a); s20 = madd(a, w2, s20); s21 = madd(a, w3, s21); }
      if (rows > 3) { a = v128.load64_splat(x3, 8); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); a = turned(a); s30 = madd(a, w2, s30); s31 = madd(a, w3, s31); }
      if (rows > 4) { a = v128.load64_splat(x4, 8); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); a = turned(a); s40 = madd(a, w2, s40); s41 = madd(a, w3, s41); }
      w += 128;
      x0 += 16;
      if (rows > 1) x1 += 16;
      if (rows > 2) x2 += 16;
      if (rows > 3) x3 += 16;
      if (rows > 4) x4 += 16;
    }
    if (k & 2) {
      w0 = v128.load(w, 0); w1 = v128.load(w, 16); w2 = v128.load(w, 32); w3 = v128.load(w, 48);
      a = v128.load64_splat(x0); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01); a = turned(a); s00 = madd(a, w2, s00); s01 = madd(a, w3, s01);
      if (rows > 1) { a = v128.load64_splat(x1); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); a = turned(a); s10 = madd(a, w2, s10); s11 = madd(a, w3, s11); }
      if (rows > 2) { a = v128.load64_splat(x2); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); a = turned(a); s20 = madd(a, w2, s20); s21 = madd(a, w3, s21); }
      if (rows > 3) { a = v128.load64_splat(x3); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); a = turned(a); s30 = madd(a, w2, s30); s31 = madd(a, w3, s31); }
      if (rows > 4) { a = v128.load64_splat(x4); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); a = turned(a); s40 = madd(a, w2, s40); s41 = madd(a, w3, s41); }
      w += 64;
      x0 += 8;
      if (rows > 1) x1 += 8;
      if (rows > 2) x2 += 8;
      if (rows > 3) x3 += 8;
      if (rows > 4) x4 += 8;
    }
    if (k & 1) {
      w0 = v128.load(w, 0); w1 = v128.load(w, 16);
      a = v128.load32_splat(x0); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01);
      if (rows > 1) { a = v128.load32_splat(x1); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); }
      if (rows > 2) { a = v128.load32_splat(x2); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); }
      if (rows > 3) { a = v128.load32_splat(x3); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); }
      if (rows > 4) { a = v128.load32_splat(x4); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); }
    }
    const to = y + <usize> row * next + at;
    finish(s00, s01, to, columns);
    if (rows > 1) finish(s10, s11, to + next, columns);
    if (rows > 2) finish(s20, s21, to + 2 * next, columns);
    if (rows > 3) finish(s30, s31, to + 3 * next, columns);
    if (rows > 4) finish(s40, s41, to + 4 * next, columns);
  }
}

// @ts-ignore: decorator
@inline
function turned(pair: v128): v128 {
  return v128.shuffle<f32>(pair, pair, 1, 0, 3, 2);
}

/** Finishes and stores what there is of 8 sums of a row. */
// @ts-ignore: decorator
@inline
function finish(s0: v128, s1: v128, to: usize, columns: i32): void {
  if (columns >= PANEL) {
    if (isAdded) {
      s0 = f32x4.add(s0, v128.load(to));
      s1 = f32x4.add(s1, v128.load(to, 16));
    }
    if (isRelu) {
      s0 = relu(s0);
      s1 = relu(s1);
    }
    v128.store(to, s0);
    v128.store(to, s1, 16);
  } else {
    finishPart(s0, to, columns);
    if (columns > 4) finishPart(s1, to + 16, columns - 4);
  }
}

/** The same for four sums or fewer, in a panel that is cut off at the right. */
function finishPart(s: v128, to: usize, columns: i32): void {
  if (isAdded) s = f32x4.add(s, loadPart(to, columns));
  if (isRelu) s = relu(s);
  storePart(to, s, columns);
}

/** The greater of a number and 0; NaN stays NaN. */
// @ts-ignore: decorator
@inline
function relu(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}
