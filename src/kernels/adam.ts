/**
 * One update of Adam (arXiv 1412.6980) of one variable, in one pass where the backend
 * has the kernel: of TensorFlow.js operations it takes twelve, each with a new tensor.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { hasKernel, runKernels } from "./run.ts";

/** A variable, its moments and its gradient, all of one shape. */
export interface AdamTensors {
  value: tf.Variable;
  first: tf.Variable;
  second: tf.Variable;
  /** Without one it counts as zero. */
  gradient?: tf.Tensor;
}

/** The numbers of an update. */
export interface AdamNumbers {
  /** Decay of the two moments. */
  beta1: number;
  beta2: number;
  /** Learning rate, the corrections of both moments in it. */
  rate: number;
  epsilon: number;
}

/**
 * Updates the moments, then `value -= rate * first / (sqrt(second) + epsilon)`.
 *
 * On WASM the numbers change where they lie: a tensor that shares its data with one of
 * the variables changes, too.
 *
 * @throws {RangeError} If the shapes differ.
 */
export function updateByAdam(tensors: AdamTensors, numbers: AdamNumbers): void {
  const { value, first, second } = tensors;
  tf.tidy(() => {
    const gradient = tensors.gradient ?? tf.zerosLike(value);
    for (const { shape } of [first, second, gradient]) {
      if (shape.join() === value.shape.join()) continue;
      throw new RangeError(
        `Cannot update [${value.shape}] as moments and gradient must have its shape: ` +
          `found [${shape}]`,
      );
    }
    if (hasKernel("SgpAdam")) {
      runKernels("SgpAdam", { value, first, second, gradient }, numbers);
    } else composeAdam({ ...tensors, gradient }, numbers);
  });
}

/** The same of TensorFlow.js operations; the kernel is tested against it. */
export function composeAdam(
  { value, first, second, gradient }: Required<AdamTensors>,
  { beta1, beta2, rate, epsilon }: AdamNumbers,
): void {
  tf.tidy(() => {
    first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
    const squares = tf.mul(tf.square(gradient), 1 - beta2);
    second.assign(tf.add(tf.mul(second, beta2), squares));
    const step = tf.div(first, tf.add(tf.sqrt(second), epsilon));
    value.assign(tf.sub(value, tf.mul(step, rate)));
  });
}
