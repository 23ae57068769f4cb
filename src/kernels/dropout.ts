/**
 * Dropout whose mask is drawn from one seed for each block of rows. The gradient draws it
 * again, so no mask is kept in memory.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { Random, seedFrom } from "../random.ts";
import { hasKernel, runKernel } from "./run.ts";

/** Describes which numbers are dropped. */
export interface DropoutMask {
  /** Share of numbers to drop, in [0, 1). */
  rate: number;
  /** `[B + 1]`: where the rows of each block start. */
  offsets: Int32Array;
  /** The seed of each block, as for {@linkcode Random}. */
  seeds: readonly (number | string)[][];
}

/**
 * Sets numbers to zero at random and scales the others so that the expectation stays.
 *
 * @param x `[m, D]`.
 * @param mask Numbers to drop; its last offset is m.
 * @returns `[m, D]`.
 * @throws {RangeError} If the offsets of the mask are not ascending from 0 to m, or their
 * number is not one more than the number of seeds.
 */
export function dropout(x: tf.Tensor2D, mask: DropoutMask): tf.Tensor2D {
  const { offsets, seeds } = mask;
  const isAscending = offsets.every((offset, b) =>
    b === 0 ? offset === 0 : offset >= offsets[b - 1]
  );
  if (
    offsets.at(-1) !== x.shape[0] || !isAscending || seeds.length + 1 !== offsets.length
  ) {
    throw new RangeError(
      `Cannot drop numbers of [${x.shape}] as a mask for ${x.shape[0]} rows must have ` +
        `ascending offsets from 0, one more than seeds: found [${offsets}] and ${seeds.length}`,
    );
  }
  if (!hasKernel("SgpDropout")) {
    return tf.tidy(() => tf.mul(x, maskTensor(x.shape[1], mask)));
  }
  const streams = seeds.map((seed) => [1, 2, 3].map((part) => seedFrom(...seed, part)));
  return runKernel("SgpDropout", { x }, { ...mask, streams });
}

tf.registerGradient({
  kernelName: "SgpDropout",
  inputsToSave: [],
  gradFunc: (dy, _saved, attributes) => ({
    x: () => runKernel("SgpDropout", { x: dy as tf.Tensor }, attributes),
  }),
});

/** The factors of all numbers, `[m, width]`; the kernel is tested against it. */
export function maskTensor(
  width: number,
  { rate, offsets, seeds }: DropoutMask,
): tf.Tensor2D {
  const mask = new Float32Array(offsets.at(-1)! * width);
  const { threshold, kept } = levels(rate);
  for (const [b, seed] of seeds.entries()) {
    const random = new Random(...seed);
    const end = offsets[b + 1] * width;
    for (let i = offsets[b] * width; i < end; i += 2) {
      const bits = random.uint32();
      if ((bits & 0xffff) >= threshold) mask[i] = kept;
      if (i + 1 < end && bits >>> 16 >= threshold) mask[i + 1] = kept;
    }
  }
  return tf.tensor2d(mask, [offsets.at(-1)!, width]);
}

/**
 * Each random 32-bit number decides on two numbers: 16 bits below `threshold` mean
 * "dropped", otherwise the number is multiplied by `kept`.
 */
export function levels(rate: number): { threshold: number; kept: number } {
  return { threshold: Math.round(rate * 2 ** 16), kept: 1 / (1 - rate) };
}
