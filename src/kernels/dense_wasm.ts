/**
 * The dense layer and its gradients on WASM; see `assembly/multiply.ts`. `dense.ts` has
 * checked the sizes, which the kernels trust.
 *
 * @module
 */

import type { tf } from "../deps/tf.ts";
import type { DenseAttributes } from "./dense.ts";
import {
  addressOf,
  checkLabels,
  LINE,
  makeOutput,
  registerOnWasm,
  toLine,
  wasmKernels,
  withScratch,
} from "./wasm_module.ts";

/** Address of the panels in their tensor, at a cache line, so that no vector spans two. */
export function startOfPanels(panels: tf.TensorInfo): number {
  return toLine(addressOf(panels));
}

/** Registers the dense layer and its gradients with the WASM backend. */
export function registerDenseOnWasm(): void {
  const pack = ({ weights }: Record<string, tf.TensorInfo>) => {
    const [k, n] = weights.shape;
    const { packColumns, packedBytes } = wasmKernels();
    const panels = makeOutput([(packedBytes(k, n) + LINE) / 4]);
    packColumns(addressOf(weights), startOfPanels(panels), k, n);
    return panels;
  };
  registerOnWasm("SgpPackWeights", pack);
  registerOnWasm("SgpPackQuads", pack, ["weights"]); // each int32 holds four 8-bit weights
  for (const name of ["SgpDense", "SgpDenseScaled"]) {
    registerOnWasm(name, (inputs, attributes) => {
      const { x, weights, biases, table0, table1, table, labels, scales } = inputs;
      const { groups, isRelu, numColumns: n } = attributes as unknown as DenseAttributes;
      const [m, k] = x.shape;
      const y = makeOutput([m, n]);
      if (labels) checkLabels(labels, table.shape[0]);
      const { multiply, sumsBytes } = wasmKernels();
      const run = (packed: number, sums: number) =>
        multiply(
          addressOf(x),
          packed,
          addressOf(y),
          ...[m, k, n],
          addressOf(biases),
          ...[addressOf(table0), addressOf(groups[0]?.group)],
          ...[addressOf(table1), addressOf(groups[1]?.group)],
          ...[addressOf(table), addressOf(labels), addressOf(scales)],
          ...[sums, Number(isRelu)],
        );
      if (weights.shape.length === 2) withPacked(weights, k, n, "columns", run);
      else withScratch(sumsBytes(n), (sums) => run(startOfPanels(weights), sums));
      return y;
    });
  }
  registerOnWasm("SgpDenseInputGradient", ({ dy, weights }) => {
    const [m, n] = dy.shape, k = weights.shape[0];
    const dx = makeOutput([m, k]);
    const nothing = [0, 0, 0, 0, 0, 0, 0, 0];
    withPacked(
      weights,
      n,
      k,
      "transposed",
      (packed, sums) =>
        wasmKernels().multiply(
          ...[addressOf(dy), packed, addressOf(dx), m, n, k],
          ...[...nothing, sums, 0],
        ),
    );
    return dx;
  });
  registerOnWasm("SgpDenseWeightsGradient", ({ x, dy }) => {
    const [m, k] = x.shape, n = dy.shape[1];
    const dw = makeOutput([k, n]);
    const { multiplyTransposed, transposedBytes } = wasmKernels();
    withScratch(
      transposedBytes(n),
      (scratch) =>
        multiplyTransposed(addressOf(x), addressOf(dy), addressOf(dw), m, k, n, scratch),
    );
    return dw;
  });
}

/** Packs a right-hand side `[k, n]`, and runs a product with it and with scratch space. */
function withPacked(
  weights: tf.TensorInfo,
  k: number,
  n: number,
  order: "columns" | "transposed",
  run: (packed: number, sums: number) => void,
): void {
  const { packColumns, packedBytes, packTransposed, sumsBytes } = wasmKernels();
  withScratch(sumsBytes(n) + packedBytes(k, n), (sums) => {
    const packed = sums + sumsBytes(n);
    if (order === "columns") packColumns(addressOf(weights), packed, k, n);
    else packTransposed(addressOf(weights), packed, k, n);
    run(packed, sums);
  });
}
