/**
 * The scores of each image's candidates, for those who filter images by them.
 *
 * @module
 */

import { Column } from "./_column.ts";
import type { Ranking } from "./matching/ranking.ts";

/** The candidates of one image's ranked list, best first. */
export interface ImageCandidates {
  predicates: Uint16Array;
  /** NaN if the system gives an order alone. */
  scores: Float64Array;
}

/** The numbers of candidates, as a file keeps them. */
export interface CandidateColumns {
  /** `[images]`: for each image the number of candidates up to its end. */
  ends: Uint32Array;
  /** `[candidates]`. */
  predicates: Uint16Array;
  /** `[candidates]`: NaN if the system gives an order alone. */
  scores: Float64Array;
}

/** The candidates of all images; each takes 10 bytes. */
export class CandidateScores {
  readonly #ends = new Column(new Uint32Array(16));
  readonly #predicates = new Column(new Uint16Array(16));
  readonly #scores = new Column(new Float64Array(16));

  /** Appends the candidates of an image; none if it has no list. */
  add(list?: Pick<Ranking, "length" | "predicates" | "scores">): void {
    const { length, predicates, scores } = list ?? { length: 0, predicates: [] };
    this.#predicates.push(Array.from({ length }, (_, i) => predicates[i]));
    this.#scores.push(Array.from({ length }, (_, i) => scores?.[i] ?? NaN));
    this.#ends.push([this.#predicates.values.length]);
  }

  /** The candidates of one image; views, which later calls may move. */
  of(image: number): ImageCandidates {
    const ends = this.#ends.values;
    const first = image === 0 ? 0 : ends[image - 1], end = ends[image];
    return {
      predicates: this.#predicates.values.subarray(first, end),
      scores: this.#scores.values.subarray(first, end),
    };
  }

  /** Appends an image of another evaluation. */
  copy(other: CandidateScores, image: number): void {
    const { predicates, scores } = other.of(image);
    this.add({ length: scores.length, predicates, scores });
  }

  /** The numbers of all images; views, which later calls may move. */
  columns(): CandidateColumns {
    return {
      ends: this.#ends.values,
      predicates: this.#predicates.values,
      scores: this.#scores.values,
    };
  }

  /** Appends images with the numbers of {@linkcode columns}, which must fit each other. */
  appendColumns({ ends, predicates, scores }: CandidateColumns): void {
    const before = this.#predicates.values.length;
    this.#ends.push(ends.map((end) => end + before));
    this.#predicates.push(predicates);
    this.#scores.push(scores);
  }
}
