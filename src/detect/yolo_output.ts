/**
 * Reads the output of YOLO models.
 *
 * @module
 */

import type { Detections } from "../detections.ts";
import { suppressOverlaps } from "./nms.ts";
import type { Placement } from "./place.ts";

/**
 * How the numbers of a box lie. `head` numbers come before the K of the classes: the middle,
 * width and height, and with 5 the belief that there is anything (YOLOv5). `isTransposed`:
 * each kind of number has a row, as in YOLOv8 and later.
 */
export interface YoloLayout {
  /** Number of boxes. */
  count: number;
  head: 4 | 5;
  isTransposed: boolean;
}

/** Boxes of one class that overlap more are one entity, as in Ultralytics' programs. */
const GREATEST_OVERLAP = 0.7;

/**
 * Tells the layout by the shape of the output and the number of classes.
 *
 * @param shape The shape of the output.
 * @param numClasses K.
 * @returns The layout; `undefined` if the shape is of none.
 */
export function yoloLayout(
  shape: readonly number[],
  numClasses: number,
): YoloLayout | undefined {
  const [batch, rows, columns] = shape;
  if (shape.length !== 3 || batch !== 1) return undefined;
  for (const head of [4, 5] as const) {
    const size = head + numClasses;
    // A model of as many boxes as numbers would be read as YOLOv8's.
    if (rows === size) return { count: columns, head, isTransposed: true };
    if (columns === size) return { count: rows, head, isTransposed: false };
  }
  return undefined;
}

/** Numbers of a box whose model has chosen its class: four sides, belief, class. */
const CHOSEN = 6;

/**
 * Whether an output is `[1, N, 6]` of boxes whose class is chosen (YOLOv10, YOLO26, exports
 * with `nms=True`). With one or two classes, other layouts have that shape too; then each
 * row must end with the index of a class, which a belief is not.
 *
 * @param values The output.
 * @param shape Its shape.
 * @param numClasses K.
 */
export function isChosen(
  values: ArrayLike<number>,
  shape: readonly number[],
  numClasses: number,
): boolean {
  const [batch, rows, columns] = shape;
  if (shape.length !== 3 || batch !== 1 || columns !== CHOSEN) return false;
  if (yoloLayout(shape, numClasses) === undefined) return true;
  for (let row = 0; row < rows; row++) {
    const label = values[row * CHOSEN + CHOSEN - 1];
    if (!(Number.isInteger(label) && label >= -1 && label < numClasses)) return false;
  }
  return true;
}

/** Sides of boxes that are shares of the input are no greater; pixels are. */
const GREATEST_SHARE = 2;

/**
 * Reads boxes of which the model has chosen the class, and dropped those that overlap.
 *
 * @param values The output, `[1, N, 6]`: left, top, right, bottom, belief, class.
 * @param placement Where the photograph lies in the input.
 * @param options Names of the K classes, and the least belief in a box.
 * @returns The boxes in the model's order; each has the belief in one class.
 */
export function readChosen(
  values: ArrayLike<number>,
  { imageWidth, imageHeight, left, top, scaleX, scaleY }: Placement,
  { classes, minBelief }: { classes: readonly string[]; minBelief: number },
): Detections {
  const rows: number[] = [];
  for (let at = 0; at < values.length; at += CHOSEN) {
    const label = values[at + 5];
    if (values[at + 4] >= minBelief && label >= 0 && label < classes.length) {
      rows.push(at);
    }
  }
  const beliefs = new Float32Array(rows.length * classes.length);
  for (const [row, at] of rows.entries()) {
    beliefs[row * classes.length + Math.round(values[at + 5])] = values[at + 4];
  }
  const boxes = rows.flatMap((at) => [
    (values[at] - left) * scaleX,
    (values[at + 1] - top) * scaleY,
    (values[at + 2] - left) * scaleX,
    (values[at + 3] - top) * scaleY,
  ]);
  const size = { imageWidth, imageHeight, classes };
  return { ...size, boxes: Float32Array.from(boxes), beliefs };
}

/**
 * Reads the boxes.
 *
 * @param values The output, `[1, head + K, N]` or `[1, N, head + K]`: beliefs from 0 to 1.
 * @param layout Its layout.
 * @param placement Where the photograph lies in the input.
 * @param options Names of the K classes, the least belief in a box, and width and height of
 * the input, with which shares are multiplied: RT-DETR's boxes are shares of it.
 * @returns The boxes that remain where several of one class overlap, likeliest first.
 */
export function readYolo(
  values: ArrayLike<number>,
  { count, head, isTransposed }: YoloLayout,
  { imageWidth, imageHeight, left, top, scaleX, scaleY }: Placement,
  { classes, minBelief, size }: {
    classes: readonly string[];
    minBelief: number;
    size: readonly [width: number, height: number];
  },
): Detections {
  const k = classes.length;
  const [step, stride] = isTransposed ? [count, 1] : [1, head + k];
  let greatest = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 4; j++) {
      greatest = Math.max(greatest, values[i * stride + j * step]);
    }
  }
  const [across, down] = greatest <= GREATEST_SHARE ? size : [1, 1];
  const boxes: number[] = [], labels: number[] = [], scores: number[] = [];
  const rows: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = (field: number) => values[i * stride + field * step];
    const factor = head === 5 ? at(4) : 1;
    let label = 0;
    for (let j = 1; j < k; j++) if (at(head + j) > at(head + label)) label = j;
    const score = factor * at(head + label);
    if (!(score >= minBelief)) continue;
    const [x, width] = [at(0) * across, at(2) * across];
    const [y, height] = [at(1) * down, at(3) * down];
    boxes.push((x - width / 2 - left) * scaleX, (y - height / 2 - top) * scaleY);
    boxes.push((x + width / 2 - left) * scaleX, (y + height / 2 - top) * scaleY);
    labels.push(label);
    scores.push(score);
    rows.push(i);
  }
  const kept = suppressOverlaps(boxes, labels, scores, GREATEST_OVERLAP);
  const beliefs = new Float32Array(kept.length * k);
  for (const [row, j] of kept.entries()) {
    const at = (field: number) => values[rows[j] * stride + field * step];
    const factor = head === 5 ? at(4) : 1;
    for (let label = 0; label < k; label++) {
      beliefs[row * k + label] = factor * at(head + label);
    }
  }
  return {
    ...{ imageWidth, imageHeight, classes, beliefs },
    boxes: Float32Array.from(kept.flatMap((j) => boxes.slice(4 * j, 4 * j + 4))),
  };
}
