/**
 * Everything that an evaluation adds up, image by image, in constant memory.
 *
 * @module
 */

import {
  ACCURACIES,
  ACCURACY_COUNTS,
  type AccuracyCounts,
  noCounts,
} from "./accuracy.ts";
import { isInSubset } from "./image_table.ts";
import { listKey, type Metric, parseMetric } from "./metric.ts";
import type { Outcome } from "./matching/image_ranks.ts";
import type { Protocol } from "./protocol.ts";
import type { MetricValue, PredicateValue } from "./result.ts";
import { PredicateTallies, Tally } from "./tally.ts";

/** The sums of one evaluation. */
export class Sums {
  /** Images that count. */
  images = 0;
  /** Right labels, one by one. */
  readonly accuracy: AccuracyCounts = noCounts();
  readonly #protocol: Protocol;
  readonly #metrics: readonly Metric[];
  readonly #ks: readonly number[];
  readonly #listOf: (metric: Metric) => number;
  /** Several metrics may share one. */
  readonly #tallies = new Map<string, Tally>();
  readonly #perPredicate = new Map<string, PredicateTallies>();

  /**
   * @param protocol Says how recalls are averaged.
   * @param metrics What is added up.
   * @param ks Numbers of candidates.
   * @param listOf Index of the ranked list that a metric looks at.
   */
  constructor(
    protocol: Protocol,
    metrics: readonly Metric[],
    ks: readonly number[],
    listOf: (metric: Metric) => number,
  ) {
    this.#protocol = protocol;
    this.#metrics = metrics.filter(({ kind }) => kind !== "accuracy");
    this.#ks = ks;
    this.#listOf = listOf;
  }

  /** Takes one image. */
  add(outcome: Outcome, counts: AccuracyCounts): void {
    this.images++;
    for (const name of ACCURACY_COUNTS) this.accuracy[name] += counts[name];
    const done = new Set<Tally | PredicateTallies>();
    for (const metric of this.#metrics) {
      const ranks = outcome.ranks[this.#listOf(metric)];
      const tally = this.#tallyOf(metric);
      if (!done.has(tally)) this.#addTo(tally, metric, outcome, ranks);
      done.add(tally);
      if (metric.kind === "recall") continue;
      const tallies = this.#talliesOf(metric);
      if (!done.has(tallies)) this.#addByPredicate(tallies, outcome, ranks);
      done.add(tallies);
    }
  }

  #addTo(tally: Tally, { rows }: Metric, { flags }: Outcome, ranks: Uint16Array): void {
    const chosen: number[] = [];
    for (let r = 0; r < ranks.length; r++) {
      if (isInSubset(flags[r], rows)) chosen.push(ranks[r]);
    }
    tally.add(chosen.length, this.#hits(chosen));
  }

  #addByPredicate(
    all: PredicateTallies,
    { predicates }: Outcome,
    ranks: Uint16Array,
  ): void {
    const byPredicate = new Map<number, number[]>();
    for (let r = 0; r < ranks.length; r++) {
      const chosen = byPredicate.get(predicates[r]);
      if (chosen) chosen.push(ranks[r]);
      else byPredicate.set(predicates[r], [ranks[r]]);
    }
    for (const [predicate, chosen] of byPredicate) {
      all.of(predicate).add(chosen.length, this.#hits(chosen));
    }
  }

  /** How many ranks are below each K. */
  #hits(ranks: readonly number[]): number[] {
    return this.#ks.map((k) => {
      let hits = 0;
      for (const rank of ranks) if (rank < k) hits++;
      return hits;
    });
  }

  #tallyOf({ list, rows }: Metric): Tally {
    const key = `${listKey(list)} ${rows}`;
    let tally = this.#tallies.get(key);
    if (!tally) this.#tallies.set(key, tally = new Tally(this.#ks.length));
    return tally;
  }

  #talliesOf({ list }: Metric): PredicateTallies {
    const key = listKey(list);
    let tallies = this.#perPredicate.get(key);
    if (!tallies) {
      this.#perPredicate.set(key, tallies = new PredicateTallies(this.#ks.length));
    }
    return tallies;
  }

  /** Takes all that other sums of the same metrics took. */
  merge(other: Sums): void {
    this.images += other.images;
    for (const name of ACCURACY_COUNTS) this.accuracy[name] += other.accuracy[name];
    const done = new Set<Tally | PredicateTallies>();
    for (const metric of this.#metrics) {
      const tally = this.#tallyOf(metric);
      if (!done.has(tally)) tally.merge(other.#tallyOf(metric));
      done.add(tally);
      if (metric.kind === "recall") continue;
      const tallies = this.#talliesOf(metric);
      if (!done.has(tallies)) tallies.merge(other.#talliesOf(metric));
      done.add(tallies);
    }
  }

  /**
   * The numbers of one metric.
   *
   * @param metric One of those that are added up.
   * @param numPredicates How many predicates there are, if it is known.
   * @throws {RangeError} If a mean over predicates needs their number.
   */
  valuesOf(metric: Metric, numPredicates: number | undefined): MetricValue[] {
    if (metric.kind === "accuracy") {
      return Object.entries(ACCURACIES).flatMap(([name, [right, all]]) => {
        if (this.accuracy[all] === 0) return [];
        const value = this.accuracy[right] / this.accuracy[all];
        return [{ metric: name, k: null, value, images: this.images }];
      });
    }
    const { images } = this.#tallyOf(metric);
    return this.#ks.map((k, i) => {
      const value = this.#valueOf(metric, i, numPredicates);
      return { metric: metric.name, k, value, images };
    });
  }

  #valueOf(metric: Metric, i: number, numPredicates: number | undefined): number {
    const { aggregate, perPredicate, absentPredicates } = this.#protocol;
    const recall = this.#tallyOf(metric).recall(
      i,
      metric.isPooled ? "pooled" : aggregate,
    );
    if (metric.kind === "recall") return recall;
    if (numPredicates === undefined) {
      throw new RangeError(
        `Cannot compute ${metric.name} as no prediction tells how many predicates there are: give "numPredicates"`,
      );
    }
    const mean = this.#talliesOf(metric)
      .mean(i, numPredicates, perPredicate, absentPredicates);
    return metric.kind === "mean" ? mean : harmonicMean(recall, mean);
  }

  /** One entry a predicate and K, for a mean over predicates. */
  predicateValues(metric: Metric, numPredicates = 0): PredicateValue[] {
    const tallies = this.#talliesOf(metric);
    const { name } = parseMetric(metric.name.replace("mR", "R"));
    return Array.from({ length: numPredicates }, (_, predicate) => {
      const tally = tallies.of(predicate), { images, rows } = tally;
      return this.#ks.map((k, i) => {
        const value = tally.recall(i, this.#protocol.perPredicate);
        return { predicate, metric: name, k, images, rows, hits: tally.hits(i), value };
      });
    }).flat();
  }
}

/** F1 of two recalls, 0 if both are. */
export function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : 2 * a * b / (a + b);
}
