/** The matrix product, block by block, and its transposed form for gradients of weights. */

import { packColumns, PANEL, transpose } from "./pack";
import { addTables } from "./tables";
import { finishWith, multiplyPanel } from "./tile";

/** Rows that are multiplied with all panels before the next rows: they fit in the L2 cache. */
const BLOCK: i32 = 200;

/** The same where tables are added: what is written first is still in the L1 cache then. */
const SMALL_BLOCK: i32 = 20;

/** Rows of x and dy that the product for the weights takes at a time. */
const DEPTH: i32 = 256;

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
  bias: usize,
  a: usize,
  indexA: usize,
  b: usize,
  indexB: usize,
  c: usize,
  indexC: usize,
  scale: usize,
  relu: bool,
): void {
  const hasTables = (a | b | c) != 0;
  const step = hasTables ? SMALL_BLOCK : BLOCK;
  const stride = <usize> k << 2;
  finishWith(bias, hasTables, relu);
  for (let block = 0; block < m; block += step) {
    const end = min(m, block + step);
    if (hasTables) {
      addTables(y, n, block, end, a, indexA, b, indexB, c, indexC, scale);
    }
    multiplyBlock(x, packed, y, block, end, k, n, stride);
  }
}

/** Bytes that `multiplyTransposed` needs as scratch space. */
export function transposedBytes(k: i32, n: i32): i32 {
  return 4 * DEPTH * (k + (n + PANEL - 1) / PANEL * PANEL);
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
  const packed = scratch + 4 * <usize> DEPTH * <usize> k;
  if (m == 0) memory.fill(y, 0, 4 * <usize> k * <usize> n);
  for (let from = 0; from < m; from += DEPTH) {
    const depth = min(DEPTH, m - from);
    const first = <usize> from << 2, stride = <usize> depth << 2;
    transpose(x + first * <usize> k, <usize> k << 2, scratch, stride, depth, k);
    packColumns(dy + first * <usize> n, packed, depth, n, <usize> n << 2);
    finishWith(0, from > 0, false);
    for (let block = 0; block < k; block += BLOCK) {
      multiplyBlock(scratch, packed, y, block, min(k, block + BLOCK), depth, n, stride);
    }
  }
}

/** Rows `[from, end)` of x times all panels. */
function multiplyBlock(
  x: usize,
  packed: usize,
  y: usize,
  from: i32,
  end: i32,
  k: i32,
  n: i32,
  stride: usize,
): void {
  const panelBytes = <usize> k << 5;
  for (let column = 0; column < n; column += PANEL) {
    multiplyPanel(x, stride, packed, y, k, n, column, from, end);
    packed += panelBytes;
  }
}
