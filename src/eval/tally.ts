/**
 * Sums of hits that can be joined in any order.
 *
 * A mean over images is a sum of fractions, and sums of floating-point fractions depend
 * on their order. Here the hits of images with equally many rows are summed as whole
 * numbers, and divided at the end: shards that are scored apart and joined give the
 * same bits as one run.
 *
 * @module
 */

/** Hits of the images that have a certain number of rows. */
interface Bucket {
  images: number;
  /** At each K. */
  hits: Float64Array;
}

/** Hits and rows of many images at several K. */
export class Tally {
  readonly #numKs: number;
  readonly #buckets = new Map<number, Bucket>();

  /** @param numKs How many K there are. */
  constructor(numKs: number) {
    this.#numKs = numKs;
  }

  /**
   * Takes one image.
   *
   * @param rows Rows that count; an image without any changes nothing.
   * @param hits How many of them were hit, at each K.
   */
  add(rows: number, hits: ArrayLike<number>): void {
    if (rows > 0) this.#addTo(rows, 1, hits);
  }

  /** Takes all that another tally took. */
  merge(other: Tally): void {
    for (const [rows, { images, hits }] of other.#buckets) {
      this.#addTo(rows, images, hits);
    }
  }

  #addTo(rows: number, images: number, hits: ArrayLike<number>): void {
    let bucket = this.#buckets.get(rows);
    if (!bucket) {
      bucket = { images: 0, hits: new Float64Array(this.#numKs) };
      this.#buckets.set(rows, bucket);
    }
    bucket.images += images;
    for (let i = 0; i < this.#numKs; i++) bucket.hits[i] += hits[i];
  }

  /** Number of images that have rows. */
  get images(): number {
    return this.#sum((_, { images }) => images);
  }

  /** Number of rows. */
  get rows(): number {
    return this.#sum((rows, { images }) => rows * images);
  }

  /** Number of hits at the i-th K. */
  hits(i: number): number {
    return this.#sum((_, { hits }) => hits[i]);
  }

  /**
   * Recall at the i-th K.
   *
   * @param i Index among the K.
   * @param aggregate Mean over the images that have rows, or all hits over all rows.
   * @returns A fraction; NaN if there are no rows.
   */
  recall(i: number, aggregate: "images" | "pooled"): number {
    if (aggregate === "pooled") return this.hits(i) / this.rows;
    return this.#sum((rows, { hits }) => hits[i] / rows) / this.images;
  }

  /** Sums over the buckets in ascending order, whatever order they were filled in. */
  #sum(value: (rows: number, bucket: Bucket) => number): number {
    let total = 0;
    const buckets = [...this.#buckets].sort(([a], [b]) => a - b);
    for (const [rows, bucket] of buckets) total += value(rows, bucket);
    return total;
  }
}

/** A tally for each predicate. */
export class PredicateTallies {
  readonly #numKs: number;
  readonly #tallies: Tally[] = [];

  /** @param numKs How many K there are. */
  constructor(numKs: number) {
    this.#numKs = numKs;
  }

  /** The tally of a predicate, made if need be. */
  of(predicate: number): Tally {
    while (this.#tallies.length <= predicate) this.#tallies.push(new Tally(this.#numKs));
    return this.#tallies[predicate];
  }

  /** Takes all that others took. */
  merge(other: PredicateTallies): void {
    for (const [predicate, tally] of other.#tallies.entries()) {
      this.of(predicate).merge(tally);
    }
  }

  /**
   * Mean of the predicates' recalls at the i-th K.
   *
   * @param i Index among the K.
   * @param numPredicates How many predicates there are, absent ones too.
   * @param perPredicate How the recall of one is taken.
   * @param absent What predicates without a row count.
   * @returns A fraction; NaN if no predicate counts.
   */
  mean(
    i: number,
    numPredicates: number,
    perPredicate: "images" | "pooled",
    absent: "zero" | "omit",
  ): number {
    let total = 0, count = 0;
    for (let predicate = 0; predicate < numPredicates; predicate++) {
      const tally = this.of(predicate);
      if (tally.rows > 0) total += tally.recall(i, perPredicate);
      if (tally.rows > 0 || absent === "zero") count++;
    }
    return total / count;
  }
}
