/**
 * Warnings about odd predictions.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { BoxFit, type BoxFitState } from "../foreign/box_fit.ts";
import type { Flaws } from "./matching/image_ranks.ts";
import { NumberingFit, type NumberingFitState } from "./numbering_fit.ts";
import type { Labelled, Prediction } from "./prediction.ts";
import type { Task } from "./protocol.ts";

/** After this many images, it is no coincidence that only true pairs are scored. */
const MANY = 20;

/** The oddities that are counted. */
type Kind = keyof Flaws | "isReordered";

/** What {@linkcode Warnings} has counted, as plain data. */
export interface WarningCounts {
  withPairs: number;
  found: [kind: Kind, counts: { images: number; first: string; most: number }][];
  boxFit: BoxFitState;
  numbering?: NumberingFitState;
}

/** Counts oddities and remembers the first image of each kind. */
export class Warnings {
  #withPairs = 0;
  readonly #found = new Map<
    Kind,
    { images: number; first: string; most: number }
  >();
  readonly #boxFit = new BoxFit();
  readonly #numbering = new NumberingFit();

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
    for (
      const kind of [
        "isUnsorted",
        "hasSeveralPerPair",
        "hasOtherPairs",
        "lacksPairs",
      ] as const
    ) if (flaws[kind]) this.#count(kind, id, 1, 0);
    if (flaws.greatestScore > 1) {
      this.#count("greatestScore", id, 1, flaws.greatestScore);
    }
  }

  /** Notes that the entities of an image were put into the annotated order. */
  addReordered(id: string): void {
    this.#count("isReordered", id, 1, 0);
  }

  /** Takes the detected boxes of one image. */
  addBoxes(truth: AnnotatedImage, entities: Labelled): void {
    this.#boxFit.add(truth, entities);
  }

  /** Takes what is numbered in the prediction of one image. */
  addNumbers(
    truth: AnnotatedImage,
    prediction: Prediction,
    entities: Labelled,
    task: Task,
  ): void {
    this.#numbering.add(truth, prediction, entities, task);
  }

  /** The counts, for a file. */
  counts(): WarningCounts {
    return {
      withPairs: this.#withPairs,
      found: [...this.#found].map(([kind, found]) => [kind, { ...found }]),
      boxFit: this.#boxFit.state(),
      numbering: this.#numbering.state(),
    };
  }

  /** Adds the counts of {@linkcode counts}. */
  addCounts({ withPairs, found, boxFit, numbering }: WarningCounts): void {
    this.#withPairs += withPairs;
    for (const [kind, { images, first, most }] of found) {
      this.#count(kind, first, images, most);
    }
    this.#boxFit.addState(boxFit);
    this.#numbering.addState(numbering);
  }

  /** Adds the counts of another one. */
  merge(other: Warnings): void {
    this.#withPairs += other.#withPairs;
    for (const [kind, { images, first, most }] of other.#found) {
      this.#count(kind, first, images, most);
    }
    this.#boxFit.merge(other.#boxFit);
    this.#numbering.addState(other.#numbering.state());
  }

  #count(kind: Kind, first: string, images: number, most: number): void {
    const found = this.#found.get(kind) ?? { images: 0, first, most: 0 };
    found.images += images;
    found.most = Math.max(found.most, most);
    this.#found.set(kind, found);
  }

  /** One sentence for each kind, in an order that does not depend on the images'. */
  texts(): string[] {
    const found = [...this.#found].sort(([a], [b]) => a < b ? -1 : 1);
    const boxes = this.#boxFit.warning();
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
        case "hasOtherPairs":
          return `Pairs that are not annotated are predicted (${where}): they were left out, as predicate detection gives the pairs`;
        case "lacksPairs":
          return `Annotated pairs are not in the list (${where}): their rows count as missed`;
        case "isReordered":
          return `Entities are in another order than annotated (${where}): they were found by their boxes`;
      }
    }).concat(boxes ?? [], this.#numbering.warnings());
  }
}
