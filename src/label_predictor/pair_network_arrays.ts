/**
 * The parameters of a pair network as arrays for a file, and back.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";
import { type PairNetwork, sizesOf } from "./pair_network.ts";
import { NUM_SPATIAL_FEATURES } from "./spatial_features.ts";

/** Names of the parameters that every network has, in a fixed order. */
const PAIR_NETWORK_KEYS = [
  "subjects",
  "objects",
  "spatial",
  "bias1",
  "weights2",
  "bias2",
  "weights3",
  "bias3",
] as const satisfies (keyof PairNetwork)[];

/** The parameters of a network as arrays for a file, their names prefixed. */
export function networkToArrays(
  network: PairNetwork,
  prefix: string,
): Record<string, NamedArray> {
  const { hidden } = sizesOf(network);
  const arrays = Object.fromEntries(PAIR_NETWORK_KEYS.map((key): [string, NamedArray] => {
    const data = network[key];
    const columns = key === "weights3" ? network.bias3.length : hidden;
    const shape = key.startsWith("bias")
      ? [data.length]
      : [data.length / columns, columns];
    return [`${prefix}${key}`, { shape, data }];
  }));
  const { gate } = network;
  if (gate) arrays[`${prefix}gate`] = { shape: [gate.length], data: gate };
  return arrays;
}

/**
 * Makes a network from the result of {@linkcode networkToArrays}.
 *
 * @param arrays The arrays by name.
 * @param prefix Prefix of the names.
 * @param numFeatures Number of features of a pair, 44 + F; default 44.
 * @returns The network.
 * @throws {RangeError} If an array is missing, or sizes contradict each other.
 */
export function networkFromArrays(
  arrays: Record<string, NamedArray>,
  prefix: string,
  numFeatures = NUM_SPATIAL_FEATURES,
): PairNetwork {
  const hasGate = Object.hasOwn(arrays, `${prefix}gate`);
  const keys = [...PAIR_NETWORK_KEYS, ...hasGate ? ["gate"] as const : []];
  const network = Object.fromEntries(keys.map((key) => {
    const data = arrays[`${prefix}${key}`]?.data;
    if (data instanceof Float32Array) return [key, data];
    throw new RangeError(
      `Cannot read the label predictor "perceptron" as it must have a float32 array "${prefix}${key}": found none`,
    );
  })) as unknown as PairNetwork;
  const { hidden, numOutputs, numClasses } = sizesOf(network);
  const lengths: Required<Record<keyof PairNetwork, number>> = {
    subjects: numClasses * hidden,
    objects: network.subjects.length,
    spatial: numFeatures * hidden,
    bias1: hidden,
    weights2: hidden * hidden,
    bias2: hidden,
    weights3: hidden * numOutputs,
    bias3: numOutputs,
    gate: numOutputs,
  };
  for (const key of keys) {
    const { length } = network[key]!;
    if (length === lengths[key] && length > 0 && Number.isInteger(numClasses)) continue;
    throw new RangeError(
      `Cannot read the label predictor "perceptron" as "${prefix}${key}" must have ${
        lengths[key]
      } numbers: found ${length}`,
    );
  }
  return network;
}
