/**
 * Rearranges matrices into the order in which the matrix product reads them: panels of
 * 8 columns, each `[k, 8]` with rows mixed in pairs, the last one filled up with zeros.
 */

import { loadPart } from "./part";

/** Columns of a panel. */
// @ts-ignore: decorator
@inline
export const PANEL: i32 = 8;

/**
 * Rows of a matrix that are packed or transposed for all its columns before the next ones:
 * what is written of them are whole lines of the cache, and what is read stays in it.
 */
const ROWS: i32 = 16;

/** Packs w `[k, n]`, whose rows are `stride` bytes apart. */
export function packColumns(w: usize, packed: usize, k: i32, n: i32, stride: usize): void {
  const panelBytes = <usize> k << 5;
  for (let row = 0; row < k; row += ROWS) {
    const rows = min(k - row, ROWS);
    let to = packed + (<usize> row << 5), from = w;
    for (let columns = n; columns > 0; columns -= PANEL) {
      packRows(from, to, rows, stride, columns);
      from += 32;
      to += panelBytes;
    }
    w += <usize> ROWS * stride;
  }
}

/** Packs some rows of a panel of which there are `columns` columns, or more. */
function packRows(from: usize, to: usize, rows: i32, stride: usize, columns: i32): void {
  for (; rows >= 2; rows -= 2) {
    const next = from + stride;
    mixPair(loadPart(from, columns), rightPart(from, columns), loadPart(next, columns), rightPart(next, columns), to);
    from = next + stride;
    to += 64;
  }
  if (rows) {
    v128.store(to, loadPart(from, columns));
    v128.store(to, rightPart(from, columns), 16);
  }
}

/** The last four columns of a panel, 0 where there are none. */
// @ts-ignore: decorator
@inline
function rightPart(row: usize, columns: i32): v128 {
  return columns > 4 ? loadPart(row + 16, columns - 4) : f32x4.splat(0);
}

/** Packs the transpose of w `[n, k]`. */
export function packTransposed(w: usize, packed: usize, k: i32, n: i32): void {
  const stride = <usize> k << 2;
  const whole = k & -4;
  for (let rows = n; rows > 0; rows -= PANEL) {
    let from = w, to = packed;
    for (let p = 0; p < whole; p += 4) {
      packTransposed4(from, stride, rows, to);
      from += 16;
      to += 128;
    }
    for (let p = whole; p < k; p++) {
      for (let c = 0; c < PANEL; c++) {
        const at = from + <usize> c * stride;
        store<f32>(packed + (<usize> (p * PANEL + c) << 2), c < rows ? load<f32>(at) : 0);
      }
      from += 4;
    }
    mixPairs(to, k - whole);
    w += <usize> PANEL * stride;
    packed += <usize> k << 5;
  }
}

/** Packs 4 columns of 8 rows, or as many rows as there are: four rows of a panel. */
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
  mixPair(lowHalves(ab, cd), lowHalves(ef, gh), highHalves(ab, cd), highHalves(ef, gh), to);
  const ab2 = zipHigh(a, b), cd2 = zipHigh(c, d), ef2 = zipHigh(e, f), gh2 = zipHigh(g, h);
  mixPair(lowHalves(ab2, cd2), lowHalves(ef2, gh2), highHalves(ab2, cd2), highHalves(ef2, gh2), to + 64);
}

/** Mixes the rows of a panel where they lie; an odd last one stays. */
function mixPairs(panel: usize, k: i32): void {
  for (; k >= 2; k -= 2) {
    mixPair(v128.load(panel), v128.load(panel, 16), v128.load(panel, 32), v128.load(panel, 48), panel);
    panel += 64;
  }
}

/**
 * Rows p and q of a panel become `p0 q1 p2 q3 p4 q5 p6 q7` and `q0 p1 q2 p3 q4 p5 q6 p7`;
 * see `tile.ts`.
 */
// @ts-ignore: decorator
@inline
function mixPair(p0: v128, p4: v128, q0: v128, q4: v128, to: usize): void {
  v128.store(to, v128.shuffle<f32>(p0, q0, 0, 5, 2, 7));
  v128.store(to, v128.shuffle<f32>(p4, q4, 0, 5, 2, 7), 16);
  v128.store(to, v128.shuffle<f32>(q0, p0, 0, 5, 2, 7), 32);
  v128.store(to, v128.shuffle<f32>(q4, p4, 0, 5, 2, 7), 48);
}

/**
 * Writes the transpose of x `[rows, columns]`; rows are `stride` bytes apart in x and
 * `outStride` in the transpose `[columns, rows]`.
 */
export function transpose(
  x: usize,
  stride: usize,
  out: usize,
  outStride: usize,
  rows: i32,
  columns: i32,
): void {
  const whole = rows & -4;
  for (let first = 0; first < whole; first += ROWS) {
    const end = min(first + ROWS, whole);
    let from = x + <usize> first * stride, to = out + (<usize> first << 2);
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      let block = from, blockTo = to;
      for (let i = first; i < end; i += 4) {
        transpose4(block, stride, blockTo, outStride);
        block += 4 * stride;
        blockTo += 16;
      }
      from += 16;
      to += 4 * outStride;
    }
    for (; j < columns; j++) {
      moveColumn(from, stride, to, end - first);
      from += 4;
      to += outStride;
    }
  }
  const last = x + <usize> whole * stride;
  for (let j = 0; j < columns; j++) {
    const to = out + <usize> j * outStride + (<usize> whole << 2);
    moveColumn(last + (<usize> j << 2), stride, to, rows - whole);
  }
}

/** Transposes 4 rows and columns. */
// @ts-ignore: decorator
@inline
function transpose4(x: usize, stride: usize, out: usize, outStride: usize): void {
  const a = v128.load(x), b = v128.load(x + stride);
  const c = v128.load(x + 2 * stride), d = v128.load(x + 3 * stride);
  const ab = zipLow(a, b), cd = zipLow(c, d), ab2 = zipHigh(a, b), cd2 = zipHigh(c, d);
  v128.store(out, lowHalves(ab, cd));
  v128.store(out + outStride, highHalves(ab, cd));
  v128.store(out + 2 * outStride, lowHalves(ab2, cd2));
  v128.store(out + 3 * outStride, highHalves(ab2, cd2));
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

/** Writes `rows` numbers, `stride` bytes apart, one after another. */
// @ts-ignore: decorator
@inline
function moveColumn(from: usize, stride: usize, to: usize, rows: i32): void {
  for (; rows > 0; rows--) {
    store<f32>(to, load<f32>(from));
    from += stride;
    to += 4;
  }
}
