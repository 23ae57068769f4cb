/**
 * Zero-shot relations: those whose subject class, predicate and object class never occur
 * together in training.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";

/** Tells which triplets of classes training has. */
export interface ZeroShot {
  /** True if these classes never occur together in training. */
  isUnseen(subjectLabel: number, predicate: number, objectLabel: number): boolean;
}

/** Three indices below 2^17 fit into one exact number. */
const keyOf = (subject: number, predicate: number, object: number) =>
  (subject * 2 ** 17 + predicate) * 2 ** 17 + object;

/**
 * The triplets of the training images; all others are zero-shot.
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

  /** Number of different triplets. */
  get size(): number {
    return this.#seen.size;
  }

  /** Adds the relations of one training image. */
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
 * Takes zero-shot triplets from a list, such as KaihuaTang's `zeroshot_triplet.pytorch`.
 *
 * @param rows Subject class, object class, predicate, in the order of that file.
 * @param first Index of the first class in the list: 1 if 0 is the background.
 * @returns Tells that the listed triplets are unseen and all others seen.
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
