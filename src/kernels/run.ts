/**
 * Running kernels of our own that only some backends have.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";

/** Whether the current backend has a kernel; where not, operations are composed. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** Runs a kernel that gives one tensor. */
export function runKernel<T extends tf.Tensor>(
  name: string,
  inputs: tf.NamedTensorMap,
  attributes: object = {},
): T {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as T;
}

/** Runs a kernel that gives several; the list is the caller's, its gradient has its own. */
export function runKernels<T extends tf.Tensor>(
  name: string,
  inputs: tf.NamedTensorMap,
  attributes: object = {},
): T[] {
  return [...runKernel<T>(name, inputs, attributes) as unknown as T[]];
}
