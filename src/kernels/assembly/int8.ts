/**
 * Hidden layers in 8 bits, in the relaxed build only; their sums are exact on every machine.
 *
 * The product works as in float32 (`multiply.ts`), with four inputs in place of one number.
 * `build/int8_tile_source.ts` generates `int8_tile.ts`.
 */

import { planTouchesOfW } from "./ahead";
import { finishInt8With, finishTile, rowBytes } from "./int8_finish";
import { multiplyByDots, multiplyByPairs } from "./int8_tile";
import { depthOf, panelsBytes, panelsOf } from "./pack";
import { heightOfBlocks, sumsOfTile, tilesOf } from "./sums";
import { keepRows, ROWS } from "./tile";

export { quantize } from "./int8_finish";

/**
 * The sum of four products of a weight and an input, by the relaxed instruction. For 127 and
 * 255, which is no valid input, it tells how this machine sums: the result is 2 x 32767
 * where x86 cuts off sums of two products at 16 bits.
 */
export function dotProduct(weight: i32, input: i32): i32 {
  const weights = i8x16.splat(<i8> weight), inputs = i8x16.splat(<i8> input);
  const zero = i32x4.splat(0);
  return i32x4.extract_lane(i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, inputs, zero), 0);
}

/**
 * One layer: relu(x W * scales + biases), with x `[m, rowBytes(k)]` in 8 bits. Each number
 * of the packed W holds the weights of 4 inputs (`packColumns`). The output is 8-bit
 * `[m, rowBytes(n)]` if `quantaOfY` is set, else float32 `[m, n]`. Scales, biases and quanta
 * are `[n]`, padded to whole panels. `byDots` chooses one of two ways to sum, which give the
 * same results.
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
  sums: usize,
  byDots: bool,
): void {
  finishInt8With(scales, biases, quantaOfY);
  const stride = rowBytes(k), quads = <i32> (stride >> 2), most = depthOf(quads);
  const height = heightOfBlocks(m);
  for (let block = 0; block < m; block += height) {
    const end = min(m, block + height);
    let w = packed;
    for (let p = 0; p < quads; p += most) {
      const depth = min(most, quads - p), next = w + panelsBytes(depth, n);
      const ahead = block > 0 ? 0 : min(most, quads - p - depth);
      // Only multiplyByDots touches w; multiplyByPairs takes longer, so it waits less.
      planTouchesOfW(tilesOf(end - block) * panelsOf(n), next, panelsBytes(ahead, n));
      let to = sums;
      for (let row = block; row < end; row += ROWS) {
        const rows = min(ROWS, end - row);
        keepRows(x + <usize> row * stride + (<usize> p << 2), stride, rows, depth);
        if (byDots) multiplyByDots(w, to, n, depth, p == 0);
        else multiplyByPairs(w, to, n, depth, p == 0);
        to += sumsOfTile(n);
      }
      w = next;
    }
    let from = sums;
    for (let row = block; row < end; row += ROWS) {
      y = finishTile(from, y, n, min(ROWS, end - row));
      from += sumsOfTile(n);
    }
  }
}
