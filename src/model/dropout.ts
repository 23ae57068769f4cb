/**
 * Dropout whose masks depend on the image and not on what it is batched with.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { Random } from "../random.ts";
import type { Batch } from "./batch.ts";

/** Draws the masks of one pass over a batch. */
export class Dropout {
  readonly #batch: Batch;
  readonly #rate: number;
  readonly #seeds: readonly number[];
  #step = 0;

  /**
   * @param batch What the masks are for.
   * @param rate Share of numbers that are dropped, in [0, 1).
   * @param seeds One for each image; other seeds give other masks.
   */
  constructor(batch: Batch, rate: number, seeds: readonly number[]) {
    this.#batch = batch;
    this.#rate = rate;
    this.#seeds = seeds;
  }

  /** To be called before each step of the model, so that its masks are new ones. */
  nextStep(): void {
    this.#step++;
  }

  /** Drops numbers of `[n, D]`; the others grow so that the expectation stays. */
  onEntities(x: tf.Tensor2D, site: string): tf.Tensor2D {
    return this.#apply(x, this.#batch.entityOffsets, site, x.shape[1]);
  }

  /** Drops numbers of `[m, D]`. */
  onPairs(x: tf.Tensor2D, site: string): tf.Tensor2D {
    return this.#apply(x, this.#batch.pairOffsets, site, x.shape[1]);
  }

  /** Drops numbers of `[B, D]`. */
  onImages(x: tf.Tensor2D, site: string): tf.Tensor2D {
    const offsets = Int32Array.from({ length: x.shape[0] + 1 }, (_, b) => b);
    return this.#apply(x, offsets, site, x.shape[1]);
  }

  #apply(x: tf.Tensor2D, offsets: Int32Array, site: string, width: number): tf.Tensor2D {
    const mask = new Float32Array(x.shape[0] * width);
    const kept = 1 / (1 - this.#rate);
    // Two masks from each 32-bit number, 16 bits each.
    const threshold = Math.round(this.#rate * 2 ** 16);
    for (let b = 0; b + 1 < offsets.length; b++) {
      const random = new Random(this.#seeds[b], this.#step, site);
      const end = offsets[b + 1] * width;
      for (let i = offsets[b] * width; i < end; i += 2) {
        const bits = random.uint32();
        if ((bits & 0xffff) >= threshold) mask[i] = kept;
        if (i + 1 < end && bits >>> 16 >= threshold) mask[i + 1] = kept;
      }
    }
    return tf.mul(x, tf.tensor2d(mask, [x.shape[0], width]));
  }
}
