/**
 * Rearranges matrices into the order in which the matrix product reads them: panels of
 * 8 columns, each `[k, 8]` with rows mixed in pairs, the last one filled up with zeros.
 */

import { loadPart } from "./part";

/** Columns of a panel. */
// @ts-ignore: decorator
@inline
export const PANEL: i32 = 8;

/** Packs w `[k, n]`, whose rows are `stride` bytes apart. */
export function packColumns(w: usize, packed: usize, k: i32, n: i32, stride: usize): void {
  for (let j = 0; j < n; j += PANEL) {
    let from = w + (<usize> j << 2);
    const columns = n - j;
    for (let p = 0; p < k; p++) {
      const to = packed + (<usize> p << 5);
      const right = columns > 4 ? loadPart(from + 16, columns - 4) : f32x4.splat(0);
      v128.store(to, loadPart(from, columns));
      v128.store(to, right, 16);
      from += stride;
    }
    mixPairs(packed, k);
    packed += <usize> k << 5;
  }
}

/** Packs the transpose of w `[n, k]`. */
export function packTransposed(w: usize, packed: usize, k: i32, n: i32): void {
  const stride = <usize> k << 2;
  for (let j = 0; j < n; j += PANEL) {
    const columns = min(n - j, PANEL);
    const from = w + <usize> j * stride;
    transpose(from, stride, packed, 32, columns, k);
    for (let c = columns; c < PANEL; c++) {
      for (let p = 0; p < k; p++) store<f32>(packed + (<usize> p << 5) + (<usize> c << 2), 0);
    }
    mixPairs(packed, k);
    packed += <usize> k << 5;
  }
}

/**
 * Rows p and q = p + 1 of a panel, p even, become `p0 q1 p2 q3 p4 q5 p6 q7` and
 * `q0 p1 q2 p3 q4 p5 q6 p7`; an odd last row stays. See `tile.ts`.
 */
function mixPairs(panel: usize, k: i32): void {
  for (let p = 0; p + 2 <= k; p += 2) {
    const p0 = v128.load(panel), p4 = v128.load(panel, 16);
    const q0 = v128.load(panel, 32), q4 = v128.load(panel, 48);
    v128.store(panel, v128.shuffle<f32>(p0, q0, 0, 5, 2, 7));
    v128.store(panel, v128.shuffle<f32>(p4, q4, 0, 5, 2, 7), 16);
    v128.store(panel, v128.shuffle<f32>(q0, p0, 0, 5, 2, 7), 32);
    v128.store(panel, v128.shuffle<f32>(q4, p4, 0, 5, 2, 7), 48);
    panel += 64;
  }
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
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let from = x + <usize> i * stride;
    let to = out + (<usize> i << 2);
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const a = v128.load(from), b = v128.load(from + stride);
      const c = v128.load(from + 2 * stride), d = v128.load(from + 3 * stride);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
      v128.store(to + outStride, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
      v128.store(to + 2 * outStride, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5));
      v128.store(to + 3 * outStride, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7));
      from += 16;
      to += 4 * outStride;
    }
    for (; j < columns; j++) {
      for (let r: usize = 0; r < 4; r++) {
        store<f32>(to + (r << 2), load<f32>(from + r * stride));
      }
      from += 4;
      to += outStride;
    }
  }
  for (; i < rows; i++) {
    let from = x + <usize> i * stride;
    let to = out + (<usize> i << 2);
    for (let j = 0; j < columns; j++) {
      store<f32>(to, load<f32>(from));
      from += 4;
      to += outStride;
    }
  }
}
