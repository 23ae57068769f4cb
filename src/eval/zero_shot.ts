/**
 * How often training has each triplet of classes and each predicate. Triplets that it
 * never has are zero-shot.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { JsonValue } from "../json_value.ts";
import { readRelations } from "./check_input.ts";

/** Tells which triplets of classes training has. */
export interface ZeroShot {
  /** True if these classes never occur together in training. */
  isUnseen(subjectLabel: number, predicate: number, objectLabel: number): boolean;
}

/** Three indices below 2^17 fit into one exact number. */
const keyOf = (subject: number, predicate: number, object: number) =>
  (subject * 2 ** 17 + predicate) * 2 ** 17 + object;

function checkIndices(...triplet: [subject: number, predicate: number, object: number]) {
  if (triplet.every(Number.isInteger)) return;
  new JsonValue(triplet, "the triplet").refuseKind(
    "indices of subject, predicate and object",
  );
}

/**
 * Counts of the triplets and predicates of the training images.
 *
 * @example
 * ```ts
 * import { TrainingTriplets } from "./zero_shot.ts";
 * const triplets = new TrainingTriplets();
 * triplets.add({ entityLabels: Int32Array.of(3, 5), relations: Int32Array.of(0, 1, 2) });
 * if (triplets.isUnseen(3, 2, 5) || !triplets.isUnseen(5, 2, 3)) throw new Error();
 * if (triplets.timesSeen(3, 2, 5) !== 1) throw new Error();
 * ```
 */
export class TrainingTriplets implements ZeroShot {
  readonly #counts = new Map<number, number>();
  /** For each predicate the number of its relations, and of images that have any. */
  readonly #predicates = new Map<number, { relations: number; images: number }>();
  #numImages = 0;
  #numRelations = 0;

  /** Number of different triplets. */
  get size(): number {
    return this.#counts.size;
  }

  /** Number of images with a relation. */
  get numImages(): number {
    return this.#numImages;
  }

  /** Number of relations. */
  get numRelations(): number {
    return this.#numRelations;
  }

  /**
   * Adds the relations of one training image.
   *
   * @param image The classes of its entities, and its relations.
   * @throws {TypeError | RangeError} If they have another form; the message has the place.
   */
  add(image: Pick<AnnotatedImage, "entityLabels" | "relations">): void {
    const { entityLabels, relations } = readRelations(image);
    const present = new Set<number>();
    for (let r = 0; r < relations.length; r += 3) {
      const subject = entityLabels[relations[r]], object = entityLabels[relations[r + 1]];
      const predicate = relations[r + 2], key = keyOf(subject, predicate, object);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
      const counts = this.#predicates.get(predicate) ?? { relations: 0, images: 0 };
      counts.relations++;
      if (!present.has(predicate)) counts.images++;
      this.#predicates.set(predicate, counts);
      present.add(predicate);
    }
    this.#numRelations += relations.length / 3;
    if (relations.length > 0) this.#numImages++;
  }

  isUnseen(subjectLabel: number, predicate: number, objectLabel: number): boolean {
    return this.timesSeen(subjectLabel, predicate, objectLabel) === 0;
  }

  /** How often training has the triplet of these classes. */
  timesSeen(subjectLabel: number, predicate: number, objectLabel: number): number {
    checkIndices(subjectLabel, predicate, objectLabel);
    return this.#counts.get(keyOf(subjectLabel, predicate, objectLabel)) ?? 0;
  }

  /** How many training relations have the predicate. */
  relationsOf(predicate: number): number {
    return this.#predicates.get(predicate)?.relations ?? 0;
  }

  /** How many training images have the predicate. */
  imagesOf(predicate: number): number {
    return this.#predicates.get(predicate)?.images ?? 0;
  }
}

/**
 * Takes zero-shot triplets from a list, such as KaihuaTang's `zeroshot_triplet.pytorch`.
 *
 * @param rows Subject class, object class, predicate, in the order of that file.
 * @param first Index of the first class in the list: 1 if 0 is the background.
 * @returns Tells that the listed triplets are unseen and all others seen.
 *
 * @example
 * ```ts
 * import { zeroShotList } from "./zero_shot.ts";
 * const zeroShot = zeroShotList([[4, 6, 3]], 1);
 * if (!zeroShot.isUnseen(3, 2, 5) || zeroShot.isUnseen(5, 2, 3)) throw new Error();
 * ```
 */
export function zeroShotList(
  rows: readonly (readonly [subject: number, object: number, predicate: number])[],
  first: 0 | 1 = 0,
): ZeroShot {
  if (first !== 0 && first !== 1) new JsonValue(first, "first").refuse("0 or 1");
  const places = new JsonValue(rows, "the zero-shot triplets").items();
  for (const row of places) row.numbers(3, "indices: subject, object, predicate");
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
