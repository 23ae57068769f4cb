/**
 * Adam's update on WASM; see `assembly/adam.ts`. `adam.ts` has checked the shapes.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { AdamNumbers } from "./adam.ts";
import { addresses, registerOnWasm, wasmKernels } from "./wasm_module.ts";

/** Registers Adam's update with the WASM backend. */
export function registerAdamOnWasm(): void {
  registerOnWasm("SgpAdam", ({ value, first, second, gradient }, attributes) => {
    const { beta1, beta2, rate, epsilon } = attributes as unknown as AdamNumbers;
    wasmKernels().adam(
      ...addresses(value, first, second, gradient),
      ...[tf.util.sizeFromShape(value.shape), beta1, beta2, rate, epsilon],
    );
    return [];
  });
}
