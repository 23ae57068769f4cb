/**
 * Finds the images on which a system does worst.
 *
 * @module
 */

import type { RecallEvaluator } from "./evaluator.ts";
import type { ImageTriplet } from "./image_results.ts";

/** An image, and what was missed in it. */
export interface WorstImage {
  /** Id of the image. */
  image: string;
  /** The recall that decides, such as `R`. */
  metric: string;
  /** After how many candidates. */
  k: number;
  /** Number of annotated rows found. */
  hits: number;
  /** Number of annotated rows that count. */
  rows: number;
  /** The rows that are not among the first K. */
  missed: ImageTriplet[];
}

/**
 * Finds the images of least recall after the most candidates. Among images of equal recall
 * those with more missed rows come first, then those that were scored first.
 *
 * @param evaluator Results of a system.
 * @param count Number of images.
 * @returns At most that many, each with a missed row; none if the metrics have no recall
 * of all rows.
 */
export function worstImages(evaluator: RecallEvaluator, count: number): WorstImage[] {
  const k = Math.max(...evaluator.ks);
  const images: WorstImage[] = [];
  for (const { image, isScored, hits, triplets } of evaluator.imageResults()) {
    const of = hits.find((each) => each.k === k && /^(ng)?R(\/\d+)?$/.test(each.metric));
    if (!isScored || !of || of.hits === of.rows) continue;
    const { metric, hits: found, rows } = of;
    const missed = triplets.filter(({ ranks }) => !((ranks[metric] ?? Infinity) <= k));
    images.push({ image, metric, k, hits: found, rows, missed });
  }
  const recall = ({ hits, rows }: WorstImage) => hits / rows;
  return images
    .sort((a, b) => recall(a) - recall(b) || (b.rows - b.hits) - (a.rows - a.hits))
    .slice(0, count);
}
