/**
 * Hidden layers in 8 bits as plain loops, which the kernels are tested against.
 *
 * @module
 */

import { quantizeWeights } from "../../src/kernels/int8_weights.ts";

/** The arguments of `Int8Layer`. */
export interface PlainInt8Layer {
  /** `[k, n]`. */
  weights: Float32Array;
  /** `[n]`. */
  biases: Float32Array;
  /** `[k]`. */
  inputRanges: Float32Array;
}

/** All layers one after another on x `[m, k]`; equal to the kernels, bit by bit. */
export function denseInt8Plain(
  x: Float32Array,
  layers: readonly PlainInt8Layer[],
): Float32Array {
  return layers.reduce(layerPlain, x);
}

function layerPlain(
  x: Float32Array,
  { weights, biases, inputRanges }: PlainInt8Layer,
): Float32Array {
  const n = biases.length, k = weights.length / n, m = x.length / k;
  // Ranges below an eighth of the greatest are raised to it.
  const greatest = Math.max(...inputRanges);
  const steps = inputRanges.map((range) => Math.max(range, greatest / 8) / 127);
  const inSteps = weights.map((weight, i) => weight * steps[Math.floor(i / n)]);
  const { values, scales } = quantizeWeights(inSteps, k, n);
  const inputs = Int8Array.from(
    x,
    (value, i) => quantizePlain(value, Math.fround(1 / steps[i % k])),
  );
  const y = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let c = 0; c < n; c++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += inputs[i * k + p] * values[p * n + c];
      const scaled = Math.fround(Math.fround(sum) * scales[c]);
      y[i * n + c] = Math.max(0, Math.fround(scaled + biases[c]));
    }
  }
  return y;
}

/** The nearest integer number of steps in [0, 127], halves to even; 0 for NaN. */
function quantizePlain(value: number, quanta: number): number {
  const scaled = Math.fround(value * quanta);
  if (!(scaled > 0)) return 0;
  const bounded = Math.min(scaled, 127), below = Math.floor(bounded);
  const above = bounded - below;
  return above > 0.5 || above === 0.5 && below % 2 === 1 ? below + 1 : below;
}
