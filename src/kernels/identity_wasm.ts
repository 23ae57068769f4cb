/**
 * Makes copies of tensors on WASM share their numbers, as on the other backends.
 *
 * TensorFlow.js (4.22) makes a copy of every tensor that it keeps for a gradient, and on
 * WASM it copies the numbers: a tenth of the memory of a training step.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { registerForAnyType, shareData } from "./wasm_module.ts";

/** Replaces the kernel of the WASM backend. */
export function registerIdentityOnWasm(): void {
  tf.unregisterKernel(tf.Identity, "wasm");
  registerForAnyType(tf.Identity, ({ x }) => shareData(x));
}
