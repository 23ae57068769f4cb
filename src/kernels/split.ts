/**
 * Splits a matrix by rows, with a gradient that concatenates. The gradient of `tf.slice`
 * would pad each part to the whole matrix and add all of them.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { hasKernel, runKernels } from "./run.ts";

/**
 * Splits a matrix into blocks of rows.
 *
 * @param x `[m, n]`.
 * @param sizes Number of rows of each block; they sum to m.
 * @returns The blocks; the caller disposes them.
 * @throws {RangeError} If the sizes do not sum to m, or one is not an integer >= 0.
 */
export function splitRows(x: tf.Tensor2D, sizes: readonly number[]): tf.Tensor2D[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (
    total !== x.shape[0] || !sizes.every((size) => Number.isInteger(size) && size >= 0)
  ) {
    throw new RangeError(
      `Cannot split [${x.shape}] as sizes must be integers >= 0 that sum to ${
        x.shape[0]
      }: found [${sizes}]`,
    );
  }
  if (hasKernel("SgpSplitRows")) return runKernels("SgpSplitRows", { x }, { sizes });
  let from = 0;
  return sizes.map((size) => tf.slice(x, [(from += size) - size, 0], [size, -1]));
}

tf.registerGradient({
  kernelName: "SgpSplitRows",
  inputsToSave: [],
  // For a single block TensorFlow.js passes the gradient itself instead of a list.
  gradFunc: (dy) => ({ x: () => tf.concat([dy].flat() as tf.Tensor2D[], 0) }),
});
