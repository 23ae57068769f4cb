/**
 * Rearranges matrices into the order in which the matrix product reads them: some rows
 * after others, of these panels of 8 columns, and of each panel the rows. The last panel
 * and the last rows, up to a multiple of 4, are filled up with zeros.
 */

import { loadPart, rightPart } from "./part";
import { STEPS } from "./tile";

/** Columns of a panel. */
// @ts-ignore: decorator
@inline
export const PANEL: i32 = 8;

/**
 * Rows that are packed for all columns before the next ones: what is written of them are
 * whole lines of the cache, and what is read stays in it.
 */
const ROWS: i32 = 16;

/** How many rows a matrix of k rows has with those that are filled up. */
// @ts-ignore: decorator
@inline
export function filledUp(k: i32): i32 {
  return max(4, (k + 3) & -4);
}

/** Rows of a packed matrix that are multiplied at a time: alike, but for the last ones. */
export function depthOf(k: i32): i32 {
  const times = max(1, (k + STEPS - 1) / STEPS);
  return filledUp((k + times - 1) / times);
}

/** Bytes of a packed matrix `[k, n]`. */
export function packedBytes(k: i32, n: i32): i32 {
  return (filledUp(k) * ((n + PANEL - 1) / PANEL)) << 5;
}

/** Packs w `[k, n]`, whose rows are `stride` bytes apart. */
export function packColumns(w: usize, packed: usize, k: i32, n: i32, stride: usize): void {
  const depth = depthOf(k);
  for (let first = 0; first == 0 || first < k; first += depth) {
    const rows = min(k - first, depth), filled = filledUp(rows);
    for (let row = 0; row < filled; row += ROWS) {
      let from = w + <usize> (first + row) * stride, to = packed + (<usize> row << 5);
      for (let columns = n; columns > 0; columns -= PANEL) {
        packRows(from, to, stride, min(rows - row, ROWS), min(filled - row, ROWS), columns);
        from += 32;
        to += <usize> filled << 5;
      }
    }
    packed += packedBytes(filled, n);
  }
}

/** Packs some rows of a panel of which there are `columns` columns, or more, and fills up. */
function packRows(from: usize, to: usize, stride: usize, rows: i32, filled: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    v128.store(to, loadPart(from, columns));
    v128.store(to, rightPart(from, columns), 16);
    from += stride;
    to += 32;
  }
  memory.fill(to, 0, <usize> (filled - rows) << 5);
}

/** Packs the transpose of w `[n, k]`. */
export function packTransposed(w: usize, packed: usize, k: i32, n: i32): void {
  const stride = <usize> k << 2, depth = depthOf(k);
  for (let first = 0; first == 0 || first < k; first += depth) {
    const end = min(first + depth, k);
    let from = w + (<usize> first << 2);
    for (let rows = n; rows > 0; rows -= PANEL) {
      let at = from;
      for (let p = first; p == first || p < end; p += 4) {
        packTransposed4(at, stride, rows, end - p, packed);
        at += 16;
        packed += 128;
      }
      from += <usize> PANEL * stride;
    }
  }
}

/** Packs 4 columns of 8 rows, or as many as there are: four rows of a panel. */
function packTransposed4(w: usize, stride: usize, rows: i32, columns: i32, to: usize): void {
  const zero = f32x4.splat(0);
  const a = loadPart(w, columns), b = rows > 1 ? loadPart(w + stride, columns) : zero;
  const c = rows > 2 ? loadPart(w + 2 * stride, columns) : zero;
  const d = rows > 3 ? loadPart(w + 3 * stride, columns) : zero;
  const e = rows > 4 ? loadPart(w + 4 * stride, columns) : zero;
  const f = rows > 5 ? loadPart(w + 5 * stride, columns) : zero;
  const g = rows > 6 ? loadPart(w + 6 * stride, columns) : zero;
  const h = rows > 7 ? loadPart(w + 7 * stride, columns) : zero;
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
