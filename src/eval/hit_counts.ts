/**
 * How many annotated rows each image has and how many of them are hit. Every recall is a
 * mean of these shares, or a ratio of their sums.
 *
 * @module
 */

import type { AccuracyCounts } from "./accuracy.ts";
import type { ImageRecords } from "./image_records.ts";
import type { ListSpec, Metric } from "./metric.ts";
import type { Protocol } from "./protocol.ts";

/** Rows of one kind, such as those of one predicate, in the images that have any. */
export class HitCounts {
  /** Indices of the images, ascending; the other fields follow this order. */
  readonly images: number[] = [];
  /** Number of rows in each image, or the sum of their weights; above 0. */
  readonly rows: number[] = [];
  /** At each K, how many rows of each image are hit. */
  readonly hits: readonly number[][];
  readonly #ks: readonly number[];
  readonly #isPooled: boolean;
  /** At each K, the terms that a sample adds up: a bootstrap needs them many times. */
  readonly #terms: { above: Float64Array; below: Float64Array }[] = [];

  /**
   * Begins without rows.
   *
   * @param ks Numbers of candidates.
   * @param aggregate Whether recall is the mean over images, or all hits over all rows.
   */
  constructor(ks: readonly number[], aggregate: Protocol["aggregate"]) {
    this.#ks = ks;
    this.#isPooled = aggregate === "pooled";
    this.hits = ks.map(() => []);
  }

  /**
   * Counts one row; images come in order.
   *
   * @param weight Of the row, above 0; sums of weights must be exact.
   */
  addRow(image: number, rank: number, weight = 1): void {
    let last = this.images.length - 1;
    if (this.images[last] !== image) {
      last = this.images.push(image) - 1;
      this.rows.push(0);
      for (const hits of this.hits) hits.push(0);
    }
    this.rows[last] += weight;
    for (let i = 0; i < this.#ks.length; i++) {
      if (rank < this.#ks[i]) this.hits[i][last] += weight;
    }
  }

  /**
   * Recall at the i-th K.
   *
   * @param i Index of the K.
   * @param weights How often each image is in a sample; by default, recall is that of all
   * images.
   * @returns A fraction; NaN without a row.
   */
  recall(i: number, weights?: ArrayLike<number>): number {
    return weights ? this.#recallOfSample(i, weights) : this.#recallOfAll(i);
  }

  /**
   * Floating-point sums depend on their order, so the hits of images with equally many
   * rows are summed exactly before the division: the result is the same to the
   * last bit in whatever order the images come.
   */
  #recallOfAll(i: number): number {
    const hits = this.hits[i];
    if (this.#isPooled) return sum(hits) / sum(this.rows);
    const hitsByRows = new Map<number, number>();
    for (let at = 0; at < hits.length; at++) {
      const rows = this.rows[at];
      hitsByRows.set(rows, (hitsByRows.get(rows) ?? 0) + hits[at]);
    }
    const ascending = [...hitsByRows].sort(([a], [b]) => a - b);
    const total = ascending.reduce((total, [rows, hits]) => total + hits / rows, 0);
    return total / this.images.length;
  }

  #recallOfSample(i: number, weights: ArrayLike<number>): number {
    const { images, rows } = this, hits = this.hits[i];
    const { above, below } = this.#terms[i] ??= this.#isPooled
      ? { above: Float64Array.from(hits), below: Float64Array.from(rows) }
      : {
        above: Float64Array.from(hits, (hits, at) => hits / rows[at]),
        below: new Float64Array(rows.length).fill(1),
      };
    let numerator = 0, denominator = 0;
    for (let at = 0; at < above.length; at++) {
      const weight = weights[images[at]];
      numerator += weight * above[at];
      denominator += weight * below[at];
    }
    return numerator / denominator;
  }
}

/** Sum of counts or weights. */
export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/**
 * Counts the rows that a metric looks at.
 *
 * @param weightOf Weight of the rows of a predicate; default 1.
 */
export function countHits(
  records: ImageRecords,
  metric: Pick<Metric, "list" | "rows">,
  ks: readonly number[],
  aggregate: Protocol["aggregate"],
  weightOf: (predicate: number) => number = () => 1,
): HitCounts {
  const counts = new HitCounts(ks, aggregate);
  records.forEachRow(metric, (image, predicate, rank) => {
    const weight = weightOf(predicate);
    if (weight > 0) counts.addRow(image, rank, weight);
  });
  return counts;
}

/** Counts all rows of each predicate. */
export function countHitsByPredicate(
  records: ImageRecords,
  list: ListSpec,
  ks: readonly number[],
  aggregate: Protocol["perPredicate"],
  numPredicates: number,
): HitCounts[] {
  const counts = Array.from(
    { length: numPredicates },
    () => new HitCounts(ks, aggregate),
  );
  records.forEachRow({ list, rows: "all" }, (image, predicate, rank) => {
    counts[predicate]?.addRow(image, rank);
  });
  return counts;
}

/** Counts labels as rows and right ones as hits, at a single K. */
export function countLabels(
  records: ImageRecords,
  right: keyof AccuracyCounts,
  all: keyof AccuracyCounts,
): HitCounts {
  const counts = new HitCounts([1], "pooled");
  const rows = records.accuracyCounts(all), hits = records.accuracyCounts(right);
  for (let image = 0; image < rows.length; image++) {
    if (rows[image] === 0) continue;
    counts.images.push(image);
    counts.rows.push(rows[image]);
    counts.hits[0].push(hits[image]);
  }
  return counts;
}
