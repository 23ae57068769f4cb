/**
 * A perceptron that looks at one ordered pair: two rows of tables for the classes, the
 * spatial features, two hidden layers. Plain loops, no tensors.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";
import type { RelationInput } from "./label_predictor.ts";
import { NUM_SPATIAL_FEATURES, writeSpatialFeatures } from "./spatial_features.ts";

/** The parameters; all matrices row major, inputs by outputs. */
export interface PairNetwork {
  /** `[C, H]`: what the subject's class adds to the first hidden layer. */
  subjects: Float32Array;
  /** `[C, H]`: what the object's class adds to the first hidden layer. */
  objects: Float32Array;
  /** `[44, H]`: from the spatial features to the first hidden layer. */
  spatial: Float32Array;
  /** `[H]`. */
  bias1: Float32Array;
  /** `[H, H]`. */
  weights2: Float32Array;
  /** `[H]`. */
  bias2: Float32Array;
  /** `[H, O]`. */
  weights3: Float32Array;
  /** `[O]`. */
  bias3: Float32Array;
}

/** Names of the parameters in a fixed order. */
export const PAIR_NETWORK_KEYS = [
  "subjects",
  "objects",
  "spatial",
  "bias1",
  "weights2",
  "bias2",
  "weights3",
  "bias3",
] as const satisfies (keyof PairNetwork)[];

/** C, H and O of a network. */
export function sizesOf(network: PairNetwork) {
  const hidden = network.bias1.length;
  return {
    numClasses: network.subjects.length / hidden,
    hidden,
    numOutputs: network.bias3.length,
  };
}

/**
 * Runs a network on every ordered pair of entities.
 *
 * An uncertain label takes the mean of its classes' rows, weighted by their
 * probabilities: the first layer sees the expected class.
 *
 * @param network The network.
 * @param input The N entities.
 * @returns `[N, N, O]`, subject first; zero where both are the same entity.
 * @throws {RangeError} If there are not C probabilities for each box.
 */
export function runPairNetwork(network: PairNetwork, input: RelationInput): Float32Array {
  const { numClasses, hidden, numOutputs } = sizesOf(network);
  const { boxes, width, height, entityProbabilities } = input;
  const n = boxes.length / 4;
  if (entityProbabilities.length !== n * numClasses) {
    throw new RangeError(
      `Cannot predict relations: ${n} boxes need ${
        n * numClasses
      } probabilities of ${numClasses} classes: found ${entityProbabilities.length}`,
    );
  }
  const subjects = expectedRows(entityProbabilities, network.subjects, n, hidden);
  const objects = expectedRows(entityProbabilities, network.objects, n, hidden);
  const features = new Float32Array(NUM_SPATIAL_FEATURES);
  const first = new Float32Array(hidden), second = new Float32Array(hidden);
  const out = new Float32Array(n * n * numOutputs);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      writeSpatialFeatures(boxes, { subject: i, object: j, width, height }, features, 0);
      for (let k = 0; k < hidden; k++) {
        first[k] = network.bias1[k] + subjects[i * hidden + k] + objects[j * hidden + k];
      }
      addProduct(features, network.spatial, first);
      second.set(network.bias2);
      addProduct(rectify(first), network.weights2, second);
      const start = (i * n + j) * numOutputs;
      const row = out.subarray(start, start + numOutputs);
      row.set(network.bias3);
      addProduct(rectify(second), network.weights3, row);
    }
  }
  return out;
}

/** Each entity's mean over the rows of a table, weighted by its probabilities. */
function expectedRows(
  probabilities: Float32Array,
  table: Float32Array,
  n: number,
  hidden: number,
): Float32Array {
  const numClasses = table.length / hidden;
  const rows = new Float32Array(n * hidden);
  for (let i = 0; i < n; i++) {
    addProduct(
      probabilities.subarray(i * numClasses, (i + 1) * numClasses),
      table,
      rows.subarray(i * hidden, (i + 1) * hidden),
    );
  }
  return rows;
}

function rectify(values: Float32Array): Float32Array {
  for (let k = 0; k < values.length; k++) if (values[k] < 0) values[k] = 0;
  return values;
}

/**
 * Adds the product of a row and a matrix to another row. Inputs that are zero (half of
 * a rectified layer) are skipped; four rows of the matrix are added at once, which
 * halves the time.
 */
function addProduct(x: Float32Array, matrix: Float32Array, out: Float32Array): void {
  const width = out.length;
  const active: number[] = [];
  for (let k = 0; k < x.length; k++) if (x[k] !== 0) active.push(k);
  let at = 0;
  for (; at + 4 <= active.length; at += 4) {
    const a = active[at], b = active[at + 1], c = active[at + 2], d = active[at + 3];
    const xa = x[a], xb = x[b], xc = x[c], xd = x[d];
    const ra = a * width, rb = b * width, rc = c * width, rd = d * width;
    for (let k = 0; k < width; k++) {
      out[k] += xa * matrix[ra + k] + xb * matrix[rb + k] + xc * matrix[rc + k] +
        xd * matrix[rd + k];
    }
  }
  for (; at < active.length; at++) {
    const xa = x[active[at]], ra = active[at] * width;
    for (let k = 0; k < width; k++) out[k] += xa * matrix[ra + k];
  }
}

/** A network's parameters as arrays for a file, each name after the prefix. */
export function networkToArrays(
  network: PairNetwork,
  prefix: string,
): Record<string, NamedArray> {
  const { hidden } = sizesOf(network);
  return Object.fromEntries(PAIR_NETWORK_KEYS.map((key) => {
    const data = network[key];
    const columns = key === "weights3" ? network.bias3.length : hidden;
    const shape = key.startsWith("bias")
      ? [data.length]
      : [data.length / columns, columns];
    return [`${prefix}${key}`, { shape, data }];
  }));
}

/**
 * Reads what {@linkcode networkToArrays} gave.
 *
 * @param arrays The arrays by name.
 * @param prefix What the names begin with.
 * @returns The network.
 * @throws {RangeError} If an array is missing, or sizes contradict each other.
 */
export function networkFromArrays(
  arrays: Record<string, NamedArray>,
  prefix: string,
): PairNetwork {
  const network = Object.fromEntries(PAIR_NETWORK_KEYS.map((key) => {
    const data = arrays[`${prefix}${key}`]?.data;
    if (data instanceof Float32Array) return [key, data];
    throw new RangeError(
      `Cannot read the label predictor "perceptron": it has no float32 array "${prefix}${key}"`,
    );
  })) as unknown as PairNetwork;
  const { hidden, numOutputs, numClasses } = sizesOf(network);
  const lengths: Record<keyof PairNetwork, number> = {
    subjects: numClasses * hidden,
    objects: network.subjects.length,
    spatial: NUM_SPATIAL_FEATURES * hidden,
    bias1: hidden,
    weights2: hidden * hidden,
    bias2: hidden,
    weights3: hidden * numOutputs,
    bias3: numOutputs,
  };
  for (const key of PAIR_NETWORK_KEYS) {
    const length = network[key].length;
    if (length === lengths[key] && length > 0 && Number.isInteger(numClasses)) continue;
    throw new RangeError(
      `Cannot read the label predictor "perceptron": "${prefix}${key}" must hold ${
        lengths[key]
      } numbers: found ${length}`,
    );
  }
  return network;
}
