/**
 * Tells the output of YOLOX models, which has the shape of YOLOv5's, and brings it into the
 * form of that.
 *
 * Source: Ge et al., "YOLOX" (arXiv 2107.08430), and `demo_postprocess` of its program.
 *
 * @module
 */

import type { YoloLayout } from "./yolo_output.ts";

/** Pixels of the input for a cell of each grid. YOLOX has one box a cell, YOLOv5 three. */
const STRIDES = [8, 16, 32];

/** Number of numbers before those of the classes: middle, size, belief in anything. */
const HEAD = 5;

type InputSize = readonly [width: number, height: number];

/** The cells in the order of their boxes: column, row and side in pixels. */
function* cellsOf(
  [width, height]: InputSize,
): Generator<readonly [column: number, row: number, side: number]> {
  for (const side of STRIDES) {
    const columns = Math.floor(width / side), rows = Math.floor(height / side);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) yield [column, row, side];
    }
  }
}

/**
 * Whether an output is YOLOX's. Version 6 of YOLO has as many boxes, but believes in each.
 *
 * @param values The output, `[1, N, 5 + K]`.
 * @param layout Its layout.
 * @param size Width and height of the input in pixels.
 */
export function isYolox(
  values: ArrayLike<number>,
  { count, head, isTransposed }: YoloLayout,
  size: InputSize,
): boolean {
  if (head !== HEAD || isTransposed || count !== [...cellsOf(size)].length) return false;
  const step = values.length / count;
  for (let at = HEAD - 1; at < values.length; at += step) {
    if (values[at] !== 1) return true;
  }
  return false;
}

/**
 * Brings boxes into pixels of the input. As exported, they are mostly places in their cells
 * and logarithms of sizes in cells; an export with `--decode_in_inference` has pixels,
 * whose middles reach across the input.
 *
 * @param values The output, `[1, N, 5 + K]`.
 * @param layout Its layout.
 * @param size Width and height of the input in pixels.
 * @returns The output with boxes in pixels: middle, width, height.
 */
export function decodeYolox(
  values: Float32Array,
  { count }: Pick<YoloLayout, "count">,
  size: InputSize,
): Float32Array {
  const step = values.length / count;
  let greatest = 0;
  for (let at = 0; at < values.length; at += step) {
    greatest = Math.max(greatest, values[at]);
  }
  if (greatest > size[0] / 2) return values;
  const decoded = values.slice();
  let at = 0;
  for (const [column, row, side] of cellsOf(size)) {
    decoded[at] = (values[at] + column) * side;
    decoded[at + 1] = (values[at + 1] + row) * side;
    decoded[at + 2] = Math.exp(values[at + 2]) * side;
    decoded[at + 3] = Math.exp(values[at + 3]) * side;
    at += step;
  }
  return decoded;
}
