/**
 * Moving, summing and pooling rows on WASM; see `assembly/rows.ts` and
 * `assembly/pool.ts`. `groups.ts` and `dense.ts` have checked the sizes, which the kernels
 * trust.
 *
 * @module
 */

import type { tf } from "../deps/tf.ts";
import type { PoolAttributes } from "./groups.ts";
import {
  addresses,
  addressOf,
  makeOutput,
  registerOnWasm,
  wasmKernels,
  withScratch,
} from "./wasm_module.ts";

/** Registers the row operations with the WASM backend. */
export function registerGroupsOnWasm(): void {
  registerOnWasm("SgpGatherRows", ({ x, group }) => {
    const [numRows] = group.shape, width = x.shape[1];
    const out = makeOutput([numRows, width]);
    wasmKernels().gather(...addresses(x, group, out), numRows, width);
    return out;
  });
  registerOnWasm("SgpSumRows", ({ x, order, starts }, { numGroups }) => {
    const shape = [numGroups as number, x.shape[1]];
    const out = makeOutput(shape);
    wasmKernels().sum(...addresses(x, order, starts, out), ...shape);
    return out;
  });
  registerOnWasm("SgpPoolRows", ({ values, scores, order, starts }, attributes) => {
    const { numGroups, wantsWeights } = attributes as unknown as PoolAttributes;
    const width = values.shape[1];
    const out = makeOutput([numGroups, width]);
    const { poolRows, poolColumns, poolColumnsBytes } = wasmKernels();
    if (isNarrow(scores, values)) {
      const weights = makeOutput(scores.shape);
      const tensors = addresses(values, scores, order, starts, weights, out);
      poolRows(...tensors, numGroups, width);
      return [out, weights];
    }
    const weights = wantsWeights ? makeOutput(scores.shape) : undefined;
    withScratch(poolColumnsBytes(width), (scratch) => {
      const inputs = addresses(values, scores, order, starts);
      const outputs = [addressOf(weights), addressOf(out)];
      poolColumns(...inputs, ...outputs, numGroups, width, scratch);
    });
    return weights ? [out, weights] : [out];
  });
  registerOnWasm("SgpPoolRowsGradient", ({ values, weights, group, out, dy }) => {
    const [numRows, width] = values.shape;
    const dValues = makeOutput(values.shape), dScores = makeOutput(weights.shape);
    const { poolRowsGradient, poolColumnsGradient } = wasmKernels();
    const gradient = isNarrow(weights, values) ? poolRowsGradient : poolColumnsGradient;
    gradient(
      ...addresses(values, weights, group, out, dy, dValues, dScores),
      numRows,
      width,
    );
    return [dValues, dScores];
  });
  registerOnWasm("SgpSplitRows", ({ x }, { sizes }) => {
    const width = x.shape[1];
    let row = 0;
    return (sizes as number[]).map((size) => {
      const out = makeOutput([size, width]);
      wasmKernels().copy(
        addressOf(x) + 4 * row * width,
        addressOf(out),
        4 * size * width,
      );
      row += size;
      return out;
    });
  });
  registerOnWasm("SgpReluGradient", ({ dy, y }) => {
    const out = makeOutput(dy.shape);
    wasmKernels().reluGradient(...addresses(dy, y, out), dy.shape[0] * dy.shape[1]);
    return out;
  });
  registerOnWasm("SgpSumAll", ({ x }) => {
    const out = makeOutput([x.shape[1]]);
    wasmKernels().sumAll(...addresses(x, out), x.shape[0], x.shape[1]);
    return out;
  });
  registerOnWasm("SgpScatterScaled", ({ x, labels, scales }, { numLabels }) => {
    const [numRows, width] = x.shape;
    const out = makeOutput([numLabels as number, width]);
    wasmKernels().scatterScaled(
      ...addresses(x, labels, scales, out),
      ...[numRows, numLabels as number, width],
    );
    return out;
  });
  registerOnWasm("SgpInnerProducts", ({ x, table, labels }) => {
    const [numRows, width] = x.shape;
    const out = makeOutput([numRows]);
    wasmKernels().innerProducts(...addresses(x, table, labels, out), numRows, width);
    return out;
  });
}

/** Whether each row has one score instead of one for each of its numbers. */
function isNarrow(scores: tf.TensorInfo, values: tf.TensorInfo): boolean {
  return scores.shape[1] === 1 && values.shape[1] !== 1;
}
