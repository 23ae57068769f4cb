/**
 * Finds the images that context helped and hurt most.
 *
 * @module
 */

import type { RecallEvaluator } from "./evaluator.ts";

/** An image and how many of its annotated relations two systems found. */
export interface ChangedImage {
  /** Id of the image. */
  image: string;
  /** The recall that decides, such as `R`. */
  metric: string;
  /** After how many candidates. */
  k: number;
  /** Number of annotated rows that count. */
  rows: number;
  /** Rows that the system found. */
  hits: number;
  /** Rows that the baseline found. */
  baseline: number;
}

/**
 * Finds the images on which the recall of a system is highest above, and furthest below,
 * that of a baseline; among equals those with more rows, then those that were scored first.
 *
 * @param evaluator Results of the system.
 * @param baseline Results of the baseline on the same images in the same order.
 * @param count Number of images of each kind.
 * @param k After how many candidates: one of the evaluators' `ks`.
 * @returns At most that many of each, all with a difference; none if the metrics have no
 * recall of all rows.
 */
export function changedImages(
  evaluator: RecallEvaluator,
  baseline: RecallEvaluator,
  count: number,
  k: number,
): { helped: ChangedImage[]; hurt: ChangedImage[] } {
  const others = baseline.imageResults();
  const images: ChangedImage[] = [];
  for (const { image, isScored, hits } of evaluator.imageResults()) {
    const other = others.next().value;
    const isRecall = (each: { metric: string; k: number }) =>
      each.k === k && /^(ng)?R(\/\d+)?$/.test(each.metric);
    const mine = hits.find(isRecall), theirs = other?.hits.find(isRecall);
    if (!isScored || !mine || !theirs || mine.hits === theirs.hits) continue;
    const { metric, rows } = mine;
    images.push({ image, metric, k, rows, hits: mine.hits, baseline: theirs.hits });
  }
  const gain = ({ hits, baseline, rows }: ChangedImage) => (hits - baseline) / rows;
  const sorted = (sign: number) =>
    images.filter((image) => sign * gain(image) > 0)
      .sort((a, b) => sign * (gain(b) - gain(a)) || b.rows - a.rows)
      .slice(0, count);
  return { helped: sorted(1), hurt: sorted(-1) };
}
