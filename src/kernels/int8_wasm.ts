/**
 * Hidden layers in 8 bits on WASM; see `assembly/int8.ts`. `int8.ts` has checked the
 * sizes, which the kernels trust.
 *
 * @module
 */

import { startOfPanels } from "./dense_wasm.ts";
import type { Int8Attributes } from "./int8.ts";
import { rowBytes } from "./int8_weights.ts";
import {
  addresses,
  addressOf,
  makeOutput,
  registerOnWasm,
  wasmKernels,
  withScratch,
} from "./wasm_module.ts";

/** Registers 8-bit layers with the WASM backend. */
export function registerInt8OnWasm(): void {
  registerOnWasm("SgpDenseInt8", (inputs, attributes) => {
    const { layers } = attributes as unknown as Int8Attributes;
    const { quantize, multiplyInt8, sumsBytes } = wasmKernels();
    const { x } = inputs, [m, k] = x.shape;
    const y = makeOutput([m, layers.at(-1)!.numOutputs]);
    const widest = Math.max(...layers.map(({ numInputs }) => rowBytes(numInputs)));
    const size = Math.max(...layers.map(({ numOutputs }) => sumsBytes(numOutputs)));
    const byDots = Number(hasDotProduct());
    withScratch(size + 2 * m * widest, (sums) => {
      let from = sums + size, to = from + m * widest;
      quantize(addressOf(x), from, m, k, addressOf(inputs.quanta0));
      for (const [i, { numInputs, numOutputs }] of layers.entries()) {
        const next = layers[i + 1];
        multiplyInt8(
          ...[from, startOfPanels(inputs[`packed${i}`]), next ? to : addressOf(y)],
          ...[m, numInputs, numOutputs],
          ...addresses(inputs[`scales${i}`], inputs[`biases${i}`]),
          ...[addressOf(inputs[`quanta${i + 1}`]), sums, byDots],
        );
        [from, to] = [to, from];
      }
    });
    return y;
  });
}

/**
 * Whether this machine sums four products by one instruction. On x86 without it, V8 uses
 * several instructions, which limit sums of two products to 16 bits. The weight 127 and the
 * input 255, which valid inputs never reach, show the difference.
 */
function hasDotProduct(): boolean {
  return wasmKernels().dotProduct(127, 255) !== 2 * 32767;
}
