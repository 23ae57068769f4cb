/**
 * Runs our own kernels, which only some backends have.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";

/** Whether the current backend has a kernel. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** Runs a kernel with one output. */
export function runKernel<T extends tf.Tensor>(
  name: string,
  inputs: tf.NamedTensorMap,
  attributes: object = {},
): T {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as T;
}

/** Runs a kernel with several outputs. The returned list is a copy. */
export function runKernels<T extends tf.Tensor>(
  name: string,
  inputs: tf.NamedTensorMap,
  attributes: object = {},
): T[] {
  return [...runKernel<T>(name, inputs, attributes) as unknown as T[]];
}
