/**
 * Dropout whose masks depend on the image and not on the other images of its batch.
 *
 * @module
 */

import type { tf } from "../deps/tf.ts";
import { dropout } from "../kernels/dropout.ts";
import type { Batch } from "./batch.ts";

/** Draws the masks of one pass over a batch. */
export class Dropout {
  readonly #batch: Batch;
  readonly #rate: number;
  readonly #seeds: readonly number[];
  #step = 0;

  /**
   * @param batch The batch to draw masks for.
   * @param rate Share of numbers to drop, in [0, 1).
   * @param seeds One for each image; other seeds give other masks.
   */
  constructor(batch: Batch, rate: number, seeds: readonly number[]) {
    this.#batch = batch;
    this.#rate = rate;
    this.#seeds = seeds;
  }

  /** Call it before each step of the model, so that the step draws new masks. */
  nextStep(): void {
    this.#step++;
  }

  /** Drops numbers of `[n, D]` and scales the others so that the expectation stays. */
  onEntities(x: tf.Tensor2D, site: string): tf.Tensor2D {
    return this.#apply(x, this.#batch.entityOffsets, site);
  }

  /** Drops numbers of `[m, D]`. */
  onPairs(x: tf.Tensor2D, site: string): tf.Tensor2D {
    return this.#apply(x, this.#batch.pairOffsets, site);
  }

  /** Drops numbers of `[B, D]`. */
  onImages(x: tf.Tensor2D, site: string): tf.Tensor2D {
    const offsets = Int32Array.from({ length: x.shape[0] + 1 }, (_, b) => b);
    return this.#apply(x, offsets, site);
  }

  #apply(x: tf.Tensor2D, offsets: Int32Array, site: string): tf.Tensor2D {
    const seeds = this.#seeds.map((seed) => [seed, this.#step, site]);
    return dropout(x, { rate: this.#rate, offsets, seeds });
  }
}
