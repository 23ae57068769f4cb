/** Scratch space for the unfinished sums of a block of rows. */

import { panelsOf } from "./pack";
import { ROWS, SUMS_OF_PANEL } from "./tile";

/**
 * Rows of a block, whole tiles. A block is finished before the next one begins: its sums and
 * the packed matrix, which each block reads again, fit in the L2 cache.
 */
const BLOCK: i32 = 48;

/** Rows of a block for m rows, whole tiles, so that all blocks are of about equal height. */
export function heightOfBlocks(m: i32): i32 {
  const blocks = max(1, (m + BLOCK - 1) / BLOCK);
  return max(ROWS, (m + blocks * ROWS - 1) / (blocks * ROWS) * ROWS);
}

/** Number of tiles of some rows. */
// @ts-ignore: decorator
@inline
export function tilesOf(rows: i32): i32 {
  return (rows + ROWS - 1) / ROWS;
}

/** Bytes of the sums of a tile with all panels of n columns. */
export function sumsOfTile(n: i32): usize {
  return <usize> panelsOf(n) * SUMS_OF_PANEL;
}

/** Bytes of scratch space for the sums of n columns. */
export function sumsBytes(n: i32): f64 {
  return <f64> (BLOCK / ROWS) * <f64> sumsOfTile(n);
}
