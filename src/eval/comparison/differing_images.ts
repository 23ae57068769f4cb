/**
 * Where two systems differ.
 *
 * @module
 */

import type { RecallEvaluator } from "../evaluator.ts";
import { statisticsOf } from "../statistic.ts";

/** One image as two systems see it. */
export interface DifferingImage {
  /** Its id. */
  image: string;
  /** Rows that the first system finds (or labels it has right). */
  a: number;
  /** Rows that the second one finds. */
  b: number;
  /** Rows that count. */
  rows: number;
}

/**
 * The images whose recalls differ most, at the greatest K of the first metric that adds
 * up over images.
 *
 * @param a One system, with `keepImages`.
 * @param b Another one on the same images in the same order.
 * @param count How many images, at most.
 * @returns The metric, and images by descending difference; of equal ones those with
 * more rows, then the earlier, come first.
 * @throws {RangeError} If no metric adds up over images.
 */
export function differingImages(
  a: RecallEvaluator,
  b: RecallEvaluator,
  count: number,
): { metric: string; k: number | null; images: DifferingImage[] } {
  const mine = statisticsOf(a), theirs = statisticsOf(b);
  const name = mine.find(({ perImage }) => perImage)?.metric;
  const at = mine.findLastIndex(({ metric }) => metric === name);
  if (name === undefined) {
    throw new RangeError(
      `Cannot compare images by ${
        mine[0].metric
      } as it does not add up over images: ask for R too`,
    );
  }
  const { metric, k } = mine[at];
  const { hits, rows } = mine[at].perImage!;
  const other = theirs.find((one) => one.metric === metric && one.k === k)!.perImage!;
  const recall = (hits: number, rows: number) => rows > 0 ? hits / rows : 0;
  const difference = (i: number) =>
    Math.abs(recall(hits[i], rows[i]) - recall(other.hits[i], other.rows[i]));
  const order = a.table!.ids.map((_, i) => i).filter((i) => difference(i) > 0)
    .sort((i, j) => difference(j) - difference(i) || rows[j] - rows[i] || i - j);
  const images = order.slice(0, count).map((i) => {
    return { image: a.table!.ids[i], a: hits[i], b: other.hits[i], rows: rows[i] };
  });
  return { metric, k, images };
}
