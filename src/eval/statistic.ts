/**
 * Metrics as functions of how often each image counts, which is what resampling needs.
 *
 * @module
 */

import { ACCURACIES } from "./accuracy.ts";
import type { ImageTable } from "./image_table.ts";
import type { Metric } from "./metric.ts";
import type { RecallEvaluator } from "./evaluator.ts";
import { harmonicMean } from "./sums.ts";

/** A metric of a set of images; `weights` says how often each one is in it. */
export type Statistic = (weights: ArrayLike<number>) => number;

/** A metric at one K, ready for resampling. */
export interface NamedStatistic {
  /** Name of the metric. */
  metric: string;
  /** After how many candidates; null for metrics that have no K. */
  k: number | null;
  /** Number of images that have rows that count. */
  images: number;
  /** Its value for weights. */
  statistic: Statistic;
  /** What each image adds: hits (or right labels), and rows; for metrics that add up. */
  perImage?: { hits: Float64Array; rows: Float64Array };
}

/**
 * Every metric of an evaluator at every K.
 *
 * @param evaluator One with `keepImages`.
 * @returns One entry a metric and K, in the order of `result().values`.
 * @throws {TypeError} If the evaluator kept no images.
 */
export function statisticsOf(evaluator: RecallEvaluator): NamedStatistic[] {
  const { table, metrics, ks } = evaluator;
  if (!table) {
    throw new TypeError('Cannot resample images as none were kept: give "keepImages"');
  }
  return metrics.flatMap((metric) =>
    metric.kind === "accuracy"
      ? accuracies(table)
      : ks.map((k) => recallStatistic(evaluator, table, metric, k))
  );
}

function accuracies(table: ImageTable): NamedStatistic[] {
  return Object.entries(ACCURACIES).flatMap(([metric, [right, all]]) => {
    const hits = table.counts(right), rows = table.counts(all);
    const images = rows.reduce((n, count) => count > 0 ? n + 1 : n, 0);
    if (images === 0) return [];
    const statistic = ratio(hits, rows);
    return [{ metric, k: null, images, statistic, perImage: { hits, rows } }];
  });
}

function recallStatistic(
  evaluator: RecallEvaluator,
  table: ImageTable,
  metric: Metric,
  k: number,
): NamedStatistic {
  const size = table.ids.length, list = evaluator.listOf(metric);
  const hits = new Float64Array(size), rows = new Float64Array(size);
  table.forEachRow(list, metric.rows, (image, _, rank) => {
    rows[image]++;
    if (rank < k) hits[image]++;
  });
  const images = rows.reduce((n, count) => count > 0 ? n + 1 : n, 0);
  const isPooled = metric.isPooled || evaluator.protocol.aggregate === "pooled";
  const recall = isPooled ? ratio(hits, rows) : ratio(
    hits.map((count, image) => rows[image] > 0 ? count / rows[image] : 0),
    rows.map((count) => count > 0 ? 1 : 0),
  );
  const named = { metric: metric.name, k, images };
  if (metric.kind === "recall") {
    return { ...named, statistic: recall, perImage: { hits, rows } };
  }
  const mean = meanOverPredicates(evaluator, table, list, k);
  if (metric.kind === "mean") return { ...named, statistic: mean };
  return { ...named, statistic: (w) => harmonicMean(recall(w), mean(w)) };
}

/** Weighted sum over weighted sum. */
function ratio(above: Float64Array, below: Float64Array): Statistic {
  return (weights) => {
    let a = 0, b = 0;
    for (let image = 0; image < above.length; image++) {
      a += weights[image] * above[image];
      b += weights[image] * below[image];
    }
    return a / b;
  };
}

function meanOverPredicates(
  { protocol, numPredicates = 0 }: RecallEvaluator,
  table: ImageTable,
  list: number,
  k: number,
): Statistic {
  // One entry for each image and predicate in it.
  const images: number[] = [], predicates: number[] = [];
  const above: number[] = [], below: number[] = [];
  let current = -1, first = 0;
  table.forEachRow(list, "all", (image, predicate, rank) => {
    if (image !== current) [current, first] = [image, images.length];
    let entry = predicates.indexOf(predicate, first);
    if (entry < 0) {
      entry = images.push(image) - 1;
      predicates.push(predicate);
      above.push(0);
      below.push(0);
    }
    below[entry]++;
    if (rank < k) above[entry]++;
  });
  const isPooled = protocol.perPredicate === "pooled";
  const a = Float64Array.from(above, (hits, i) => isPooled ? hits : hits / below[i]);
  const b = Float64Array.from(below, (rows) => isPooled ? rows : 1);
  const imageOf = Int32Array.from(images), predicateOf = Int32Array.from(predicates);
  const sums = new Float64Array(numPredicates), totals = new Float64Array(numPredicates);
  return (weights) => {
    sums.fill(0);
    totals.fill(0);
    for (let i = 0; i < a.length; i++) {
      const weight = weights[imageOf[i]];
      sums[predicateOf[i]] += weight * a[i];
      totals[predicateOf[i]] += weight * b[i];
    }
    let total = 0, count = 0;
    for (let p = 0; p < numPredicates; p++) {
      if (totals[p] > 0) total += sums[p] / totals[p];
      if (totals[p] > 0 || protocol.absentPredicates === "zero") count++;
    }
    return total / count;
  };
}
