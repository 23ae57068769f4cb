/**
 * What each system found in each image, as its evaluation says: filters and orders images.
 *
 * @module
 */

import type { SystemEvaluation } from "../eval/evaluate.ts";
import type { ImageResult } from "../eval/evaluator.ts";
import {
  asksForRelations,
  type ChosenRelations,
  chosenRelations,
  type RelationFilter,
} from "./chosen_relations.ts";
import type { Change, ListedImage, Order } from "./messages.ts";

/** Which images are listed: those with a relation as asked for; and in which order. */
export interface ImageFilter extends RelationFilter {
  /** Default: that of the dataset. */
  order?: Order;
  /** Index of the system that orders and filters; default: the last. */
  system?: number;
  /** Index of K; default: the first. */
  k?: number;
  /** Only images in which the system finds more, less or others than the first system. */
  change?: Change;
  /** Least and greatest recall of the system, in [0, 1]. */
  recall?: readonly [least: number, greatest: number];
  /** Only these images; default: all. */
  among?: Iterable<string>;
}

/** One image of one system. */
type Result = Pick<ImageResult, "isScored" | "hits" | "triplets">;

/** Images of one or more systems that were evaluated together. */
export class ImageTable {
  /** Ids of the images, in their order. */
  readonly ids: readonly string[];
  readonly #evaluations: readonly SystemEvaluation[];
  readonly #results: readonly (readonly Result[])[];
  readonly #ks: readonly number[];
  readonly #places: ReadonlyMap<string, number>;

  /**
   * @param evaluations One for each system, under one task and protocol, with the metric `R`
   * and the scores of candidates.
   */
  constructor(evaluations: readonly SystemEvaluation[]) {
    const [{ evaluator }] = evaluations;
    this.ids = evaluator.imageIds;
    this.#evaluations = evaluations;
    this.#ks = evaluator.ks;
    this.#results = evaluations.map(({ evaluator }) => [...evaluator.imageResults()]);
    this.#places = new Map(this.ids.map((id, i) => [id, i]));
  }

  /** Place of an image among all, from 0; -1 if it is not there. */
  placeOf(id: string): number {
    return this.#places.get(id) ?? -1;
  }

  /** What the list says of an image. */
  listed(image: number, k: number): ListedImage {
    const ofSystems = this.#results.map((results) => results[image]);
    return {
      id: this.ids[image],
      isScored: ofSystems.some(({ isScored }) => isScored),
      rows: Math.max(...ofSystems.map(({ triplets }) => triplets.length)),
      hits: ofSystems.map((result) => this.#hits(result, k)),
    };
  }

  /** The annotated relations of an image, with the places where a system found them. */
  triplets(image: number, system: number): ImageResult["triplets"] {
    return this.#results[system][image].triplets;
  }

  /**
   * Chooses and orders images; among equals they stay in the order of the dataset.
   *
   * @param filter Which images, and their order.
   * @returns Places of the images among all.
   */
  choose(filter: ImageFilter = {}): number[] {
    const { order = "dataset", k = 0, system = this.#results.length - 1 } = filter;
    const results = this.#results[system], [alone] = this.#results;
    const all = filter.among
      ? Array.from(filter.among, (id) => this.placeOf(id)).filter((i) => i >= 0)
      : [...this.ids.keys()];
    const chosen = all.filter((i) =>
      this.#passes(results[i], alone[i], filter) && this.#hasRelation(i, filter)
    );
    const gain = (i: number) =>
      this.#hits(results[i], k) / results[i].triplets.length -
      this.#hits(alone[i], k) / alone[i].triplets.length;
    const recall = (i: number) => this.#hits(results[i], k) / results[i].triplets.length;
    const keys: Record<Exclude<Order, "dataset">, (image: number) => number> = {
      worst: recall,
      best: (i) => -recall(i),
      helped: (i) => -gain(i),
      hurt: gain,
    };
    if (order === "dataset") return chosen;
    const key = new Map(chosen.map((i) => [i, keys[order](i)]));
    // Images that are not scored have no recall: they come last.
    const of = (i: number) => Number.isFinite(key.get(i)) ? key.get(i)! : Infinity;
    const rows = (i: number) => results[i].triplets.length;
    return chosen.sort((a, b) =>
      of(a) === of(b) ? rows(b) - rows(a) || a - b : of(a) - of(b)
    );
  }

  #hasRelation(image: number, filter: ImageFilter): boolean {
    if (!asksForRelations(filter)) return true;
    const { annotated, predicted } = this.chosenRelations(image, filter, 1);
    return annotated.length > 0 || predicted.length > 0;
  }

  /**
   * The relations of an image that a filter asks for by predicate, outcome and score.
   *
   * @param image Place of the image among all.
   * @param filter What is asked for.
   * @param limit Number of relations that are enough; default: all.
   */
  chosenRelations(image: number, filter: ImageFilter, limit?: number): ChosenRelations {
    const { system = this.#results.length - 1, k = 0 } = filter;
    const candidates = this.#evaluations[system].evaluator.candidatesOf(image);
    const { triplets } = this.#results[system][image];
    return chosenRelations({ triplets, candidates, k: this.#ks[k] }, filter, limit);
  }

  #hits({ hits }: Result, k: number): number {
    return hits[k]?.hits ?? 0;
  }

  #passes(result: Result, alone: Result, filter: ImageFilter): boolean {
    const { change, recall } = filter, k = filter.k ?? 0;
    const most = this.#ks[k], { triplets } = result;
    const isFound = ({ ranks }: Result["triplets"][number]) =>
      ranks.R !== null && ranks.R <= most;
    if (change !== undefined) {
      const mine = this.#hits(result, k), before = this.#hits(alone, k);
      const differs = triplets.some((triplet, t) =>
        alone.triplets[t] && isFound(triplet) !== isFound(alone.triplets[t])
      );
      if (change === "changed" && !differs) return false;
      if (change === "helped" && !(mine > before)) return false;
      if (change === "hurt" && !(mine < before)) return false;
    }
    if (recall && triplets.length > 0) {
      const value = this.#hits(result, k) / triplets.length;
      return value >= recall[0] && value <= recall[1];
    }
    return !recall || recall[0] === 0;
  }
}
