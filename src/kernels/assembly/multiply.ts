/**
 * The matrix product, and its transposed form for gradients of weights.
 *
 * 32 rows or fewer of a packed matrix are taken at a time: of the matrix on the left a tile
 * of 6 rows is kept, as many numbers of each, and multiplied with all their panels; see
 * `tasks/_tile_source.ts`, which writes `tile.ts`. A sum is always made in the order of the
 * rows, and begins with the bias or the rows of tables.
 */

import { depthOf, packColumns, packedBytes } from "./pack";
import { writeTables } from "./tables";
import { finishWith, keepColumns, keepRows, multiplyKept, ROWS } from "./tile";

/** Rows of y that are finished before the next ones: they fit in the L2 cache. */
const BLOCK: i32 = 96;

/**
 * A tile of fewer rows takes as long, as each sum waits for its last addition. The first
 * tiles have as many as they can, since while they run, w comes from memory.
 */
const LEAST_ROWS: i32 = 4;

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
  for (let block = 0; block < m; block += BLOCK) {
    const end = min(m, block + BLOCK);
    if (hasTables) {
      writeTables(y, n, block, end, bias, a, indexA, b, indexB, c, indexC, scale);
    }
    multiplyBlock(x, false, packed, y, block, end, k, n, bias, !hasTables, relu);
  }
}

/** Bytes that `multiplyTransposed` needs as scratch space. */
export function transposedBytes(n: i32): i32 {
  return packedBytes(DEPTH, n);
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
  if (m == 0) memory.fill(y, 0, 4 * <usize> k * <usize> n);
  for (let from = 0; from < m; from += DEPTH) {
    const depth = min(DEPTH, m - from);
    packColumns(dy, scratch, depth, n, <usize> n << 2);
    for (let block = 0; block < k; block += BLOCK) {
      const end = min(k, block + BLOCK);
      multiplyBlock(x, true, scratch, y, block, end, depth, n, 0, from == 0, false, k);
    }
    x += 4 * <usize> depth * <usize> k;
    dy += 4 * <usize> depth * <usize> n;
  }
}

/**
 * Rows `[from, end)` of x `[.., k]`, or of the transpose of x `[k, width]`, times w; `first`
 * if y holds nothing that must be added.
 */
function multiplyBlock(
  x: usize,
  isTransposed: bool,
  w: usize,
  y: usize,
  from: i32,
  end: i32,
  k: i32,
  n: i32,
  bias: usize,
  first: bool,
  relu: bool,
  width: i32 = 0,
): void {
  const most = depthOf(k);
  for (let p = 0; p == 0 || p < k; p += most) {
    const depth = min(most, k - p);
    finishWith(bias, first && p == 0, relu && p + depth == k);
    let row = from;
    for (let tiles = (end - from + ROWS - 1) / ROWS; tiles > 0; tiles--) {
      const rows = min(ROWS, end - row - LEAST_ROWS * (tiles - 1));
      if (isTransposed) keepColumns(at(x, p, width, row), <usize> width << 2, rows, depth);
      else keepRows(at(x, row, k, p), <usize> k << 2, rows, depth);
      multiplyKept(rows, w, at(y, row, n, 0), n, depth);
      row += rows;
    }
    w += packedBytes(depth, n);
  }
}

/** Where a number of a matrix lies that has `width` columns. */
// @ts-ignore: decorator
@inline
function at(matrix: usize, row: i32, width: i32, column: i32): usize {
  return matrix + ((<usize> row * <usize> width + <usize> column) << 2);
}
