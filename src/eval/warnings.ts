/**
 * Warnings about odd predictions.
 *
 * @module
 */

import type { Flaws } from "./matching/image_ranks.ts";

/** After this many images, it is no coincidence that only true pairs are scored. */
const MANY = 20;

/** Counts oddities and remembers the first image of each kind. */
export class Warnings {
  #withPairs = 0;
  readonly #found = new Map<
    keyof Flaws,
    { images: number; first: string; most: number }
  >();

  /**
   * Takes the flaws of one image.
   *
   * @param id Id of the image.
   * @param flaws The flaws of its prediction.
   * @param hasPairs Whether pairs were predicted, and the task does not give them.
   */
  add(id: string, flaws: Flaws, hasPairs: boolean): void {
    if (hasPairs) this.#withPairs++;
    if (hasPairs && flaws.hasOnlyTruePairs) this.#count("hasOnlyTruePairs", id, 1, 0);
    if (flaws.isUnsorted) this.#count("isUnsorted", id, 1, 0);
    if (flaws.hasSeveralPerPair) this.#count("hasSeveralPerPair", id, 1, 0);
    if (flaws.greatestScore > 1) {
      this.#count("greatestScore", id, 1, flaws.greatestScore);
    }
  }

  /** Adds the counts of another one. */
  merge(other: Warnings): void {
    this.#withPairs += other.#withPairs;
    for (const [kind, { images, first, most }] of other.#found) {
      this.#count(kind, first, images, most);
    }
  }

  #count(kind: keyof Flaws, first: string, images: number, most: number): void {
    const found = this.#found.get(kind) ?? { images: 0, first, most: 0 };
    found.images += images;
    found.most = Math.max(found.most, most);
    this.#found.set(kind, found);
  }

  /** One sentence for each kind, in an order that does not depend on the images'. */
  texts(): string[] {
    const found = [...this.#found].sort(([a], [b]) => a < b ? -1 : 1);
    return found.flatMap(([kind, { images, first, most }]) => {
      const where = `${images} ${images === 1 ? "image" : "images"}, first "${first}"`;
      switch (kind) {
        case "isUnsorted":
          return `Lists of triplets are not sorted by score (${where}): they were sorted; the originals take them as they stand`;
        case "hasSeveralPerPair":
          return `Pairs have several predicates under the graph constraint (${where}): the best of each was kept; the originals count them all`;
        case "hasOnlyTruePairs":
          return images < Math.max(MANY, this.#withPairs)
            ? []
            : `Only annotated pairs are scored, in all of ${where}: that is predicate detection (preddet), the other tasks rank all pairs; the originals do not notice`;
        case "greatestScore":
          return `Scores are above 1, up to ${most} (${where}): percent or no probabilities; they are ranked as they are, as in the originals`;
      }
    });
  }
}
