/**
 * How much two boxes overlap.
 *
 * @module
 */

/**
 * Computes the intersection over union of two boxes.
 *
 * @param a Boxes `[_, 4]`: left, top, right, bottom.
 * @param i Index of a box in `a`.
 * @param b Boxes `[_, 4]`.
 * @param j Index of a box in `b`.
 * @param pixel Added to widths and heights: 1 where a box includes its last pixel; default 0.
 * @returns The overlap, 0 to 1; 0 if the boxes do not overlap, or have no area.
 *
 * @example
 * ```ts
 * import { intersectionOverUnion } from "./overlap.ts";
 * // Two squares that share a quarter of each: 25 of 175.
 * const boxes = [0, 0, 10, 10, 5, 5, 15, 15];
 * if (intersectionOverUnion(boxes, 0, boxes, 1) !== 25 / 175) throw new Error();
 * ```
 */
export function intersectionOverUnion(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  pixel = 0,
): number {
  const p = 4 * i, q = 4 * j;
  const width = Math.min(a[p + 2], b[q + 2]) - Math.max(a[p], b[q]) + pixel;
  const height = Math.min(a[p + 3], b[q + 3]) - Math.max(a[p + 1], b[q + 1]) + pixel;
  if (!(width > 0 && height > 0)) return 0;
  const intersection = width * height;
  const areaA = (a[p + 2] - a[p] + pixel) * (a[p + 3] - a[p + 1] + pixel);
  const areaB = (b[q + 2] - b[q] + pixel) * (b[q + 3] - b[q + 1] + pixel);
  return intersection / (areaA + areaB - intersection);
}
