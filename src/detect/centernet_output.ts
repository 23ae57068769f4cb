/**
 * Reads the output of CenterNet.
 *
 * @module
 */

import type { Detections } from "../detections.ts";
import { COCO_NAMES } from "./coco_names.ts";
import { suppressOverlaps } from "./nms.ts";
import type { Placement } from "./place.ts";

/** Side of the square input in pixels. */
export const SIDE = 512;
/** Side of a cell of the heat maps, in pixels of the input. */
const CELL = 4;
/** Cells along each side. */
const CELLS = SIDE / CELL;
/** Numbers of a detection: four sides, score, class. */
const FIELDS = 6;
/**
 * Power of the beliefs that fits 518 boxes in 120 photographs of COCO best, as
 * `deno task build:doubt` measures it.
 */
export const POWER = 3.2;
/** Boxes of one class that overlap more are one entity; chosen as the threshold was. */
const GREATEST_OVERLAP = 0.7;

/** What the network says of one photograph. */
export interface CenterNetOutput {
  /** `[100, 6]`: left, top, right, bottom in pixels of the input, score, class. */
  detections: Float32Array;
  /** `[128, 128, 80]`: belief in a class at the middle of an entity, by row and column. */
  heat: Float32Array;
}

/**
 * Reads the detections. The network names a box once for each class that it takes it for;
 * here it comes once, with the whole column of the heat maps at its middle as beliefs.
 *
 * @param output The output.
 * @param placement Where the photograph lies in the input.
 * @param minBelief Least score of a box.
 * @returns The boxes, likeliest first.
 */
export function readCenterNet(
  { detections, heat }: CenterNetOutput,
  { imageWidth, imageHeight, left, top, scaleX, scaleY }: Placement,
  minBelief: number,
): Detections {
  const classes = COCO_NAMES, k = classes.length;
  const seen = new Set<number>();
  const boxes: number[] = [], cells: number[] = [];
  const labels: number[] = [], scores: number[] = [];
  for (let at = 0; at < detections.length; at += FIELDS) {
    const [x1, y1, x2, y2, score, label] = detections.subarray(at, at + FIELDS);
    if (!(score >= minBelief)) continue;
    const cell = cellOf((x1 + x2) / 2, (y1 + y2) / 2, score, label, heat);
    if (seen.has(cell)) continue;
    seen.add(cell);
    cells.push(cell);
    labels.push(label);
    scores.push(score);
    boxes.push((x1 - left) * scaleX, (y1 - top) * scaleY);
    boxes.push((x2 - left) * scaleX, (y2 - top) * scaleY);
  }
  const kept = suppressOverlaps(boxes, labels, scores, GREATEST_OVERLAP);
  const beliefs = new Float32Array(kept.length * k);
  for (const [row, i] of kept.entries()) {
    beliefs.set(heat.subarray(cells[i] * k, (cells[i] + 1) * k), row * k);
  }
  return {
    ...{ imageWidth, imageHeight, classes, beliefs, power: POWER },
    boxes: Float32Array.from(kept.flatMap((i) => boxes.slice(4 * i, 4 * i + 4))),
  };
}

/**
 * The cell that a detection comes from. Its score is the heat there, and it is the middle
 * of the box or near it, as the four distances to the sides differ.
 */
function cellOf(
  x: number,
  y: number,
  score: number,
  label: number,
  heat: Float32Array,
): number {
  const clamp = (value: number) =>
    Math.max(0, Math.min(CELLS - 1, Math.floor(value / CELL)));
  const middle = clamp(y) * CELLS + clamp(x), k = COCO_NAMES.length;
  if (heat[middle * k + label] === score) return middle;
  let nearest = middle, least = Infinity;
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    if (heat[cell * k + label] !== score) continue;
    const [row, column] = [Math.floor(cell / CELLS), cell % CELLS];
    const distance = (column - x / CELL) ** 2 + (row - y / CELL) ** 2;
    if (distance < least) [nearest, least] = [cell, distance];
  }
  return nearest;
}
