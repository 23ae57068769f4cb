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

/**
 * Rows of one kind, such as those of one predicate, in the images that have any. Of 100,000
 * images lists of numbers would take four times the memory of typed arrays.
 */
export class HitCounts {
  #length = 0;
  #images = new Uint32Array(16);
  #rows = new Float64Array(16);
  readonly #hits: Float64Array[];
  readonly #ks: readonly number[];
  readonly #isPooled: boolean;
  /** At each K, the shares that a sample adds up: a bootstrap needs them many times. */
  readonly #shares: Float64Array[] = [];

  /**
   * Begins without rows.
   *
   * @param ks Numbers of candidates.
   * @param aggregate Whether recall is the mean over images, or all hits over all rows.
   */
  constructor(ks: readonly number[], aggregate: Protocol["aggregate"]) {
    this.#ks = ks;
    this.#isPooled = aggregate === "pooled";
    this.#hits = ks.map(() => new Float64Array(16));
  }

  /** Indices of the images, ascending; the other fields follow this order. */
  get images(): Uint32Array {
    return this.#images.subarray(0, this.#length);
  }

  /** Number of rows in each image, or the sum of their weights; above 0. */
  get rows(): Float64Array {
    return this.#rows.subarray(0, this.#length);
  }

  /** At each K, how many rows of each image are hit. */
  get hits(): Float64Array[] {
    return this.#hits.map((hits) => hits.subarray(0, this.#length));
  }

  /**
   * Counts one row; images come in order.
   *
   * @param weight Of the row, above 0; sums of weights must be exact.
   */
  addRow(image: number, rank: number, weight = 1): void {
    const last = this.#length - 1;
    const at = last >= 0 && this.#images[last] === image ? last : this.#append(image);
    this.#rows[at] += weight;
    for (let i = 0; i < this.#ks.length; i++) {
      if (rank < this.#ks[i]) this.#hits[i][at] += weight;
    }
  }

  /** Counts the rows of an image, and how many of them are hit at each K. */
  addImage(image: number, rows: number, hits: readonly number[]): void {
    const at = this.#append(image);
    this.#rows[at] = rows;
    for (let i = 0; i < hits.length; i++) this.#hits[i][at] = hits[i];
  }

  /** Begins an image; half as much again is reserved when it does not fit. */
  #append(image: number): number {
    const at = this.#length++;
    if (at === this.#images.length) {
      const length = Math.ceil(1.5 * at);
      const larger = (values: Float64Array) => {
        const grown = new Float64Array(length);
        grown.set(values);
        return grown;
      };
      const images = new Uint32Array(length);
      images.set(this.#images);
      [this.#images, this.#rows] = [images, larger(this.#rows)];
      for (const [i, hits] of this.#hits.entries()) this.#hits[i] = larger(hits);
    }
    this.#images[at] = image;
    return at;
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
    const hits = this.#hits[i].subarray(0, this.#length), { rows: all } = this;
    if (this.#isPooled) return sum(hits) / sum(all);
    const hitsByRows = new Map<number, number>();
    for (let at = 0; at < hits.length; at++) {
      const rows = all[at];
      hitsByRows.set(rows, (hitsByRows.get(rows) ?? 0) + hits[at]);
    }
    const ascending = [...hitsByRows].sort(([a], [b]) => a - b);
    const total = ascending.reduce((total, [rows, hits]) => total + hits / rows, 0);
    return total / this.#length;
  }

  #recallOfSample(i: number, weights: ArrayLike<number>): number {
    const { images, rows } = this, isPooled = this.#isPooled;
    const hits = this.#hits[i].subarray(0, this.#length);
    const above = this.#shares[i] ??= isPooled
      ? hits
      : hits.map((hits, at) => hits / rows[at]);
    let numerator = 0, denominator = 0;
    for (let at = 0; at < above.length; at++) {
      const weight = weights[images[at]];
      numerator += weight * above[at];
      denominator += isPooled ? weight * rows[at] : weight;
    }
    return numerator / denominator;
  }
}

/** Sum of counts or weights. */
export function sum(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  return total;
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
    counts.addImage(image, rows[image], [hits[image]]);
  }
  return counts;
}
