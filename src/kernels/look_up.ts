/**
 * Looking up a row of a table for each label, times a number.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { oneHot } from "./one_hot.ts";
import { hasKernel, runKernel } from "./run.ts";

/**
 * `scales[r] * table[labels[r]]` for each r; table and scales are differentiated.
 *
 * @param table `[L, D]`.
 * @param labels `[m]` int32 in `[0, L)`, as from `argMax`.
 * @param scales `[m]`.
 * @returns `[m, D]`; the caller disposes it.
 * @throws {RangeError} If there are not as many scales as labels, or on WASM if a label
 * is out of range.
 */
export function lookUp(
  table: tf.Tensor2D,
  labels: tf.Tensor1D,
  scales: tf.Tensor1D,
): tf.Tensor2D {
  if (labels.shape[0] !== scales.shape[0]) {
    throw new RangeError(
      `Cannot look up rows as there must be one scale for each of ${
        labels.shape[0]
      } labels: found ${scales.shape[0]}`,
    );
  }
  if (!hasKernel("SgpLookUp")) return composeLookUp(table, labels, scales);
  return runKernel("SgpLookUp", { table, labels, scales });
}

/** The same of TensorFlow.js operations, where there is no kernel. */
export function composeLookUp(
  table: tf.Tensor2D,
  labels: tf.Tensor1D,
  scales: tf.Tensor1D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const chosen = tf.mul(oneHot(labels, table.shape[0]), tf.reshape(scales, [-1, 1]));
    return tf.matMul(chosen as tf.Tensor2D, table);
  });
}

tf.registerGradient({
  kernelName: "SgpLookUp",
  inputsToSave: ["table", "labels", "scales"],
  gradFunc: (dy, saved) => {
    const x = dy as tf.Tensor, [table, labels, scales] = saved;
    return {
      table: () =>
        runKernel("SgpScatterScaled", { x, labels, scales }, {
          numLabels: table.shape[0],
        }),
      labels: () => tf.zeros(labels.shape),
      scales: () => runKernel("SgpInnerProducts", { x, table, labels }),
    };
  },
});
