/** Hidden layers in 8 bits, in the relaxed build only; the sums are exact everywhere. */

import { finishInt8With, rowBytes } from "./int8_finish";
import { multiplyPanelInt8 } from "./int8_tile";
import { PANEL } from "./pack";

export { quantize } from "./int8_finish";

/** Rows that are multiplied with all panels before the next rows: they fit in the L1 cache. */
const BLOCK: i32 = 40;

/**
 * Four products of a weight and an input, as this machine makes them: 2 x 32767 of 127 and
 * 255, which is no input, where x86 cuts off sums of two products at 16 bits on the way.
 */
export function dotProduct(weight: i32, input: i32): i32 {
  const weights = i8x16.splat(<i8> weight), inputs = i8x16.splat(<i8> input);
  const zero = i32x4.splat(0);
  return i32x4.extract_lane(i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, inputs, zero), 0);
}

/**
 * One layer: relu(x W * scales + biases), x `[m, rowBytes(k)]` in 8 bits, W packed. The
 * output is float32 `[m, n]`, or if there are quanta of it in 8 bits `[m, rowBytes(n)]`.
 * Scales, biases and quanta are `[n]`, padded to whole panels.
 * `byDots` tells which of the two ways to sum is taken: the results are the same.
 */
export function multiplyInt8(
  x: usize,
  packed: usize,
  y: usize,
  m: i32,
  k: i32,
  n: i32,
  scales: usize,
  biases: usize,
  quantaOfY: usize,
  byDots: bool,
): void {
  finishInt8With(scales, biases, quantaOfY);
  const stride = rowBytes(k), panelBytes = stride * <usize> PANEL;
  for (let block = 0; block < m; block += BLOCK) {
    const end = min(m, block + BLOCK);
    let panel = packed;
    for (let column = 0; column < n; column += PANEL) {
      multiplyPanelInt8(x, stride, panel, y, n, column, block, end, byDots);
      panel += panelBytes;
    }
  }
}
