/**
 * Features of each box beside its label: its coordinates, and its ranks among the boxes
 * of the image.
 *
 * @module
 */

import type { AnnotatedImage, Logits } from "../example.ts";

/** Number of features of a box: 14 as published, 12 without the position in the list. */
export const NUM_BOX_FEATURES = { default: 12, paper: 14 } as const;

/** The published program divides all coordinates by this, in pixels (defect 3). */
const PUBLISHED_SIZE = 1200;

/**
 * Computes the features of the N boxes of an image.
 *
 * In order: x1, y1, x2, y2; then the ranks of x1, -x1, y1, -y1, area, -area, the greatest
 * entity logit and its negative. By default coordinates are divided by the image's width
 * or height, and a rank is the number of smaller values (plus half the number of equal
 * others) divided by N, so that the order of the boxes does not matter. `"paper"` divides
 * coordinates by 1200, uses argsort (indices, not ranks: defect 1) and appends the box's
 * position counted from both ends of the list (defect 2).
 *
 * Source: arXiv 1802.05451, section 4; ARCHITECTURE.md lists the defects.
 *
 * @param image Boxes in pixels, `[N, 4]`, and entity logits, `[N, C]`.
 * @param numClasses C.
 * @param features The default features, or the published ones.
 * @returns `[N, 12]`; with `"paper"` `[N, 14]`.
 */
export function boxFeatures(
  image:
    & Pick<AnnotatedImage, "boxes" | "width" | "height">
    & Pick<Logits, "entityLogits">,
  numClasses: number,
  features: "default" | "paper",
): Float32Array {
  const { boxes, width, height, entityLogits } = image;
  const n = boxes.length / 4;
  const isPaper = features === "paper";
  const left: number[] = [],
    top: number[] = [],
    area: number[] = [],
    logit: number[] = [];
  for (let i = 0; i < n; i++) {
    const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4);
    left.push(x1);
    top.push(y1);
    area.push((x2 - x1) * (y2 - y1));
    let greatest = -Infinity;
    for (let c = i * numClasses; c < (i + 1) * numClasses; c++) {
      greatest = Math.max(greatest, entityLogits[c]);
    }
    logit.push(greatest);
  }
  const order = isPaper ? argsort : ranks;
  const columns = [left, top, area, logit].flatMap((values) => [
    order(values),
    order(values.map((value) => -value)),
  ]);
  if (isPaper) {
    columns.push(left.map((_, i) => i), left.map((_, i) => n - i));
  }
  const numFeatures = 4 + columns.length;
  const result = new Float32Array(n * numFeatures);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < 4; c++) {
      const size = isPaper ? PUBLISHED_SIZE : c % 2 === 0 ? width : height;
      result[i * numFeatures + c] = boxes[4 * i + c] / size;
    }
    columns.forEach((column, c) => result[i * numFeatures + 4 + c] = column[i]);
  }
  return result;
}

/** Indices that sort the values; ties keep the order of the list. */
function argsort(values: number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
}

/** Rank of each value: the share of values below it, where equal others count half. */
function ranks(values: number[]): number[] {
  return values.map((value, i) => {
    let less = 0;
    values.forEach((other, j) => {
      if (j !== i) less += other < value ? 1 : other === value ? 0.5 : 0;
    });
    return less / values.length;
  });
}
