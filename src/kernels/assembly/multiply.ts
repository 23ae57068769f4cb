/**
 * The matrix product: 6 rows times a panel of 8 columns at a time, whose 12 sums stay in
 * registers; what is to be added to the product is added as it is stored.
 */

import { madd, maddScalar } from "./madd";
import { packColumns, PANEL, transpose } from "./pack";

/** Rows that are multiplied with all panels before the next rows: they fit in the L2 cache. */
const BLOCK: i32 = 192;

/** Rows of x and dy that the product for the weights takes at a time. */
const DEPTH: i32 = 256;

/** What is added to the product; an address of 0 means nothing. */
let bias: usize = 0; // [n]
let tableA: usize = 0, indexA: usize = 0; // [*, n], [m]
let tableB: usize = 0, indexB: usize = 0;
let tableC: usize = 0, indexC: usize = 0, scaleC: usize = 0; // [*, n], [m], [m]
let isRelu: bool = false;
let isAdded: bool = false;
let isPlain: bool = true;
/** 32 bytes for a row of a panel that is cut off at the right. */
let spill: usize = 0;

/** Bytes that `multiply` needs as scratch space. */
export const SPILL_BYTES: i32 = 32;

/**
 * y `[m, n]` = x `[m, k]` times the packed matrix `[k, n]`, plus, where their addresses
 * are not 0: `bias[c]`, `a[indexA[r], c]`, `b[indexB[r], c]` and
 * `scale[r] * c[indexC[r], c]`; then the greater of that and 0 if `relu`.
 */
export function multiply(
  x: usize,
  packed: usize,
  y: usize,
  m: i32,
  k: i32,
  n: i32,
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
  isPlain = (bias | a | b | c) == 0 && !relu;
  spill = scratch;
  multiplyBlocks(x, packed, y, m, k, n, <usize> k << 2);
}

/** Bytes that `multiplyTransposed` needs as scratch space. */
export function transposedBytes(k: i32, n: i32): i32 {
  return SPILL_BYTES + 4 * DEPTH * (k + (n + PANEL - 1) / PANEL * PANEL);
}

/** y `[k, n]` = the transpose of x `[m, k]` times dy `[m, n]`. */
export function multiplyTransposed(
  x: usize,
  dy: usize,
  y: usize,
  m: i32,
  k: i32,
  n: i32,
  scratch: usize,
): void {
  spill = scratch;
  isPlain = false;
  bias = tableA = tableB = tableC = 0;
  isRelu = false;
  isAdded = true;
  const turned = scratch + SPILL_BYTES;
  const packed = turned + 4 * <usize> DEPTH * <usize> k;
  memory.fill(y, 0, 4 * <usize> k * <usize> n);
  for (let from = 0; from < m; from += DEPTH) {
    const depth = min(DEPTH, m - from);
    transpose(
      x + 4 * <usize> from * <usize> k,
      <usize> k << 2,
      turned,
      <usize> depth << 2,
      depth,
      k,
    );
    packColumns(dy + 4 * <usize> from * <usize> n, packed, depth, n, <usize> n << 2);
    multiplyBlocks(turned, packed, y, k, depth, n, <usize> depth << 2);
  }
}

function multiplyBlocks(
  x: usize,
  packed: usize,
  y: usize,
  m: i32,
  k: i32,
  n: i32,
  stride: usize,
): void {
  const panelBytes = <usize> k << 5;
  for (let block = 0; block < m; block += BLOCK) {
    const end = min(m, block + BLOCK);
    let panel = packed;
    for (let column = 0; column < n; column += PANEL) {
      let row = block;
      // 8 rows are two tiles of 4: a tile of 2 hardly pays.
      for (; row + 6 <= end && row + 8 != end; row += 6) {
        tile6(x, stride, panel, y, k, n, row, column);
      }
      for (; row + 4 <= end; row += 4) tile4(x, stride, panel, y, k, n, row, column);
      if (row + 2 <= end) {
        tile2(x, stride, panel, y, k, n, row, column);
        row += 2;
      }
      if (row < end) tile1(x, stride, panel, y, k, n, row, column);
      panel += panelBytes;
    }
  }
}

function tile6(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, r: i32, c: i32): void {
  tile(6, x, s, w, y, k, n, r, c);
}

function tile4(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, r: i32, c: i32): void {
  tile(4, x, s, w, y, k, n, r, c);
}

function tile2(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, r: i32, c: i32): void {
  tile(2, x, s, w, y, k, n, r, c);
}

function tile1(x: usize, s: usize, w: usize, y: usize, k: i32, n: i32, r: i32, c: i32): void {
  tile(1, x, s, w, y, k, n, r, c);
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
  k: i32,
  n: i32,
  row: i32,
  column: i32,
): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
  let s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
  let x0 = x + <usize> row * stride;
  let x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride;
  let x5 = x4 + stride;
  let a: v128, w0: v128, w1: v128;
  let p = k;
  for (; p >= 4; p -= 4) {
    w0 = v128.load(w, 0); w1 = v128.load(w, 16);
    a = v128.load32_splat(x0, 0); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01);
    if (rows > 1) { a = v128.load32_splat(x1, 0); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); }
    if (rows > 2) { a = v128.load32_splat(x2, 0); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); }
    if (rows > 3) { a = v128.load32_splat(x3, 0); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); }
    if (rows > 4) { a = v128.load32_splat(x4, 0); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); }
    if (rows > 5) { a = v128.load32_splat(x5, 0); s50 = madd(a, w0, s50); s51 = madd(a, w1, s51); }
    w0 = v128.load(w, 32); w1 = v128.load(w, 48);
    a = v128.load32_splat(x0, 4); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01);
    if (rows > 1) { a = v128.load32_splat(x1, 4); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); }
    if (rows > 2) { a = v128.load32_splat(x2, 4); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); }
    if (rows > 3) { a = v128.load32_splat(x3, 4); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); }
    if (rows > 4) { a = v128.load32_splat(x4, 4); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); }
    if (rows > 5) { a = v128.load32_splat(x5, 4); s50 = madd(a, w0, s50); s51 = madd(a, w1, s51); }
    w0 = v128.load(w, 64); w1 = v128.load(w, 80);
    a = v128.load32_splat(x0, 8); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01);
    if (rows > 1) { a = v128.load32_splat(x1, 8); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); }
    if (rows > 2) { a = v128.load32_splat(x2, 8); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); }
    if (rows > 3) { a = v128.load32_splat(x3, 8); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); }
    if (rows > 4) { a = v128.load32_splat(x4, 8); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); }
    if (rows > 5) { a = v128.load32_splat(x5, 8); s50 = madd(a, w0, s50); s51 = madd(a, w1, s51); }
    w0 = v128.load(w, 96); w1 = v128.load(w, 112);
    a = v128.load32_splat(x0, 12); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01);
    if (rows > 1) { a = v128.load32_splat(x1, 12); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); }
    if (rows > 2) { a = v128.load32_splat(x2, 12); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); }
    if (rows > 3) { a = v128.load32_splat(x3, 12); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); }
    if (rows > 4) { a = v128.load32_splat(x4, 12); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); }
    if (rows > 5) { a = v128.load32_splat(x5, 12); s50 = madd(a, w0, s50); s51 = madd(a, w1, s51); }
    w += 128;
    x0 += 16;
    if (rows > 1) x1 += 16;
    if (rows > 2) x2 += 16;
    if (rows > 3) x3 += 16;
    if (rows > 4) x4 += 16;
    if (rows > 5) x5 += 16;
  }
  for (; p > 0; p--) {
    w0 = v128.load(w, 0); w1 = v128.load(w, 16);
    a = v128.load32_splat(x0, 0); s00 = madd(a, w0, s00); s01 = madd(a, w1, s01);
    if (rows > 1) { a = v128.load32_splat(x1, 0); s10 = madd(a, w0, s10); s11 = madd(a, w1, s11); }
    if (rows > 2) { a = v128.load32_splat(x2, 0); s20 = madd(a, w0, s20); s21 = madd(a, w1, s21); }
    if (rows > 3) { a = v128.load32_splat(x3, 0); s30 = madd(a, w0, s30); s31 = madd(a, w1, s31); }
    if (rows > 4) { a = v128.load32_splat(x4, 0); s40 = madd(a, w0, s40); s41 = madd(a, w1, s41); }
    if (rows > 5) { a = v128.load32_splat(x5, 0); s50 = madd(a, w0, s50); s51 = madd(a, w1, s51); }
    w += 32;
    x0 += 4;
    if (rows > 1) x1 += 4;
    if (rows > 2) x2 += 4;
    if (rows > 3) x3 += 4;
    if (rows > 4) x4 += 4;
    if (rows > 5) x5 += 4;
  }
  const to = y + ((<usize> row * <usize> n + <usize> column) << 2);
  const next = <usize> n << 2;
  finish(s00, s01, to, n, row, column);
  if (rows > 1) finish(s10, s11, to + next, n, row + 1, column);
  if (rows > 2) finish(s20, s21, to + 2 * next, n, row + 2, column);
  if (rows > 3) finish(s30, s31, to + 3 * next, n, row + 3, column);
  if (rows > 4) finish(s40, s41, to + 4 * next, n, row + 4, column);
  if (rows > 5) finish(s50, s51, to + 5 * next, n, row + 5, column);
}

/** Adds what is to be added to 8 sums of a row and stores them. */
// @ts-ignore: decorator
@inline
function finish(s0: v128, s1: v128, to: usize, n: i32, row: i32, column: i32): void {
  if (isPlain && column + PANEL <= n) {
    v128.store(to, s0);
    v128.store(to, s1, 16);
  } else finishSlowly(s0, s1, to, n, row, column);
}

function finishSlowly(
  s0: v128,
  s1: v128,
  to: usize,
  n: i32,
  row: i32,
  column: i32,
): void {
  const at = <usize> column << 2;
  if (column + PANEL > n) {
    v128.store(spill, s0);
    v128.store(spill, s1, 16);
    return finishCut(to, n, row, column);
  }
  if (isAdded) {
    s0 = f32x4.add(s0, v128.load(to));
    s1 = f32x4.add(s1, v128.load(to, 16));
  }
  if (bias) {
    s0 = f32x4.add(s0, v128.load(bias + at));
    s1 = f32x4.add(s1, v128.load(bias + at, 16));
  }
  if (tableA) {
    const from = rowOf(tableA, indexA, row, n) + at;
    s0 = f32x4.add(s0, v128.load(from));
    s1 = f32x4.add(s1, v128.load(from, 16));
  }
  if (tableB) {
    const from = rowOf(tableB, indexB, row, n) + at;
    s0 = f32x4.add(s0, v128.load(from));
    s1 = f32x4.add(s1, v128.load(from, 16));
  }
  if (tableC) {
    const from = rowOf(tableC, indexC, row, n) + at;
    const scale = v128.load32_splat(scaleC + (<usize> row << 2));
    s0 = madd(scale, v128.load(from), s0);
    s1 = madd(scale, v128.load(from, 16), s1);
  }
  if (isRelu) {
    const zero = f32x4.splat(0);
    s0 = f32x4.max(s0, zero);
    s1 = f32x4.max(s1, zero);
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
}

/** The same for the columns of a panel that is cut off at the right. */
function finishCut(to: usize, n: i32, row: i32, column: i32): void {
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
