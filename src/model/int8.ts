/**
 * The hidden layers of rho in 8 bits: which they are, how great their inputs get, and
 * what is made of both.
 *
 * @module
 */

import { tf } from "../deps.ts";
import type { SgpConfig } from "../config.ts";
import { checkInt8, Int8Layer } from "../kernels/int8.ts";
import type { Int8Layers, RhoName, StepTrace } from "./gpi.ts";
import type { Parameters } from "./parameters.ts";

/** What hidden layers are computed in: 8 bits are faster, see `Sgp.quantize`. */
export type Precision = "float32" | "int8";

/** Each {@linkcode Precision}. */
export const PRECISIONS: readonly Precision[] = ["float32", "int8"];

/**
 * How great the inputs of the hidden layers of rho after the first get, one number a
 * layer, over all steps; none for a net that is not there.
 */
export type ActivationRanges = Readonly<Record<RhoName, readonly number[]>>;

/** Both nets; the second is missing where only relations are predicted. */
const RHO = ["rhoRelation", "rhoEntity"] as const;

/** Taken where calibration found only zeros. */
const LEAST_RANGE = 1e-30;

/** Layers of each net of rho that can be in 8 bits: all but the first and the last. */
export function numHiddenLayers(config: SgpConfig): Record<RhoName, number> {
  const count = Math.max(0, config.layers.length - 1);
  return { rhoRelation: count, rhoEntity: config.relationsOnly ? 0 : count };
}

/**
 * Makes sure that a network can be computed in 8 bits.
 *
 * @throws {RangeError} If it has no hidden layer after the first.
 * @throws {Error} If the engine or the backend cannot; see `checkInt8`.
 */
export function checkQuantizable(config: SgpConfig): void {
  checkInt8();
  if (numHiddenLayers(config).rhoRelation > 0) return;
  throw new RangeError(
    `Cannot predict in int8 as rho must have two hidden layers or more: its "layers" are [${config.layers}]`,
  );
}

/**
 * The greatest inputs of the hidden layers after the first, over all steps of a pass.
 *
 * @param traces What `Sgp.forward` gave.
 * @returns One number a layer, those of rho relation first; for a `tf.tidy`.
 */
export function greatestInputs(traces: readonly StepTrace[]): tf.Tensor1D {
  const ofSteps = traces.map(({ hidden }) => {
    const inputs = RHO.flatMap((net) => hidden[net]);
    return inputs.length === 0
      ? tf.zeros<tf.Rank.R1>([0])
      : tf.stack(inputs.map((x) => tf.max(x))) as tf.Tensor1D;
  });
  return ofSteps.reduce((a, b) => tf.maximum(a, b));
}

/** Ranges from numbers in the order of {@linkcode greatestInputs}. */
export function rangesFrom(
  greatest: readonly number[],
  config: SgpConfig,
): ActivationRanges {
  const { rhoRelation: first } = numHiddenLayers(config);
  return { rhoRelation: greatest.slice(0, first), rhoEntity: greatest.slice(first) };
}

/** The hidden layers of rho after the first in 8 bits; the caller disposes them. */
export async function quantizeHidden(
  { nets }: Parameters,
  config: SgpConfig,
  ranges: ActivationRanges,
): Promise<Int8Layers> {
  checkQuantizable(config);
  const count = numHiddenLayers(config);
  const quantized: Record<RhoName, Int8Layer[]> = { rhoRelation: [], rhoEntity: [] };
  try {
    for (const net of RHO) {
      if (ranges[net].length !== count[net]) {
        throw new RangeError(
          `Cannot predict in int8 as there must be ${
            count[net]
          } activation ranges of ${net}: found ${ranges[net].length}`,
        );
      }
      for (const [i, range] of ranges[net].entries()) {
        const { weights, biases } = nets[net][i + 1];
        const values = await Promise.all([weights.data(), biases.data()]);
        const [w, b] = values as Float32Array[];
        quantized[net].push(new Int8Layer(w, b, Math.max(range, LEAST_RANGE)));
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
