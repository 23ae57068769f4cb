/**
 * The images on which two systems differ most.
 *
 * @module
 */

import type { RecallEvaluator } from "../evaluator.ts";
import type { MetricStatistic } from "../metric_values.ts";

/** One image as two systems see it. */
export interface DifferingImage {
  /** Its id. */
  image: string;
  /** Number of rows that the first system finds (or labels it has right). */
  a: number;
  /** Number of rows that the second one finds. */
  b: number;
  /** Number of rows that count. */
  rows: number;
}

/**
 * Finds the images whose recalls differ most, at the greatest K of the first metric that
 * adds up over images.
 *
 * @param a One system.
 * @param b Another one on the same images in the same order.
 * @param count How many images to return at most.
 * @returns The metric, and images by descending difference. Of equal differences, images
 * with more rows come first, then earlier ones.
 * @throws {RangeError} If no metric adds up over images.
 */
export function differingImages(
  a: RecallEvaluator,
  b: RecallEvaluator,
  count: number,
): { metric: string; k: number | null; images: DifferingImage[] } {
  const mine = a.statistics(), theirs = b.statistics();
  const name = mine.find(({ perImage }) => perImage)?.metric;
  const chosen = mine.findLast(({ metric }) => metric === name);
  if (name === undefined || chosen === undefined) {
    throw new RangeError(
      `Cannot compare images by ${
        mine[0].metric
      } as it does not add up over images: ask for R too`,
    );
  }
  const { metric, k } = chosen;
  const other = theirs.find((one) => one.metric === metric && one.k === k)!;
  const ofA = countsByImage(chosen), ofB = countsByImage(other);
  const recall = ({ hits, rows }: Counts) => rows > 0 ? hits / rows : 0;
  const compared = a.imageIds.map((image, i) => {
    const ours = ofA.get(i) ?? NONE, others = ofB.get(i) ?? NONE;
    const difference = Math.abs(recall(ours) - recall(others));
    return { image, a: ours.hits, b: others.hits, rows: ours.rows, difference };
  });
  // Equal images stay in their order, as the sort is stable.
  const images = compared.filter(({ difference }) => difference > 0)
    .sort((x, y) => y.difference - x.difference || y.rows - x.rows)
    .slice(0, count).map(({ image, a, b, rows }) => ({ image, a, b, rows }));
  return { metric, k, images };
}

interface Counts {
  hits: number;
  rows: number;
}

const NONE: Counts = { hits: 0, rows: 0 };

function countsByImage({ perImage }: MetricStatistic): Map<number, Counts> {
  const { images, hits, rows } = perImage!;
  return new Map(
    Array.from(images, (image, i) => [image, { hits: hits[i], rows: rows[i] }]),
  );
}
