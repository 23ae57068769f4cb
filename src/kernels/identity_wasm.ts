/**
 * Copies of tensors on WASM that share their numbers, as on the other backends.
 *
 * TensorFlow.js (4.22) makes such a copy of all that is kept for a gradient, and on WASM
 * it copies the numbers: a tenth of the memory of a training step.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { registerForAnyType, shareData } from "./wasm_module.ts";

/** Replaces the WASM backend's own kernel. */
export function registerIdentityOnWasm(): void {
  tf.unregisterKernel(tf.Identity, "wasm");
  registerForAnyType(tf.Identity, ({ x }) => shareData(x));
}
