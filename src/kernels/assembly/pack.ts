/**
 * Rearranges matrices into the order in which the matrix product reads them. The rows are
 * divided into pieces of at most 32 (`depthOf`), and the columns of each piece into panels of
 * 8, which lie one after another, each row by row. Zeros fill up the last panel, and the
 * rows of a piece to a multiple of 4.
 */

import { loadPart, rightPart } from "./part";
import { STEPS } from "./tile";

/** Columns of a panel. */
// @ts-ignore: decorator
@inline
export const PANEL: i32 = 8;

/**
 * Rows that are packed for all columns before the next rows: few enough that the cache keeps
 * the lines read, and enough to write whole cache lines.
 */
const ROWS_AT_ONCE: i32 = 16;

/** Number of rows of a piece of k rows, with the filled up ones. */
// @ts-ignore: decorator
@inline
function filledUp(k: i32): i32 {
  return (k + 3) & -4;
}

/** Rows of each piece of a matrix of k rows; the last piece may have fewer. */
export function depthOf(k: i32): i32 {
  const times = max(1, (k + STEPS - 1) / STEPS);
  return max(4, filledUp((k + times - 1) / times));
}

/** Number of panels of n columns. */
// @ts-ignore: decorator
@inline
export function panelsOf(n: i32): i32 {
  return (n + PANEL - 1) / PANEL;
}

/** Bytes of the panels of k rows, in one piece or several. */
export function panelsBytes(k: i32, n: i32): usize {
  return (<usize> filledUp(k) * <usize> panelsOf(n)) << 5;
}

/** The same as f64 for callers outside, so that numbers beyond 32 bits are not cut off. */
export function packedBytes(k: i32, n: i32): f64 {
  return 32 * <f64> filledUp(k) * <f64> panelsOf(n);
}

/** Packs w `[k, n]`. */
export function packColumns(w: usize, packed: usize, k: i32, n: i32): void {
  const stride = <usize> n << 2;
  const depth = depthOf(k);
  for (let first = 0; first < k; first += depth) {
    const rows = min(k - first, depth), filled = filledUp(rows);
    for (let row = 0; row < filled; row += ROWS_AT_ONCE) {
      let from = w + <usize> (first + row) * stride, to = packed + (<usize> row << 5);
      for (let columns = n; columns > 0; columns -= PANEL) {
        packRows(from, to, stride, rows - row, min(filled - row, ROWS_AT_ONCE), columns);
        from += 32;
        to += <usize> filled << 5;
      }
    }
    packed += panelsBytes(filled, n);
  }
}

/**
 * Packs `filled` rows of a panel. The matrix has `rows` more rows and `columns` more columns
 * from here; zeros fill up the others.
 */
function packRows(
  from: usize,
  to: usize,
  stride: usize,
  rows: i32,
  filled: i32,
  columns: i32,
): void {
  let row = 0;
  if (columns >= PANEL) {
    for (const whole = min(rows, filled); row + 4 <= whole; row += 4) {
      const second = from + stride, third = second + stride, fourth = third + stride;
      const a = v128.load(from), b = v128.load(from, 16);
      const c = v128.load(second), d = v128.load(second, 16);
      const e = v128.load(third), f = v128.load(third, 16);
      const g = v128.load(fourth), h = v128.load(fourth, 16);
      v128.store(to, a);
      v128.store(to, b, 16);
      v128.store(to, c, 32);
      v128.store(to, d, 48);
      v128.store(to, e, 64);
      v128.store(to, f, 80);
      v128.store(to, g, 96);
      v128.store(to, h, 112);
      from = fourth + stride;
      to += 128;
    }
  }
  for (; row < filled; row++) {
    const isThere = row < rows;
    v128.store(to, isThere ? loadPart(from, columns) : f32x4.splat(0));
    v128.store(to, isThere ? rightPart(from, columns) : f32x4.splat(0), 16);
    from += stride;
    to += 32;
  }
}

/** Packs the transpose of w `[n, k]`: 8 rows of w become a panel. */
export function packTransposed(w: usize, packed: usize, k: i32, n: i32): void {
  const stride = <usize> k << 2, depth = depthOf(k);
  for (let row = 0; row < n; row += PANEL) {
    let from = w + <usize> row * stride;
    for (let first = 0; first < k; first += depth) {
      const columns = min(k - first, depth);
      let to = packed + panelsBytes(first, n) + filledUp(columns) * (row << 2);
      for (let rest = columns; rest > 0; rest -= 4) {
        if (rest >= 4) packTransposed4(from, stride, n - row, to);
        else packTransposedEnd(from, stride, n - row, rest, to);
        from += 16;
        to += 128;
      }
    }
  }
}

/** Packs 4 columns of up to 8 rows as four rows of a panel. */
function packTransposed4(w: usize, stride: usize, rows: i32, to: usize): void {
  const zero = f32x4.splat(0);
  const a = v128.load(w), b = rows > 1 ? v128.load(w + stride) : zero;
  const c = rows > 2 ? v128.load(w + 2 * stride) : zero;
  const d = rows > 3 ? v128.load(w + 3 * stride) : zero;
  const e = rows > 4 ? v128.load(w + 4 * stride) : zero;
  const f = rows > 5 ? v128.load(w + 5 * stride) : zero;
  const g = rows > 6 ? v128.load(w + 6 * stride) : zero;
  const h = rows > 7 ? v128.load(w + 7 * stride) : zero;
  const ab = zipLow(a, b), cd = zipLow(c, d), ef = zipLow(e, f), gh = zipLow(g, h);
  v128.store(to, lowHalves(ab, cd));
  v128.store(to, lowHalves(ef, gh), 16);
  v128.store(to, highHalves(ab, cd), 32);
  v128.store(to, highHalves(ef, gh), 48);
  const ab2 = zipHigh(a, b), cd2 = zipHigh(c, d), ef2 = zipHigh(e, f), gh2 = zipHigh(g, h);
  v128.store(to, lowHalves(ab2, cd2), 64);
  v128.store(to, lowHalves(ef2, gh2), 80);
  v128.store(to, highHalves(ab2, cd2), 96);
  v128.store(to, highHalves(ef2, gh2), 112);
}

/** Packs fewer than 4 columns, filled up with zeros. */
function packTransposedEnd(w: usize, stride: usize, rows: i32, columns: i32, to: usize): void {
  for (let p = 0; p < 4; p++) {
    for (let c = 0; c < PANEL; c++) {
      const isThere = p < columns && c < rows;
      store<f32>(to, isThere ? load<f32>(w + <usize> c * stride + (<usize> p << 2)) : 0);
      to += 4;
    }
  }
}

/** `a0 b0 a1 b1`. */
// @ts-ignore: decorator
@inline
function zipLow(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}

/** `a2 b2 a3 b3`. */
// @ts-ignore: decorator
@inline
function zipHigh(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}

/** `a0 a1 b0 b1`. */
// @ts-ignore: decorator
@inline
function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 1, 4, 5);
}

/** `a2 a3 b2 b3`. */
// @ts-ignore: decorator
@inline
function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 3, 6, 7);
}
