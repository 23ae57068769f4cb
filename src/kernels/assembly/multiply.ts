/** The matrix product, block by block, and its transposed form for gradients of weights. */

import { packColumns, PANEL, transpose } from "./pack";
import { finishWith, multiplyPanel, SPILL_BYTES, sumOnly } from "./tile";

/** Rows that are multiplied with all panels before the next rows: they fit in the L2 cache. */
const BLOCK: i32 = 200;

/** Rows of x and dy that the product for the weights takes at a time. */
const DEPTH: i32 = 256;

/**
 * y `[m, n]` = x `[m, k]` times the packed matrix `[k, n]`, plus, where their addresses
 * are not 0: `bias[c]`, `a[indexA[r], c]`, `b[indexB[r], c]` and
 * `scale[r] * c[indexC[r], c]`; then the greater of that and 0 if `relu`. Needs
 * `SPILL_BYTES` of scratch space.
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
  scratch: usize,
): void {
  finishWith(bias, a, indexA, b, indexB, c, indexC, scale, relu, scratch);
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
  const turned = scratch + SPILL_BYTES;
  const packed = turned + 4 * <usize> DEPTH * <usize> k;
  if (m == 0) memory.fill(y, 0, 4 * <usize> k * <usize> n);
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
    sumOnly(from > 0, scratch);
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
      multiplyPanel(x, stride, panel, y, k, n, column, block, end);
      panel += panelBytes;
    }
  }
}
