/**
 * Log-probabilities and cross-entropy on WASM; see `assembly/softmax.ts`. `softmax.ts` has
 * checked the sizes, which the kernels trust.
 *
 * @module
 */

import { addresses, makeOutput, registerOnWasm, wasmKernels } from "./wasm_module.ts";

/** Registers the operations with the WASM backend. */
export function registerSoftmaxOnWasm(): void {
  registerOnWasm("SgpLogProbabilities", ({ x }, { numLabels, epsilon }) => {
    const [numRows, width] = x.shape;
    const logs = makeOutput(x.shape);
    const labels = makeOutput([numRows], "int32");
    const greatest = makeOutput([numRows, 1]);
    wasmKernels().logProbabilities(
      ...addresses(x, logs, labels, greatest),
      ...[numRows, width, numLabels as number, epsilon as number],
    );
    return [logs, labels, greatest];
  });
  registerOnWasm("SgpLogProbabilitiesGradient", (inputs, { epsilon }) => {
    const { logs, labels, dLogs, dGreatest } = inputs;
    const dx = makeOutput(logs.shape);
    wasmKernels().logProbabilitiesGradient(
      ...addresses(logs, labels, dLogs, dGreatest, dx),
      ...[...logs.shape, epsilon as number],
    );
    return dx;
  });
  registerOnWasm("SgpCrossEntropy", ({ x, targets, weights }) => {
    const loss = makeOutput([]), dx = makeOutput(x.shape);
    wasmKernels().crossEntropy(
      ...addresses(x, targets, weights, dx, loss),
      ...x.shape,
    );
    return [loss, dx];
  });
}
