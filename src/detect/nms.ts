/**
 * Non-maximum suppression: of boxes of one class that lie on each other, the likeliest.
 *
 * @module
 */

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
      labels[j] === labels[i] && overlap(boxes, i, j) >= greatestOverlap
    );
    if (!isCovered) kept.push(i);
  }
  return kept;
}

/** Intersection over union of two boxes. */
function overlap(boxes: ArrayLike<number>, i: number, j: number): number {
  const side = (axis: 0 | 1) =>
    Math.max(
      0,
      Math.min(boxes[4 * i + axis + 2], boxes[4 * j + axis + 2]) -
        Math.max(boxes[4 * i + axis], boxes[4 * j + axis]),
    );
  const area = (k: number) =>
    (boxes[4 * k + 2] - boxes[4 * k]) * (boxes[4 * k + 3] - boxes[4 * k + 1]);
  const both = side(0) * side(1);
  return both > 0 ? both / (area(i) + area(j) - both) : 0;
}
