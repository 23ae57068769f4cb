/**
 * The values of metrics, computed from the records of the images.
 *
 * @module
 */

import { ACCURACIES } from "./accuracy.ts";
import { countHits, countHitsByPredicate, countLabels, sum } from "./hit_counts.ts";
import type { ImageRecords } from "./image_records.ts";
import type { Metric, NegativeMetric } from "./metric.ts";
import { JudgedRows } from "./negative_metrics.ts";
import { inverseDocumentFrequency, predicateGroup } from "./predicate_groups.ts";
import type { Protocol } from "./protocol.ts";
import type { TrainingTriplets } from "./zero_shot.ts";

/** The value of a metric at one K. */
export interface MetricValue {
  /** Name of the metric. */
  metric: string;
  /** After how many candidates; null for metrics that have no K. */
  k: number | null;
  /** A fraction; NaN if no row counts. */
  value: number;
  /** Number of images that have rows that count. */
  images: number;
}

/** The recall of one predicate at one K. */
export interface PredicateValue {
  /** Index of the predicate. */
  predicate: number;
  /** The list: `R`, `ngR`, `R/10`, ... */
  metric: string;
  /** After how many candidates. */
  k: number;
  /** Number of images that have the predicate. */
  images: number;
  /** Number of annotated rows that have it. */
  rows: number;
  /** Number of rows hit. */
  hits: number;
  /** Recall as the protocol takes it for one predicate; NaN without a row. */
  value: number;
}

/**
 * A metric as a function of the sample of images: `weights` says how often each image is
 * in it.
 */
export type Statistic = (weights: ArrayLike<number>) => number;

/** The value of a metric on all images, and on samples of them. */
export interface MetricStatistic extends MetricValue {
  /** Computes the value on a sample. */
  statistic: Statistic;
  /** Hits and rows (or right labels and labels) of images, for metrics that add up. */
  perImage?: {
    images: ArrayLike<number>;
    rows: ArrayLike<number>;
    hits: ArrayLike<number>;
  };
}

/** Settings of {@linkcode metricStatistics}. */
export interface MetricSettings {
  /** The metrics, in the order of the values. */
  metrics: readonly Metric[];
  /** Numbers of candidates. */
  ks: readonly number[];
  /** Says how recalls are averaged. */
  protocol: Protocol;
  /** Number of predicates without "no relation", if it is known. */
  numPredicates?: number;
  /** Counts of training, for groups and weights of predicates. */
  training?: TrainingTriplets;
}

/**
 * Computes every metric at every K. Callers that need the values alone have the counts of
 * one metric in memory at a time.
 *
 * @param records Records of the images.
 * @param settings The metrics, and how recalls are averaged.
 * @throws {RangeError} If a mean over predicates needs their number and it is unknown.
 */
export function* metricStatistics(
  records: ImageRecords,
  settings: MetricSettings,
): Generator<MetricStatistic> {
  for (const metric of settings.metrics) {
    if (metric.kind === "accuracy") yield* accuracies(records);
    else if (metric.ofJudged) yield judgedValue(records, metric.ofJudged, settings);
    else yield* recalls(records, metric, settings);
  }
}

function judgedValue(
  records: ImageRecords,
  metric: NegativeMetric,
  { numPredicates = 0 }: MetricSettings,
): MetricStatistic {
  const judged = new JudgedRows(records.labelledRows(), numPredicates);
  const statistic = (weights?: ArrayLike<number>) => judged.value(metric, weights);
  return { metric, k: null, value: statistic(), images: judged.numImages, statistic };
}

function* accuracies(records: ImageRecords): Generator<MetricStatistic> {
  for (const [metric, [right, all]] of Object.entries(ACCURACIES)) {
    const counts = countLabels(records, right, all);
    const { images, rows, hits: [hits] } = counts;
    if (images.length === 0) continue;
    const statistic = (weights?: ArrayLike<number>) => counts.recall(0, weights);
    yield {
      metric,
      k: null,
      value: statistic(),
      images: images.length,
      statistic,
      perImage: { images, rows, hits },
    };
  }
}

function* recalls(
  records: ImageRecords,
  metric: Metric,
  { ks, protocol, numPredicates, training }: MetricSettings,
): Generator<MetricStatistic> {
  const { name, kind, group } = metric;
  const aggregate = metric.isPooled ? "pooled" : protocol.aggregate;
  const weightOf = kind === "weighted"
    ? memoized((predicate) => inverseDocumentFrequency(predicate, training!))
    : undefined;
  const all = countHits(records, metric, ks, aggregate, weightOf);
  const isOverRows = kind !== "mean" && kind !== "f1";
  if (!isOverRows && numPredicates === undefined) {
    throw new RangeError(
      `Cannot compute ${name} as no prediction tells how many predicates there are: give "numPredicates"`,
    );
  }
  const byPredicate = isOverRows ? [] : countHitsByPredicate(
    records,
    metric.list,
    ks,
    protocol.perPredicate,
    numPredicates!,
  ).filter((_, predicate) =>
    group === undefined || predicateGroup(predicate, training!) === group
  );
  const numImages = group === undefined
    ? all.images.length
    : new Set(byPredicate.flatMap(({ images }) => [...images])).size;
  // A ceiling is the same at every K.
  for (const [i, k] of kind === "ceiling" ? [[0, null] as const] : ks.entries()) {
    const statistic = (weights?: ArrayLike<number>): number => {
      if (isOverRows) return all.recall(i, weights);
      const recalls = byPredicate.map((counts) => counts.recall(i, weights));
      const mean = meanRecall(recalls, protocol.absentPredicates);
      return kind === "mean" ? mean : harmonicMean(all.recall(i, weights), mean);
    };
    const { images, rows, hits } = all;
    yield {
      metric: name,
      k,
      value: statistic(),
      images: numImages,
      statistic,
      perImage: kind === "recall" || kind === "ceiling"
        ? { images, rows, hits: hits[i] }
        : undefined,
    };
  }
}

/** A function that computes each value once. */
function memoized(compute: (index: number) => number): (index: number) => number {
  const known = new Map<number, number>();
  return (index) => {
    const value = known.get(index) ?? compute(index);
    known.set(index, value);
    return value;
  };
}

/** Mean of the recalls of predicates; NaN stands for one without a row. */
function meanRecall(
  recalls: readonly number[],
  absent: Protocol["absentPredicates"],
): number {
  let total = 0, count = 0;
  for (const recall of recalls) {
    if (!Number.isNaN(recall)) total += recall;
    if (!Number.isNaN(recall) || absent === "zero") count++;
  }
  return total / count;
}

/** F1 of two recalls; 0 if both are 0. */
function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : 2 * a * b / (a + b);
}

/** The recalls of all predicates, for each metric that is a mean over them. */
export function predicateValues(
  records: ImageRecords,
  { metrics, ks, protocol, numPredicates = 0 }: MetricSettings,
): PredicateValue[] {
  const { perPredicate } = protocol;
  const means = metrics.filter(({ kind, group }) => kind === "mean" && !group);
  return means.flatMap(({ name, list }) =>
    countHitsByPredicate(records, list, ks, perPredicate, numPredicates)
      .flatMap((counts, predicate) =>
        ks.map((k, i) => ({
          predicate,
          metric: name.replace("mR", "R"),
          k,
          images: counts.images.length,
          rows: sum(counts.rows),
          hits: sum(counts.hits[i]),
          value: counts.recall(i),
        }))
      )
  );
}
