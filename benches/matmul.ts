/**
 * Our matrix products against those of TensorFlow.js, and against the FMA limit.
 *
 * @module
 */

import { tf } from "../src/deps/tf.ts";
import { dense, packWeights } from "../src/kernels/dense.ts";
import type { Contender } from "./_contender.ts";
import { FMA_FLOPS, fmaLoop } from "./_fma_limit.ts";
import type { Part } from "./row.ts";

/** Width of the hidden layers. */
const WIDTH = 500;

/**
 * Products of one shape: ours, ours with the right-hand side packed beforehand, and those of
 * TensorFlow.js; and the loop of the FMA limit.
 */
export function contenders({ n: m, depth: k = WIDTH }: Part): Contender[] {
  const form = `${m}x${k}x${WIDTH}`, flops = 2 * m * k * WIDTH;
  const x = tf.randomUniform<tf.Rank.R2>([m, k], -1, 1, "float32", 1);
  const w = tf.randomUniform<tf.Rank.R2>([k, WIDTH], -1, 1, "float32", 2);
  const packed = packWeights(w);
  const product = (multiply: () => tf.Tensor) => () => ({
    run: () => multiply().dispose(),
    outputs: async () => {
      const y = multiply();
      const data = await y.data();
      y.dispose();
      return [data];
    },
  });
  return [
    { system: "ours", form, flops, start: product(() => dense(x, w)) },
    {
      ...{ system: "ours", form: `${form} packed`, flops },
      start: product(() => dense(x, packed)),
    },
    { system: "tfjs", form, flops, start: product(() => tf.matMul(x, w)) },
    {
      ...{ system: "limit", form: "registers", flops: FMA_FLOPS },
      start: () => ({ run: fmaLoop() }),
    },
  ];
}
