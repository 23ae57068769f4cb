/**
 * Row-wise softmax and what the model and its loss make of it, in one pass each where
 * the backend has the kernels.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { oneHot } from "./one_hot.ts";
import { hasKernel, runKernel, runKernels } from "./run.ts";

/** Keeps the logarithm of a probability finite; the published program's constant. */
const EPSILON = 1e-10;

/** What {@linkcode logProbabilities} gives. */
export interface LogProbabilities {
  /** `[m, D]`: log(p + 1e-10). */
  logs: tf.Tensor2D;
  /** `[m]` int32: the likeliest label, the first one at a tie; not differentiated. */
  labels: tf.Tensor1D;
  /** `[m, 1]`: its probability. */
  greatest: tf.Tensor2D;
}

/**
 * Log-probabilities of each row, and the likeliest label among the first ones.
 *
 * The gradient runs through the greatest probability, but not through its label: at a
 * tie all of it goes to that label, as in a gather.
 *
 * @param logits `[m, D]`.
 * @param numLabels How many columns may be the likeliest, at least 1, at most D.
 * @returns The caller disposes them.
 */
export function logProbabilities(
  logits: tf.Tensor2D,
  numLabels: number,
): LogProbabilities {
  if (!(numLabels >= 1 && numLabels <= logits.shape[1])) {
    throw new RangeError(
      `Cannot find the likeliest label as their number must be in ` +
        `[1, ${logits.shape[1]}]: current value is ${numLabels}`,
    );
  }
  if (!hasKernel("SgpLogProbabilities")) {
    return composeLogProbabilities(logits, numLabels);
  }
  const [logs, labels, greatest] = runKernels("SgpLogProbabilities", { x: logits }, {
    numLabels,
    epsilon: EPSILON,
  });
  return {
    logs: logs as tf.Tensor2D,
    labels: labels as tf.Tensor1D,
    greatest: greatest as tf.Tensor2D,
  };
}

/** The same of TensorFlow.js operations; the kernels are tested against it. */
export function composeLogProbabilities(
  logits: tf.Tensor2D,
  numLabels: number,
): LogProbabilities {
  return tf.tidy(() => {
    const p = tf.softmax(logits);
    const choices = tf.slice(p, [0, 0], [-1, numLabels]) as tf.Tensor2D;
    const labels = tf.customGrad((x) => ({
      value: tf.argMax(x as tf.Tensor, 1) as tf.Tensor1D,
      gradFunc: () => tf.zerosLike(choices),
    }))(choices) as tf.Tensor1D;
    const greatest = tf.sum(tf.mul(choices, oneHot(labels, numLabels)), 1, true);
    return {
      logs: tf.log(tf.add(p, EPSILON)),
      labels,
      greatest,
    } as unknown as tf.TensorContainerObject;
  }) as unknown as LogProbabilities;
}

tf.registerGradient({
  kernelName: "SgpLogProbabilities",
  inputsToSave: [],
  outputsToSave: [true, true, false],
  gradFunc: (dy, saved, attributes) => {
    const [logs, labels] = saved, [dLogs, , dGreatest] = dy as tf.Tensor[];
    return {
      x: () =>
        runKernel(
          "SgpLogProbabilitiesGradient",
          { logs, labels, dLogs, dGreatest },
          attributes,
        ),
    };
  },
});

/**
 * The cross-entropy of each row with its target distribution, times the row's weight,
 * summed over the rows.
 *
 * @param logits `[m, D]`.
 * @param targets `[m, D]`, rows that sum to 1; not differentiated.
 * @param weights `[m]`; not differentiated.
 * @returns A scalar.
 * @throws {RangeError} If sizes do not fit.
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
  weights: tf.Tensor1D,
): tf.Scalar {
  const [numRows, width] = logits.shape;
  if (
    targets.shape[0] !== numRows || targets.shape[1] !== width ||
    weights.shape[0] !== numRows
  ) {
    throw new RangeError(
      `Cannot take the cross-entropy as targets and weights must fit logits [${logits.shape}]: ` +
        `they have shapes [${targets.shape}] and [${weights.shape}]`,
    );
  }
  // A WebGPU program does not run on empty inputs.
  if (numRows === 0) return tf.scalar(0);
  if (!hasKernel("SgpCrossEntropy")) return composeCrossEntropy(logits, targets, weights);
  return tf.customGrad((x, save) => {
    const inputs = { x: x as tf.Tensor, targets, weights };
    const [loss, gradient] = runKernels<tf.Scalar>("SgpCrossEntropy", inputs);
    (save as tf.GradSaveFunc)([gradient]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0], dy);
    return { value: loss, gradFunc };
  })(logits) as tf.Scalar;
}

/** The same of TensorFlow.js operations, where there is no kernel. */
function composeCrossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
  weights: tf.Tensor1D,
): tf.Scalar {
  return tf.tidy(() => {
    const ofRow = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1));
    return tf.sum(tf.mul(ofRow, weights)) as tf.Scalar;
  });
}
