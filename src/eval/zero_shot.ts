/**
 * Which annotated relations are zero-shot: their subject class, predicate and object
 * class never stand together in training.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";

/** Knows of each triplet of classes whether training has it. */
export interface ZeroShot {
  /** True if training never has these classes together. */
  isUnseen(subjectLabel: number, predicate: number, objectLabel: number): boolean;
}

/** Class indices up to 2^17 each fit one exact number. */
const keyOf = (subject: number, predicate: number, object: number) =>
  (subject * 2 ** 17 + predicate) * 2 ** 17 + object;

/**
 * Collects the triplets of the training images; all others are zero-shot.
 *
 * @example
 * ```ts
 * import { TrainingTriplets } from "./zero_shot.ts";
 * const triplets = new TrainingTriplets();
 * triplets.add({ entityLabels: Int32Array.of(3, 5), relations: Int32Array.of(0, 1, 2) });
 * if (triplets.isUnseen(3, 2, 5) || !triplets.isUnseen(5, 2, 3)) throw new Error();
 * ```
 */
export class TrainingTriplets implements ZeroShot {
  readonly #seen = new Set<number>();

  /** How many different triplets there are. */
  get size(): number {
    return this.#seen.size;
  }

  /** Takes the relations of one training image. */
  add({ entityLabels, relations }: Pick<AnnotatedImage, "entityLabels" | "relations">) {
    for (let r = 0; r < relations.length; r += 3) {
      const subject = entityLabels[relations[r]], object = entityLabels[relations[r + 1]];
      this.#seen.add(keyOf(subject, relations[r + 2], object));
    }
  }

  isUnseen(subjectLabel: number, predicate: number, objectLabel: number): boolean {
    return !this.#seen.has(keyOf(subjectLabel, predicate, objectLabel));
  }
}

/**
 * The zero-shot triplets of a list, such as KaihuaTang's `zeroshot_triplet.pytorch`.
 *
 * @param rows Subject class, object class, predicate: in this order, as in that file.
 * @param first Index of the first class in the list: 1 where 0 is the background.
 * @returns Knows the listed triplets as unseen.
 */
export function zeroShotList(
  rows: readonly (readonly [subject: number, object: number, predicate: number])[],
  first: 0 | 1 = 0,
): ZeroShot {
  const unseen = new Set(
    rows.map(([subject, object, predicate]) =>
      keyOf(subject - first, predicate - first, object - first)
    ),
  );
  return {
    isUnseen: (subject, predicate, object) =>
      unseen.has(keyOf(subject, predicate, object)),
  };
}
