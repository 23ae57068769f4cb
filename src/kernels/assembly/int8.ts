/**
 * Hidden layers in 8 bits, in the relaxed build only: 4 rows times a panel of 8 columns at
 * a time. Inputs are whole numbers in [0, 127], weights in [-127, 127].
 *
 * The products of 16 inputs are summed in 16 bits before they are summed in 32: one
 * multiplication and one addition less for each of three steps of four. The weights are
 * such that no sum of 16 bits can overflow (`int8.ts` above this folder sees to it), so
 * every sum is exact, on every machine.
 */

import { storePart } from "./part";

/** Columns of a panel, and inputs that are taken at a time: rows are padded to these. */
const PANEL: i32 = 8, DEPTH: i32 = 16;

/** Rows that are multiplied with all panels before the next rows: they fit in the L1 cache. */
const BLOCK: i32 = 48;

/** Added to a number in [0, 127], it leaves the nearest integer in the lowest bits. */
const ROUND: f32 = 12582912; // 1.5 * 2^23

/** What each row of the output starts from and is scaled by. */
let scales: usize = 0, biases: usize = 0; // [n], padded to whole panels
/** Quanta in 1 of the output, or 0 if it is to be float32. */
let quanta: f32 = 0;

/** Bytes of a row of `width` numbers of 8 bits. */
// @ts-ignore: decorator
@inline
function rowBytes(width: i32): usize {
  return <usize> ((width + DEPTH - 1) & -DEPTH);
}

/**
 * out `[m, rowBytes(k)]`: the nearest integers to x `[m, k]` times `quantaOfX`, within
 * [0, 127]; NaN becomes 0. What pads a row is not written: it meets weights of 0.
 */
export function quantize(x: usize, out: usize, m: i32, k: i32, quantaOfX: f32): void {
  quanta = quantaOfX;
  const next = rowBytes(k);
  for (let r = 0; r < m; r++) {
    let p = 0;
    for (; p + 8 <= k; p += 8) {
      storeQuantized(v128.load(x), v128.load(x, 16), out + <usize> p);
      x += 32;
    }
    for (; p < k; p++) {
      const q = quantized(v128.load32_splat(x));
      store<u8>(out + <usize> p, i32x4.extract_lane(q, 0));
      x += 4;
    }
    out += next;
  }
}

// @ts-ignore: decorator
@inline
function quantized(x: v128): v128 {
  const scaled = f32x4.mul(x, f32x4.splat(quanta));
  // In this order NaN becomes 0.
  const positive = f32x4.pmax(f32x4.splat(0), scaled);
  const bounded = f32x4.pmin(positive, f32x4.splat(127));
  return i32x4.sub(f32x4.add(bounded, f32x4.splat(ROUND)), f32x4.splat(ROUND));
}

// @ts-ignore: decorator
@inline
function storeQuantized(x0: v128, x1: v128, to: usize): void {
  const words = i16x8.narrow_i32x4_s(quantized(x0), quantized(x1));
  v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
}

/**
 * One layer: relu(x W * scales + biases), x `[m, rowBytes(k)]` in 8 bits, W packed. The
 * output is float32 `[m, n]`, or if `quantaOfY` is not 0 in 8 bits `[m, rowBytes(n)]`.
 */
export function multiplyInt8(
  x: usize,
  packed: usize,
  y: usize,
  m: i32,
  k: i32,
  n: i32,
  scalesAt: usize,
  biasesAt: usize,
  quantaOfY: f32,
): void {
  scales = scalesAt;
  biases = biasesAt;
  quanta = quantaOfY;
  const stride = rowBytes(k), panelBytes = stride * <usize> PANEL;
  for (let block = 0; block < m; block += BLOCK) {
    const end = min(m, block + BLOCK);
    let panel = packed;
    for (let column = 0; column < n; column += PANEL) {
      let row = block;
      for (; row + 4 <= end; row += 4) tile4(x, stride, panel, y, n, row, column);
      if (row + 2 <= end) {
        tile2(x, stride, panel, y, n, row, column);
        row += 2;
      }
      if (row < end) tile1(x, stride, panel, y, n, row, column);
      panel += panelBytes;
    }
  }
}

function tile4(x: usize, s: usize, w: usize, y: usize, n: i32, r: i32, c: i32): void {
  tile(4, x, s, w, y, n, r, c);
}

function tile2(x: usize, s: usize, w: usize, y: usize, n: i32, r: i32, c: i32): void {
  tile(2, x, s, w, y, n, r, c);
}

function tile1(x: usize, s: usize, w: usize, y: usize, n: i32, r: i32, c: i32): void {
  tile(1, x, s, w, y, n, r, c);
}

/** Sums of two products each, of 4 weights of 4 columns and 4 inputs, in 16 bits. */
// @ts-ignore: decorator
@inline
function dot(w: v128, a: v128): v128 {
  return i16x8.relaxed_dot_i8x16_i7x16_s(w, a);
}

/** The four inputs of each column's turn: those of the next column. */
// @ts-ignore: decorator
@inline
function turned(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 1, 2, 3, 0);
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
function widen(sums: v128, pairs: v128, ones: v128): v128 {
  return i32x4.add(sums, i32x4.dot_i16x8_s(pairs, ones));
}

/** `rows` rows from `row` on, times one panel; `rows` is a constant of the compiler. */
// @ts-ignore: decorator
@inline
function tile(
  rows: i32,
  x: usize,
  stride: usize,
  w: usize,
  y: usize,
  n: i32,
  row: i32,
  column: i32,
): void {
  const ones = i16x8.splat(1);
  let s00 = i32x4.splat(0), s01 = s00, s10 = s00, s11 = s00;
  let s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  let t00 = s00, t01 = s00, t10 = s00, t11 = s00;
  let t20 = s00, t21 = s00, t30 = s00, t31 = s00;
  let x0 = x + <usize> row * stride;
  let x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
  let a0 = s00, a1 = s00, a2 = s00, a3 = s00, w0: v128, w1: v128;
  for (let p = stride; p > 0; p -= DEPTH) {
    w0 = v128.load(w, 0); w1 = v128.load(w, 16);
    a0 = v128.load(x0); t00 = dot(w0, a0); t01 = dot(w1, a0);
    if (rows > 1) { a1 = v128.load(x1); t10 = dot(w0, a1); t11 = dot(w1, a1); }
    if (rows > 2) { a2 = v128.load(x2); t20 = dot(w0, a2); t21 = dot(w1, a2); }
    if (rows > 3) { a3 = v128.load(x3); t30 = dot(w0, a3); t31 = dot(w1, a3); }
    w0 = v128.load(w, 32); w1 = v128.load(w, 48);
    a0 = turned(a0); t00 = add(t00, w0, a0); t01 = add(t01, w1, a0);
    if (rows > 1) { a1 = turned(a1); t10 = add(t10, w0, a1); t11 = add(t11, w1, a1); }
    if (rows > 2) { a2 = turned(a2); t20 = add(t20, w0, a2); t21 = add(t21, w1, a2); }
    if (rows > 3) { a3 = turned(a3); t30 = add(t30, w0, a3); t31 = add(t31, w1, a3); }
    w0 = v128.load(w, 64); w1 = v128.load(w, 80);
    a0 = turned(a0); t00 = add(t00, w0, a0); t01 = add(t01, w1, a0);
    if (rows > 1) { a1 = turned(a1); t10 = add(t10, w0, a1); t11 = add(t11, w1, a1); }
    if (rows > 2) { a2 = turned(a2); t20 = add(t20, w0, a2); t21 = add(t21, w1, a2); }
    if (rows > 3) { a3 = turned(a3); t30 = add(t30, w0, a3); t31 = add(t31, w1, a3); }
    w0 = v128.load(w, 96); w1 = v128.load(w, 112);
    a0 = turned(a0); t00 = add(t00, w0, a0); t01 = add(t01, w1, a0);
    if (rows > 1) { a1 = turned(a1); t10 = add(t10, w0, a1); t11 = add(t11, w1, a1); }
    if (rows > 2) { a2 = turned(a2); t20 = add(t20, w0, a2); t21 = add(t21, w1, a2); }
    if (rows > 3) { a3 = turned(a3); t30 = add(t30, w0, a3); t31 = add(t31, w1, a3); }
    s00 = widen(s00, t00, ones); s01 = widen(s01, t01, ones);
    if (rows > 1) { s10 = widen(s10, t10, ones); s11 = widen(s11, t11, ones); }
    if (rows > 2) { s20 = widen(s20, t20, ones); s21 = widen(s21, t21, ones); }
    if (rows > 3) { s30 = widen(s30, t30, ones); s31 = widen(s31, t31, ones); }
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

/** Makes numbers of 8 sums of a row and stores them. */
function finish(s0: v128, s1: v128, y: usize, n: i32, row: i32, column: i32): void {
  const y0 = activation(s0, column), y1 = activation(s1, column + 4);
  if (quanta != 0) {
    storeQuantized(y0, y1, y + <usize> row * rowBytes(n) + <usize> column);
    return;
  }
  const to = y + ((<usize> row * <usize> n + <usize> column) << 2), count = n - column;
  storePart(to, y0, count);
  if (count > 4) storePart(to + 16, y1, count - 4);
}

// @ts-ignore: decorator
@inline
function activation(sums: v128, column: i32): v128 {
  const at = <usize> column << 2;
  const scaled = f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales + at));
  return f32x4.pmax(f32x4.splat(0), f32x4.add(scaled, v128.load(biases + at)));
}
