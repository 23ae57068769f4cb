/**
 * The hidden layers of rho in 8 bits: which layers these are, the ranges of their inputs,
 * and their quantisation.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { SgpConfig } from "../config.ts";
import { runOnCurrent } from "../kernels/backend.ts";
import { checkInt8, Int8Layer, MOST_RANGE } from "../kernels/int8.ts";
import type { Int8Layers, RhoName, StepTrace } from "./gpi.ts";
import type { Parameters } from "./parameters.ts";

/** Precision of hidden layers; 8 bits are faster, see `docs/int8.md`. */
export type Precision = "float32" | "int8";

/** Every {@linkcode Precision}. */
export const PRECISIONS: readonly Precision[] = ["float32", "int8"];

/**
 * The greatest value of each input of the hidden layers of rho after the first, over all
 * steps: `[D]` for each layer; none for a net that the network lacks.
 */
export type ActivationRanges = Readonly<Record<RhoName, readonly Float32Array[]>>;

export { MOST_RANGE };

/** Both nets of rho; a network that predicts relations only lacks the second. */
export const RHO = ["rhoRelation", "rhoEntity"] as const;

/**
 * Number of inputs of each layer of rho that can be in 8 bits: all layers but the first
 * and the last.
 */
export function hiddenInputs(config: SgpConfig): Record<RhoName, number[]> {
  const widths = config.layers.slice(0, -1);
  return { rhoRelation: widths, rhoEntity: config.relationsOnly ? [] : widths };
}

/**
 * Checks that a network can be computed in 8 bits.
 *
 * @throws {RangeError} If it has no hidden layer after the first.
 * @throws {Error} If the engine or the backend lacks 8-bit layers; see `checkInt8`.
 */
export function checkQuantizable(config: SgpConfig): void {
  checkInt8();
  if (hiddenInputs(config).rhoRelation.length > 0) return;
  throw new RangeError(
    `Cannot predict in int8 as rho must have two or more hidden layers: "layers" is [${config.layers}]`,
  );
}

/**
 * Finds the greatest inputs of the hidden layers of a net after the first, over all steps
 * of a pass.
 *
 * @param traces The result of `Sgp.forward`.
 * @param net Net of rho.
 * @returns `[D]` for each layer; for a `tf.tidy`.
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

/** The greatest of each column of `[m, D]`, no number being negative: `[D]`. */
function greatestOfColumns(x: tf.Tensor2D): tf.Tensor1D {
  return x.shape[0] === 0 ? tf.zeros([x.shape[1]]) : tf.max(x, 0);
}

/** Quantises the hidden layers of rho after the first; the caller disposes the layers. */
export async function quantizeHidden(
  { nets }: Parameters,
  config: SgpConfig,
  ranges: ActivationRanges,
): Promise<Int8Layers> {
  checkQuantizable(config);
  const inputs = hiddenInputs(config), run = runOnCurrent();
  const quantized: Record<RhoName, Int8Layer[]> = { rhoRelation: [], rhoEntity: [] };
  try {
    for (const net of RHO) {
      const found = ranges[net].map(({ length }) => length);
      if (`${found}` !== `${inputs[net]}`) {
        throw new RangeError(
          `Cannot predict in int8 as ${net} must have [${
            inputs[net]
          }] activation ranges, one for each input of its layers: found [${found}]`,
        );
      }
      for (const [i, range] of ranges[net].entries()) {
        const { weights, biases } = nets[net][i + 1];
        const values = await Promise.all([weights.data(), biases.data()]);
        const [w, b] = values as Float32Array[];
        quantized[net].push(run(() => new Int8Layer(w, b, range)));
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
