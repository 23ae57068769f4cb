/**
 * What an evaluation keeps of each image so that any two systems can be compared
 * afterwards: a few bytes an annotated row.
 *
 * @module
 */

import { ACCURACY_COUNTS, type AccuracyCounts } from "./accuracy.ts";
import { FIRST_OF_PAIR, UNSEEN } from "./matching/annotated_rows.ts";
import type { RowSubset } from "./metric.ts";
import type { Outcome } from "./matching/image_ranks.ts";

/** A column that grows. */
class Column<T extends Uint8Array | Uint16Array | Uint32Array> {
  #values: T;
  #length = 0;

  constructor(values: T) {
    this.#values = values;
  }

  push(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) {
      const Type = this.#values.constructor as new (length: number) => T;
      const larger = new Type(2 * length);
      larger.set(this.#values.subarray(0, this.#length));
      this.#values = larger;
    }
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  /** Keeps the values at these places, in their order. */
  pick(places: readonly number[]): void {
    const { values } = this;
    this.set(places.map((place) => values[place]));
  }

  /** Replaces all values by equally many others. */
  set(values: ArrayLike<number>): void {
    this.#values.set(values);
    this.#length = values.length;
  }

  get values(): T {
    return this.#values.subarray(0, this.#length) as T;
  }
}

/** True if a row with these flags belongs to a subset. */
export function isInSubset(flags: number, subset: RowSubset): boolean {
  switch (subset) {
    case "all":
      return true;
    case "unseen":
      return (flags & UNSEEN) !== 0;
    case "seen":
      return (flags & UNSEEN) === 0;
    case "pairs":
      return (flags & FIRST_OF_PAIR) !== 0;
  }
}

/** Ranks of all annotated rows of all images, and the counts of accuracy. */
export class ImageTable {
  /** Ids of the images, those that do not count included. */
  readonly ids: string[] = [];
  readonly #ends = new Column(new Uint32Array(64));
  readonly #predicates = new Column(new Uint16Array(256));
  readonly #flags = new Column(new Uint8Array(256));
  readonly #ranks: Column<Uint16Array>[];
  readonly #counts = new Column(new Uint32Array(64 * ACCURACY_COUNTS.length));

  /** @param numLists How many ranked lists there are. */
  constructor(numLists: number) {
    this.#ranks = Array.from(
      { length: numLists },
      () => new Column(new Uint16Array(256)),
    );
  }

  /** Appends an image; without an outcome it does not count. */
  add(id: string, outcome?: Outcome, counts?: AccuracyCounts): void {
    this.ids.push(id);
    if (outcome) {
      this.#predicates.push(outcome.predicates);
      this.#flags.push(outcome.flags);
      for (const [list, ranks] of outcome.ranks.entries()) this.#ranks[list].push(ranks);
    }
    this.#ends.push([this.#predicates.values.length]);
    this.#counts.push(ACCURACY_COUNTS.map((name) => counts?.[name] ?? 0));
  }

  /** Appends all images of another table of equally many lists. */
  merge(other: ImageTable): void {
    const before = this.#predicates.values.length;
    this.ids.push(...other.ids);
    this.#ends.push(other.#ends.values.map((end) => end + before));
    this.#predicates.push(other.#predicates.values);
    this.#flags.push(other.#flags.values);
    for (const [list, ranks] of this.#ranks.entries()) {
      ranks.push(other.#ranks[list].values);
    }
    this.#counts.push(other.#counts.values);
  }

  /**
   * Puts the images into another order.
   *
   * @param ids The same ids, in the order to be.
   */
  reorder(ids: readonly string[]): void {
    const place = new Map(this.ids.map((id, image) => [id, image]));
    const images = ids.map((id) => place.get(id)!);
    const ends = this.#ends.values;
    const rows = images.flatMap((image) => {
      const first = image === 0 ? 0 : ends[image - 1];
      return Array.from({ length: ends[image] - first }, (_, i) => first + i);
    });
    let end = 0;
    const newEnds = images.map((image) =>
      end += ends[image] - (image === 0 ? 0 : ends[image - 1])
    );
    const { length } = ACCURACY_COUNTS;
    const cells = images.flatMap((image) =>
      Array.from({ length }, (_, i) => image * length + i)
    );
    for (const column of [this.#predicates, this.#flags, ...this.#ranks]) {
      column.pick(rows);
    }
    this.#counts.pick(cells);
    this.#ends.set(newEnds);
    this.ids.splice(0, this.ids.length, ...ids);
  }

  /** One of the counts of accuracy, for each image. */
  counts(name: keyof AccuracyCounts): Float64Array {
    const all = this.#counts.values, at = ACCURACY_COUNTS.indexOf(name);
    const { length } = ACCURACY_COUNTS;
    return Float64Array.from(this.ids, (_, image) => all[image * length + at]);
  }

  /**
   * Calls back for each row of a subset, image by image.
   *
   * @param list Which ranked list.
   * @param subset Which rows.
   * @param visit Given the image's index, the row's predicate and its rank.
   */
  forEachRow(
    list: number,
    subset: RowSubset,
    visit: (image: number, predicate: number, rank: number) => void,
  ): void {
    const ends = this.#ends.values, predicates = this.#predicates.values;
    const flags = this.#flags.values, ranks = this.#ranks[list].values;
    for (let image = 0, row = 0; image < ends.length; image++) {
      for (; row < ends[image]; row++) {
        if (isInSubset(flags[row], subset)) visit(image, predicates[row], ranks[row]);
      }
    }
  }
}
