/**
 * One-hot rows that are correct on every backend.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";

/**
 * Makes a row for each label, 1 in the label's column and 0 elsewhere.
 *
 * `tf.oneHot` (4.22) refuses a depth of 1, and on WASM it writes the bits of integers where
 * float32 is asked for.
 *
 * @param labels `[m]` int32 in `[0, depth)`.
 * @param depth Number of columns.
 * @returns `[m, depth]`; its gradient is zero.
 */
export function oneHot(labels: tf.Tensor1D, depth: number): tf.Tensor2D {
  return tf.customGrad(() => {
    const columns = tf.range(0, depth, 1, "int32");
    const rows = tf.cast(tf.equal(tf.expandDims(labels, 1), columns), "float32");
    return { value: rows, gradFunc: () => tf.zeros(labels.shape) };
  })(labels) as tf.Tensor2D;
}
