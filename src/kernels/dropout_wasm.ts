/**
 * Dropout on WASM; see `assembly/dropout.ts`.
 *
 * @module
 */

import { type DropoutMask, levels } from "./dropout.ts";
import { addressOf, makeOutput, registerOnWasm, wasmKernels } from "./wasm_module.ts";

/** Registers dropout with the WASM backend. */
export function registerDropoutOnWasm(): void {
  registerOnWasm("SgpDropout", ({ x }, attributes) => {
    const { rate, offsets, streams } = attributes as unknown as
      & DropoutMask
      & { streams: number[][] };
    const width = x.shape[1];
    const { threshold, kept } = levels(rate);
    const out = makeOutput(x.shape);
    const from = addressOf(x), to = addressOf(out);
    for (const [b, stream] of streams.entries()) {
      const at = 4 * offsets[b] * width;
      const size = (offsets[b + 1] - offsets[b]) * width;
      wasmKernels().drop(from + at, to + at, size, ...stream, threshold, kept);
    }
    return out;
  });
}
