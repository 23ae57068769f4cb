/**
 * Non-maximum suppression: of boxes of one class that lie on each other, the likeliest.
 *
 * @module
 */

import { intersectionOverUnion } from "../overlap.ts";

/**
 * Chooses boxes.
 *
 * @param boxes `[N, 4]`: left, top, right, bottom.
 * @param labels `[N]`: index of the class.
 * @param scores `[N]`: the likeliest wins, of equal ones the first.
 * @param greatestOverlap Intersection over union from which on a box is dropped.
 * @returns Indices of the boxes that stay, likeliest first.
 */
export function suppressOverlaps(
  boxes: ArrayLike<number>,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  greatestOverlap: number,
): number[] {
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  const kept: number[] = [];
  for (const i of order) {
    const isCovered = kept.some((j) =>
      labels[j] === labels[i] &&
      intersectionOverUnion(boxes, i, boxes, j) >= greatestOverlap
    );
    if (!isCovered) kept.push(i);
  }
  return kept;
}
