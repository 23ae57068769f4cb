/**
 * Hidden layers in 8 bits as plain loops: what the kernels are tested against.
 *
 * @module
 */

import { quantizeWeights } from "../../src/kernels/int8_weights.ts";

/** One layer, as `Int8Layer` is told of it. */
export interface PlainInt8Layer {
  /** `[k, n]`. */
  weights: Float32Array;
  /** `[n]`. */
  biases: Float32Array;
  inputRange: number;
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
  { weights, biases, inputRange }: PlainInt8Layer,
): Float32Array {
  const n = biases.length, k = weights.length / n, m = x.length / k;
  const { values, scales } = quantizeWeights(weights, k, n);
  const inputScale = inputRange / 127, quanta = Math.fround(1 / inputScale);
  const inputs = Int8Array.from(x, (value) => quantizePlain(value, quanta));
  const y = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let c = 0; c < n; c++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += inputs[i * k + p] * values[p * n + c];
      const scale = Math.fround(scales[c] * inputScale);
      const scaled = Math.fround(Math.fround(sum) * scale);
      y[i * n + c] = Math.max(0, Math.fround(scaled + biases[c]));
    }
  }
  return y;
}

/** The nearest whole number of steps, the even one of two, in [0, 127]; 0 for NaN. */
function quantizePlain(value: number, quanta: number): number {
  const scaled = Math.fround(value * quanta);
  if (!(scaled > 0)) return 0;
  const bounded = Math.min(scaled, 127), below = Math.floor(bounded);
  const above = bounded - below;
  return above > 0.5 || above === 0.5 && below % 2 === 1 ? below + 1 : below;
}
