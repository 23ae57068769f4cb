/** Where sums of a block of rows wait, in scratch space, until they are finished. */

import { PANEL } from "./pack";
import { ROWS, SUMS_OF_PANEL } from "./tile";

/**
 * Rows of y that are finished before the next ones, whole tiles: their sums and the packed
 * matrix, which is read again for each block, fit in the L2 cache.
 */
export const BLOCK: i32 = 48;

/** Bytes of the sums of a tile with all panels. */
export function sumsOfTile(n: i32): usize {
  return <usize> ((n + PANEL - 1) / PANEL) * SUMS_OF_PANEL;
}

/** Bytes of scratch space for the sums of n columns. */
export function sumsBytes(n: i32): f64 {
  return <f64> (BLOCK / ROWS) * <f64> sumsOfTile(n);
}
