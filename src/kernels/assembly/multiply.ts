/**
 * The matrix product, and its transposed form for gradients of weights.
 *
 * The product takes one piece of rows of the packed matrix at a time (`pack.ts`), and of the
 * matrix on the left a tile of 6 rows and as many columns as the piece has rows. The tile is
 * kept in variables and multiplied with all panels of the piece. `build/tile_source.ts`
 * explains how, and generates `tile.ts`. Every sum begins with the bias or the rows of
 * tables and runs in order.
 */

import { planTouches, planTouchesOfW } from "./ahead";
import { depthOf, packColumns, packedBytes, PANEL, panelsBytes } from "./pack";
import { numberAt } from "./row";
import { heightOfBlocks, sumsBytes, sumsOfTile, tilesOf } from "./sums";
import { writeTables } from "./tables";
import {
  beginAndEnd,
  FROM_BIAS,
  FROM_SUMS,
  FROM_Y,
  keepColumns,
  keepRows,
  multiplyKept,
  ROWS,
} from "./tile";

/**
 * Rows of a tile at least, where there are enough rows (7 rows make tiles of 3 and 4). Fewer
 * would take as long, as it takes 8 sums to hide the latency of an addition. The first tiles
 * are the largest, since w comes from memory while they run.
 */
const LEAST_ROWS: i32 = 4;

/** Rows of x and dy that `multiplyTransposed` takes at a time. */
const DEPTH: i32 = 256;

/**
 * y `[m, n]` = x `[m, k]` times the packed matrix `[k, n]`, plus those of these terms whose
 * addresses are not 0: `bias[c]`, `a[indexA[r], c]`, `b[indexB[r], c]` and
 * `scale[r] * c[indexC[r], c]`. With `relu` negative results become 0. `sums` is scratch
 * space of `sumsBytes(n)` bytes.
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
  sums: usize,
  relu: bool,
): void {
  const hasTables = (a | b | c) != 0;
  const height = heightOfBlocks(m);
  for (let block = 0; block < m; block += height) {
    const end = min(m, block + height);
    if (hasTables) {
      writeTables(y, n, block, end, bias, a, indexA, b, indexB, c, indexC, scale);
    }
    const from = hasTables ? FROM_Y : FROM_BIAS;
    touchWhile(x, y, block, end, min(m, end + height), k, n);
    multiplyBlock(x, false, packed, sums, y, block, end, k, n, from, bias, relu);
  }
}

/** Plans to touch rows `[first, end)` of y, and `[end, next)` of x, during this block. */
function touchWhile(
  x: usize,
  y: usize,
  first: i32,
  end: i32,
  next: i32,
  k: i32,
  n: i32,
): void {
  const pieces = (k + depthOf(k) - 1) / depthOf(k);
  planTouches(
    tilesOf(end - first) * max(1, pieces) * (n / PANEL),
    numberAt(x, end, k, 0),
    <usize> (next - end) * <usize> k << 2,
    numberAt(y, first, n, 0),
    <usize> (end - first) * <usize> n << 2,
  );
}

/** Bytes of scratch space that `multiplyTransposed` needs. */
export function transposedBytes(n: i32): f64 {
  return packedBytes(DEPTH, n) + sumsBytes(n);
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
  const height = heightOfBlocks(k), packed = scratch + <usize> sumsBytes(n);
  if (m == 0) memory.fill(y, 0, 4 * <usize> k * <usize> n);
  planTouches(1, y, 0, y, 0);
  for (let from = 0; from < m; from += DEPTH) {
    const depth = min(DEPTH, m - from);
    packColumns(dy, packed, depth, n);
    for (let block = 0; block < k; block += height) {
      const end = min(k, block + height);
      const start = from == 0 ? FROM_BIAS : FROM_Y;
      multiplyBlock(x, true, packed, scratch, y, block, end, depth, n, start, 0, false, k);
    }
    x += 4 * <usize> depth * <usize> k;
    dy += 4 * <usize> depth * <usize> n;
  }
}

/**
 * Multiplies rows `[first, end)` of x `[.., k]`, or of the transpose of x `[k, width]`, with
 * w. `from` tells the start of the sums: FROM_BIAS, FROM_Y or FROM_SUMS.
 */
function multiplyBlock(
  x: usize,
  isTransposed: bool,
  w: usize,
  sums: usize,
  y: usize,
  first: i32,
  end: i32,
  k: i32,
  n: i32,
  from: i32,
  bias: usize,
  relu: bool,
  width: i32 = 0,
): void {
  const most = depthOf(k);
  for (let p = 0; p == 0 || p < k; p += most) {
    const depth = min(most, k - p);
    const tiles = tilesOf(end - first);
    // Later blocks find w in the cache, and so do all blocks if it has just been packed.
    const ahead = first > 0 || isTransposed ? 0 : min(most, k - p - depth);
    const next = w + panelsBytes(depth, n);
    planTouchesOfW(tiles * (n / PANEL), next, panelsBytes(ahead, n));
    beginAndEnd(p == 0 ? from : FROM_SUMS, bias, p + depth == k, relu);
    let row = first, to = sums;
    for (let left = tiles; left > 0; left--) {
      const rows = min(ROWS, end - row - LEAST_ROWS * (left - 1));
      if (isTransposed) {
        keepColumns(numberAt(x, p, width, row), <usize> width << 2, rows, depth);
      } else {
        keepRows(numberAt(x, row, k, p), <usize> k << 2, rows, depth);
      }
      multiplyKept(rows, w, to, numberAt(y, row, n, 0), n, depth);
      row += rows;
      to += sumsOfTile(n);
    }
    w = next;
  }
}
