/**
 * The inner loop of the matrix product: up to 5 rows times a panel of 8 columns, whose
 * 10 sums stay in registers.
 *
 * Two numbers of a row are loaded at a time, `(a, b, a, b)`; the panel is packed so that
 * `(w[p][0], w[p+1][1], w[p][2], w[p+1][3])` fits them, and the rest fits them turned,
 * `(b, a, b, a)`. That is 9 loads for 20 multiply-adds: engines that check the bounds of
 * each load are held up by 16, the number without the trick.
 */

import { madd, maddScalar } from "./madd";
import { PANEL } from "./pack";

/** What is added to the product; an address of 0 means nothing. */
let bias: usize = 0; // [n]
let tableA: usize = 0, indexA: usize = 0; // [*, n], [m]
let tableB: usize = 0, indexB: usize = 0;
let tableC: usize = 0, indexC: usize = 0, scaleC: usize = 0; // [*, n], [m], [m]
let isRelu: bool = false;
let isAdded: bool = false; // to what y holds
let isPlain: bool = true; // nothing of all this
/** 32 bytes for a row of a panel that is cut off at the right. */
let spill: usize = 0;

/** Bytes of scratch space for a row that is cut off. */
export const SPILL_BYTES: i32 = 32;

/** The sums are the product alone, or added to what y holds. */
export function sumOnly(added: bool, scratch: usize): void {
  finishWith(0, 0, 0, 0, 0, 0, 0, 0, false, scratch);
  isAdded = added;
  isPlain = !added;
}

/** See `multiply`. */
export function finishWith(
  biasAt: usize,
  a: usize,
  indexOfA: usize,
  b: usize,
  indexOfB: usize,
  c: usize,
  indexOfC: usize,
  scaleOfC: usize,
  relu: bool,
  scratch: usize,
): void {
  bias = biasAt;
  tableA = a;
  indexA = indexOfA;
  tableB = b;
  indexB = indexOfB;
  tableC = c;
  indexC = indexOfC;
  scaleC = scaleOfC;
  isRelu = relu;
  isAdded = false;
  isPlain = (bias | a | b | c) == 0;
  spill = scratch;
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
  const isCut = column + PANEL > n;
  const zero = f32x4.splat(0);
  for (let row = from; row < end; row += rows) {
    let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero;
    let s30 = zero, s31 = zero, s40 = zero, s41 = zero;
    const to = y + ((<usize> row * <usize> n + <usize> column) << 2);
    const next = <usize> n << 2;
    if (!isPlain && !isCut) {
      s00 = start(to, row, n, column, 0); s01 = start(to, row, n, column, 16);
      if (rows > 1) { s10 = start(to + next, row + 1, n, column, 0); s11 = start(to + next, row + 1, n, column, 16); }
      if (rows > 2) { s20 = start(to + 2 * next, row + 2, n, column, 0); s21 = start(to + 2 * next, row + 2, n, column, 16); }
      if (rows > 3) { s30 = start(to + 3 * next, row + 3, n, column, 0); s31 = start(to + 3 * next, row + 3, n, column, 16); }
      if (rows > 4) { s40 = start(to + 4 * next, row + 4, n, column, 0); s41 = start(to + 4 * next, row + 4, n, column, 16); }
    }
    let x0 = x + <usize> row * stride;
    let x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride;
    let w = panel;
    let a: v128, w0: v128, w1: v128, w2: v128, w3: v128;
    for (let p = k; p >= 2; p -= 2) {
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
    if (isCut) {
      finishCut(s00, s01, to, n, row, column);
      if (rows > 1) finishCut(s10, s11, to + next, n, row + 1, column);
      if (rows > 2) finishCut(s20, s21, to + 2 * next, n, row + 2, column);
      if (rows > 3) finishCut(s30, s31, to + 3 * next, n, row + 3, column);
      if (rows > 4) finishCut(s40, s41, to + 4 * next, n, row + 4, column);
    } else {
      if (isRelu) {
        s00 = f32x4.max(s00, zero); s01 = f32x4.max(s01, zero);
        if (rows > 1) { s10 = f32x4.max(s10, zero); s11 = f32x4.max(s11, zero); }
        if (rows > 2) { s20 = f32x4.max(s20, zero); s21 = f32x4.max(s21, zero); }
        if (rows > 3) { s30 = f32x4.max(s30, zero); s31 = f32x4.max(s31, zero); }
        if (rows > 4) { s40 = f32x4.max(s40, zero); s41 = f32x4.max(s41, zero); }
      }
      v128.store(to, s00); v128.store(to, s01, 16);
      if (rows > 1) { v128.store(to + next, s10); v128.store(to + next, s11, 16); }
      if (rows > 2) { v128.store(to + 2 * next, s20); v128.store(to + 2 * next, s21, 16); }
      if (rows > 3) { v128.store(to + 3 * next, s30); v128.store(to + 3 * next, s31, 16); }
      if (rows > 4) { v128.store(to + 4 * next, s40); v128.store(to + 4 * next, s41, 16); }
    }
  }
}

// @ts-ignore: decorator
@inline
function turned(pair: v128): v128 {
  return v128.shuffle<f32>(pair, pair, 1, 0, 3, 2);
}

/** What four sums of a row start with, `half` bytes after the column. */
// @ts-ignore: decorator
@inline
function start(to: usize, row: i32, n: i32, column: i32, half: usize): v128 {
  const at = (<usize> column << 2) + half;
  let sum = f32x4.splat(0);
  if (isAdded) sum = v128.load(to + half);
  if (bias) sum = v128.load(bias + at);
  if (tableA) sum = f32x4.add(sum, v128.load(rowOf(tableA, indexA, row, n) + at));
  if (tableB) sum = f32x4.add(sum, v128.load(rowOf(tableB, indexB, row, n) + at));
  if (tableC) {
    const scale = v128.load32_splat(scaleC + (<usize> row << 2));
    sum = madd(scale, v128.load(rowOf(tableC, indexC, row, n) + at), sum);
  }
  return sum;
}

/** Finishes and stores what there is of 8 sums in a panel that is cut off at the right. */
function finishCut(s0: v128, s1: v128, to: usize, n: i32, row: i32, column: i32): void {
  v128.store(spill, s0);
  v128.store(spill, s1, 16);
  for (let c = column; c < n; c++) {
    const at = <usize> c << 2;
    let sum = load<f32>(spill + (<usize> (c - column) << 2));
    if (isAdded) sum += load<f32>(to);
    if (bias) sum += load<f32>(bias + at);
    if (tableA) sum += load<f32>(rowOf(tableA, indexA, row, n) + at);
    if (tableB) sum += load<f32>(rowOf(tableB, indexB, row, n) + at);
    if (tableC) {
      const scale = load<f32>(scaleC + (<usize> row << 2));
      sum = maddScalar(scale, load<f32>(rowOf(tableC, indexC, row, n) + at), sum);
    }
    store<f32>(to, isRelu ? max<f32>(sum, 0) : sum);
    to += 4;
  }
}

// @ts-ignore: decorator
@inline
function rowOf(table: usize, index: usize, row: i32, n: i32): usize {
  const group = load<i32>(index + (<usize> row << 2));
  return table + ((<usize> group * <usize> n) << 2);
}
