/**
 * Log-probabilities and cross-entropy of row-wise softmax, in one pass each where the
 * backend has the kernels.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { PUBLISHED_EPSILON } from "../config.ts";
import { oneHot } from "./one_hot.ts";
import { hasKernel, runKernel, runKernels } from "./run.ts";

/** Result of {@linkcode logProbabilities}. */
export interface LogProbabilities {
  /** `[m, D]`: log(p + epsilon). */
  logs: tf.Tensor2D;
  /** `[m]` int32: the likeliest label, the first one of equals; not differentiated. */
  labels: tf.Tensor1D;
  /** `[m, 1]`: its probability. */
  greatest: tf.Tensor2D;
}

/**
 * Computes the log-probabilities of each row, and the likeliest label among the first
 * columns.
 *
 * The gradient runs through the greatest probability, but not through its label: among
 * equal probabilities that of the label gets all of it, as in a gather.
 *
 * @param logits `[m, D]`.
 * @param numLabels Number of columns that may be the likeliest, in [1, D].
 * @param epsilon Added to each probability before the logarithm.
 * @returns Tensors; the caller disposes them.
 * @throws {RangeError} If `numLabels` is not in [1, D].
 */
export function logProbabilities(
  logits: tf.Tensor2D,
  numLabels: number,
  epsilon = PUBLISHED_EPSILON,
): LogProbabilities {
  if (!(numLabels >= 1 && numLabels <= logits.shape[1])) {
    throw new RangeError(
      `Cannot find the likeliest label as their number must be in ` +
        `[1, ${logits.shape[1]}]: current value is ${numLabels}`,
    );
  }
  if (!hasKernel("SgpLogProbabilities")) {
    return composeLogProbabilities(logits, numLabels, epsilon);
  }
  const [logs, labels, greatest] = runKernels("SgpLogProbabilities", { x: logits }, {
    numLabels,
    epsilon,
  });
  return {
    logs: logs as tf.Tensor2D,
    labels: labels as tf.Tensor1D,
    greatest: greatest as tf.Tensor2D,
  };
}

/** Composes it of TensorFlow.js operations; the kernels are tested against it. */
export function composeLogProbabilities(
  logits: tf.Tensor2D,
  numLabels: number,
  epsilon = PUBLISHED_EPSILON,
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
      logs: tf.log(tf.add(p, epsilon)),
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
 * Computes the cross-entropy of each row with its target distribution, times the row's
 * weight, summed over the rows.
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
        `found shapes [${targets.shape}] and [${weights.shape}]`,
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

/** Composes it of TensorFlow.js operations, for backends without the kernel. */
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
