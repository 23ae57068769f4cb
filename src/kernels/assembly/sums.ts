/** Where sums of a block of rows wait, in scratch space, until they are finished. */

import { panelsOf } from "./pack";
import { ROWS, SUMS_OF_PANEL } from "./tile";

/**
 * Rows of y that are finished before the next ones, whole tiles: their sums and the packed
 * matrix, which is read again for each block, fit in the L2 cache.
 */
const BLOCK: i32 = 48;

/** Rows of blocks of about equal height, whole tiles: none is left with a row or two. */
export function heightOfBlocks(m: i32): i32 {
  const blocks = max(1, (m + BLOCK - 1) / BLOCK);
  return max(ROWS, (m + blocks * ROWS - 1) / (blocks * ROWS) * ROWS);
}

/** How many tiles rows have. */
// @ts-ignore: decorator
@inline
export function tilesOf(rows: i32): i32 {
  return (rows + ROWS - 1) / ROWS;
}

/** Bytes of the sums of a tile with all panels. */
export function sumsOfTile(n: i32): usize {
  return <usize> panelsOf(n) * SUMS_OF_PANEL;
}

/** Bytes of scratch space for the sums of n columns. */
export function sumsBytes(n: i32): f64 {
  return <f64> (BLOCK / ROWS) * <f64> sumsOfTile(n);
}
