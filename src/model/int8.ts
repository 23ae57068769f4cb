/**
 * The hidden layers of rho in 8 bits: which they are, how great their inputs get, and
 * what is made of both.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { SgpConfig } from "../config.ts";
import { checkInt8, Int8Layer, MOST_RANGE } from "../kernels/int8.ts";
import type { Int8Layers, RhoName, StepTrace } from "./gpi.ts";
import type { Parameters } from "./parameters.ts";

/** What hidden layers are computed in: 8 bits are faster, see `Sgp.quantize`. */
export type Precision = "float32" | "int8";

/** Each {@linkcode Precision}. */
export const PRECISIONS: readonly Precision[] = ["float32", "int8"];

/**
 * How great each input of the hidden layers of rho after the first gets, over all steps:
 * `[D]` a layer; none for a net that is not there.
 */
export type ActivationRanges = Readonly<Record<RhoName, readonly Float32Array[]>>;

export { MOST_RANGE };

/** Both nets; the second is missing where only relations are predicted. */
export const RHO = ["rhoRelation", "rhoEntity"] as const;

/**
 * Inputs of the layers of each net of rho that can be in 8 bits: all layers but the first
 * and the last.
 */
export function hiddenInputs(config: SgpConfig): Record<RhoName, number[]> {
  const widths = config.layers.slice(0, -1);
  return { rhoRelation: widths, rhoEntity: config.relationsOnly ? [] : widths };
}

/**
 * Makes sure that a network can be computed in 8 bits.
 *
 * @throws {RangeError} If it has no hidden layer after the first.
 * @throws {Error} If the engine or the backend cannot; see `checkInt8`.
 */
export function checkQuantizable(config: SgpConfig): void {
  checkInt8();
  if (hiddenInputs(config).rhoRelation.length > 0) return;
  throw new RangeError(
    `Cannot predict in int8 as rho must have two hidden layers or more: its "layers" are [${config.layers}]`,
  );
}

/**
 * The greatest inputs of the hidden layers of a net after the first, over all steps of a
 * pass.
 *
 * @param traces What `Sgp.forward` gave.
 * @param net Which net.
 * @returns `[D]` a layer; for a `tf.tidy`.
 */
export function greatestInputs(
  traces: readonly StepTrace[],
  net: RhoName,
): tf.Tensor1D[] {
  return traces[0].hidden[net].map((_, layer) =>
    traces.map(({ hidden }) => greatestOfColumns(hidden[net][layer]))
      .reduce((a, b) => tf.maximum(a, b))
  );
}

/** Of numbers that are not below 0, `[m, D]`: `[D]`. */
function greatestOfColumns(x: tf.Tensor2D): tf.Tensor1D {
  return x.shape[0] === 0 ? tf.zeros([x.shape[1]]) : tf.max(x, 0);
}

/** The hidden layers of rho after the first in 8 bits; the caller disposes them. */
export async function quantizeHidden(
  { nets }: Parameters,
  config: SgpConfig,
  ranges: ActivationRanges,
): Promise<Int8Layers> {
  checkQuantizable(config);
  const inputs = hiddenInputs(config), backend = tf.getBackend();
  const quantized: Record<RhoName, Int8Layer[]> = { rhoRelation: [], rhoEntity: [] };
  try {
    for (const net of RHO) {
      const found = ranges[net].map(({ length }) => length);
      if (`${found}` !== `${inputs[net]}`) {
        throw new RangeError(
          `Cannot predict in int8 as the activation ranges of ${net} must be as many as inputs of its layers, [${
            inputs[net]
          }]: found [${found}]`,
        );
      }
      for (const [i, range] of ranges[net].entries()) {
        const { weights, biases } = nets[net][i + 1];
        const values = await Promise.all([weights.data(), biases.data()]);
        const [w, b] = values as Float32Array[];
        // Another call may have come between.
        if (tf.getBackend() !== backend) tf.setBackend(backend);
        quantized[net].push(new Int8Layer(w, b, range));
      }
    }
    return quantized;
  } catch (error) {
    disposeInt8(quantized);
    throw error;
  }
}

/** Frees the layers. */
export function disposeInt8(layers: Int8Layers): void {
  for (const net of RHO) for (const layer of layers[net]) layer.dispose();
}
