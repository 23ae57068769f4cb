/**
 * A perceptron over one ordered pair. Its inputs are the classes, each a row of a table,
 * and the spatial features; it has two hidden layers.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { NamedArray } from "../io/safetensors.ts";
import { dense } from "../kernels/dense.ts";
import { Groups } from "../kernels/groups.ts";
import type { RelationInput } from "./label_predictor.ts";
import { NUM_SPATIAL_FEATURES, writeSpatialFeatures } from "./spatial_features.ts";

/** The parameters; matrices are row-major, inputs by outputs. */
export interface PairNetwork {
  /** `[C, H]`: row that the subject's class adds to the first hidden layer. */
  subjects: Float32Array;
  /** `[C, H]`: row that the object's class adds to the first hidden layer. */
  objects: Float32Array;
  /** `[44, H]`: weights of the spatial features in the first hidden layer. */
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

/** Sizes C, H and O of a network. */
export function sizesOf(network: PairNetwork) {
  const hidden = network.bias1.length;
  return {
    numClasses: network.subjects.length / hidden,
    hidden,
    numOutputs: network.bias3.length,
  };
}

/** The parameters as tensors, of the same shapes. */
export interface PairLayers {
  subjects: tf.Tensor2D;
  objects: tf.Tensor2D;
  spatial: tf.Tensor2D;
  bias1: tf.Tensor1D;
  weights2: tf.Tensor2D;
  bias2: tf.Tensor1D;
  weights3: tf.Tensor2D;
  bias3: tf.Tensor1D;
}

/** Input of a network for B pairs. */
export interface PairInputs {
  /** Row of the subjects' table of each pair. */
  subjects: Groups;
  /** Row of the objects' table of each pair. */
  objects: Groups;
  /** `[B, 44]`: spatial features. */
  features: Float32Array;
}

/**
 * Computes the outputs for some pairs, differentiably.
 *
 * @param layers The parameters.
 * @param pairs The B pairs.
 * @param drop Drops hidden units of layer 1 or 2; default: drops none.
 * @returns `[B, O]`; for a `tf.tidy`.
 */
export function applyPairNetwork(
  layers: PairLayers,
  { subjects, objects, features }: PairInputs,
  drop = (hidden: tf.Tensor2D, _layer: number) => hidden,
): tf.Tensor2D {
  const { bias1, weights2, bias2, weights3, bias3 } = layers;
  const spatial = tf.tensor2d(features, [subjects.numRows, NUM_SPATIAL_FEATURES]);
  const first = dense(spatial, layers.spatial, {
    biases: bias1,
    groups: [
      { table: layers.subjects, rows: subjects },
      { table: layers.objects, rows: objects },
    ],
    isRelu: true,
  }); // [B, H]
  const second = dense(drop(first, 1), weights2, { biases: bias2, isRelu: true });
  return dense(drop(second, 2), weights3, { biases: bias3 }); // [B, O]
}

/** Pairs to compute at a time: enough to keep a kernel busy, and few enough for the cache. */
const CHUNK_PAIRS = 2048;

/**
 * Runs a network on every ordered pair of entities, on the current backend of
 * TensorFlow.js. It needs little more memory than the result.
 *
 * An uncertain label adds the mean of the rows of all classes, weighted by their
 * probabilities, to the first layer.
 *
 * @param network The network.
 * @param input The N entities.
 * @returns `[N, N, O]`, subject first; zero for the pairs of an entity with itself.
 * @throws {RangeError} If there are not C probabilities for each box.
 */
export async function runPairNetwork(
  network: PairNetwork,
  input: RelationInput,
): Promise<Float32Array> {
  const { numClasses, numOutputs } = sizesOf(network);
  const { boxes, entityProbabilities } = input;
  const n = boxes.length / 4;
  if (entityProbabilities.length !== n * numClasses) {
    throw new RangeError(
      `Cannot predict relations as ${n} boxes and ${numClasses} classes must have ${
        n * numClasses
      } probabilities: found ${entityProbabilities.length}`,
    );
  }
  const out = new Float32Array(n * n * numOutputs);
  if (n < 2) return out;
  const step = Math.ceil(CHUNK_PAIRS / n);
  const chunks = Array.from({ length: Math.ceil(n / step) }, (_, c) => c * step);
  // All work starts before the first await, as the backend may change during an await.
  const outputs = tf.tidy(() => {
    const layers = layersFor(network, entityProbabilities);
    return chunks.map((first) =>
      tf.tidy(() => {
        const last = Math.min(first + step, n);
        return applyPairNetwork(layers, pairsOfSubjects(input, first, last));
      })
    );
  });
  try {
    const rows = await Promise.all(outputs.map((tensor) => tensor.data<"float32">()));
    for (let i = 0; i < n; i++) {
      const chunk = rows[Math.floor(i / step)];
      let from = (i % step) * (n - 1) * numOutputs;
      for (let j = 0; j < n; j++) {
        if (i === j) continue;
        out.set(chunk.subarray(from, from += numOutputs), (i * n + j) * numOutputs);
      }
    }
  } finally {
    tf.dispose(outputs);
  }
  return out;
}

/** Makes the layers for one image, with rows for entities, not classes; for a `tf.tidy`. */
function layersFor(network: PairNetwork, probabilities: Float32Array): PairLayers {
  const { numClasses, hidden, numOutputs } = sizesOf(network);
  const { subjects, objects, spatial, weights2, weights3 } = network;
  const matrix = (data: Float32Array, width: number) =>
    tf.tensor2d(data, [data.length / width, width]);
  const rows = matrix(probabilities, numClasses);
  return {
    subjects: dense(rows, matrix(subjects, hidden)), // [N, H]
    objects: dense(rows, matrix(objects, hidden)),
    spatial: matrix(spatial, hidden),
    bias1: tf.tensor1d(network.bias1),
    weights2: matrix(weights2, hidden),
    bias2: tf.tensor1d(network.bias2),
    weights3: matrix(weights3, numOutputs),
    bias3: tf.tensor1d(network.bias3),
  };
}

/** The pairs whose subjects are in `[first, last)`; for a `tf.tidy`. */
function pairsOfSubjects(
  { boxes, width, height }: RelationInput,
  first: number,
  last: number,
): PairInputs {
  const n = boxes.length / 4, count = (last - first) * (n - 1);
  const subjects = new Int32Array(count), objects = new Int32Array(count);
  const features = new Float32Array(count * NUM_SPATIAL_FEATURES);
  let pair = 0;
  for (let subject = first; subject < last; subject++) {
    for (let object = 0; object < n; object++) {
      if (subject === object) continue;
      const at = { subject, object, width, height };
      writeSpatialFeatures(boxes, at, features, pair * NUM_SPATIAL_FEATURES);
      subjects[pair] = subject;
      objects[pair++] = object;
    }
  }
  return { subjects: new Groups(subjects, n), objects: new Groups(objects, n), features };
}

/** The parameters of a network as arrays for a file, their names prefixed. */
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
 * Makes a network from the result of {@linkcode networkToArrays}.
 *
 * @param arrays The arrays by name.
 * @param prefix Prefix of the names.
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
      `Cannot read the label predictor "perceptron" as it must have a float32 array "${prefix}${key}": found none`,
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
      `Cannot read the label predictor "perceptron" as "${prefix}${key}" must have ${
        lengths[key]
      } numbers: found ${length}`,
    );
  }
  return network;
}
