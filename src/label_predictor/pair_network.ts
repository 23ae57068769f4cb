/**
 * A perceptron over one ordered pair. Its inputs are the classes, each a row of a table,
 * and the spatial features; it has two hidden layers.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
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
  /**
   * `[44 + F, H]`: weights of the spatial features in the first hidden layer, then of the F
   * features of external counts, if it uses them.
   */
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
  /** `[O]`: factor of each of the first O features of external counts in the outputs. */
  gate?: Float32Array;
}

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
  gate?: tf.Tensor1D;
}

/** Input of a network for B pairs. */
export interface PairInputs {
  /** Row of the subjects' table of each pair. */
  subjects: Groups;
  /** Row of the objects' table of each pair. */
  objects: Groups;
  /** `[B, 44 + F]`: spatial features, then those of external counts. */
  features: Float32Array;
  /** `[B, O]`: what the gate adds to the outputs. */
  prior?: Float32Array;
}

/** Features of all ordered pairs of N entities beside the spatial ones. */
export interface ExtraFeatures {
  /** F. */
  width: number;
  /** `[N, N, F]`, subject first. */
  values: Float32Array;
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
  { subjects, objects, features, prior }: PairInputs,
  drop = (hidden: tf.Tensor2D, _layer: number) => hidden,
): tf.Tensor2D {
  const { bias1, weights2, bias2, weights3, bias3, gate } = layers;
  const count = subjects.numRows;
  const spatial = tf.tensor2d(features, [count, features.length / count]);
  const first = dense(spatial, layers.spatial, {
    biases: bias1,
    groups: [
      { table: layers.subjects, rows: subjects },
      { table: layers.objects, rows: objects },
    ],
    isRelu: true,
  }); // [B, H]
  const second = dense(drop(first, 1), weights2, { biases: bias2, isRelu: true });
  const outputs = dense(drop(second, 2), weights3, { biases: bias3 }); // [B, O]
  if (!gate || !prior) return outputs;
  return tf.add(outputs, tf.mul(gate, tf.tensor2d(prior, outputs.shape)));
}

/** Pairs to compute at a time: enough to keep a kernel busy, and few enough for the cache. */
const CHUNK_PAIRS = 2048;

/**
 * Runs networks of the same inputs on every ordered pair of entities, on the current backend
 * of TensorFlow.js. It needs little more memory than the results.
 *
 * An uncertain label adds the mean of the rows of all classes, weighted by their
 * probabilities, to the first layer.
 *
 * @param networks The networks.
 * @param input The N entities.
 * @param extra Features that follow the spatial ones, if the networks were fitted with any.
 * @returns For each network `[N, N, O]`, subject first; zero for the pairs of an entity with
 * itself.
 * @throws {RangeError} If there are not C probabilities for each box.
 */
export async function runPairNetworks(
  networks: readonly PairNetwork[],
  input: RelationInput,
  extra?: ExtraFeatures,
): Promise<Float32Array[]> {
  const n = input.boxes.length / 4;
  for (const network of networks) checkProbabilities(network, input);
  if (n < 2) {
    return networks.map((network) => new Float32Array(n * n * network.bias3.length));
  }
  const step = Math.ceil(CHUNK_PAIRS / n);
  const chunks = Array.from({ length: Math.ceil(n / step) }, (_, c) => c * step);
  // All work starts before the first await, as the backend may change during an await.
  const outputs = tf.tidy(() => {
    const layers = networks.map((network) =>
      layersFor(network, input.entityProbabilities)
    );
    return chunks.map((first) =>
      tf.tidy(() => {
        const pairs = pairsOfSubjects(input, [first, Math.min(first + step, n)], extra);
        return layers.map((each, k) =>
          tf.tidy(() =>
            applyPairNetwork(each, { ...pairs, prior: priorOf(pairs, networks[k]) })
          )
        );
      })
    );
  }); // by chunk and network
  try {
    return await Promise.all(networks.map(async (network, k) => {
      const rows = await Promise.all(
        outputs.map((chunk) => chunk[k].data<"float32">()),
      );
      return squareOf(rows, { n, step, width: network.bias3.length });
    }));
  } finally {
    tf.dispose(outputs);
  }
}

function checkProbabilities(
  network: PairNetwork,
  { boxes, entityProbabilities: { length } }: RelationInput,
): void {
  const n = boxes.length / 4, { numClasses } = sizesOf(network);
  if (length === n * numClasses) return;
  throw new RangeError(
    `Cannot predict relations as ${n} boxes and ${numClasses} classes must have ${
      n * numClasses
    } probabilities: found ${length}`,
  );
}

/** Puts the rows of the pairs, `step` subjects at a time, into `[N, N, width]`. */
function squareOf(
  chunks: readonly Float32Array[],
  { n, step, width }: { n: number; step: number; width: number },
): Float32Array {
  const out = new Float32Array(n * n * width);
  for (let i = 0; i < n; i++) {
    const chunk = chunks[Math.floor(i / step)];
    const row = chunk.subarray((i % step) * (n - 1) * width);
    out.set(row.subarray(0, i * width), i * n * width);
    out.set(row.subarray(i * width, (n - 1) * width), (i * n + i + 1) * width);
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
    ...network.gate && { gate: tf.tensor1d(network.gate) },
  };
}

/** The pairs whose subjects are in `[first, last)`; for a `tf.tidy`. */
function pairsOfSubjects(
  { boxes, width, height }: RelationInput,
  [first, last]: readonly [number, number],
  extra?: ExtraFeatures,
): PairInputs {
  const n = boxes.length / 4, count = (last - first) * (n - 1);
  const subjects = new Int32Array(count), objects = new Int32Array(count);
  const row = NUM_SPATIAL_FEATURES + (extra?.width ?? 0);
  const features = new Float32Array(count * row);
  let pair = 0;
  for (let subject = first; subject < last; subject++) {
    for (let object = 0; object < n; object++) {
      if (subject === object) continue;
      const at = { subject, object, width, height };
      writeSpatialFeatures(boxes, at, features, pair * row);
      if (extra) {
        const from = (subject * n + object) * extra.width;
        const values = extra.values.subarray(from, from + extra.width);
        features.set(values, pair * row + NUM_SPATIAL_FEATURES);
      }
      subjects[pair] = subject;
      objects[pair++] = object;
    }
  }
  return {
    subjects: new Groups(subjects, n),
    objects: new Groups(objects, n),
    features,
  };
}

/** The first O features of external counts, `[B, O]`, if the network adds them to outputs. */
function priorOf(
  { subjects: { numRows }, features }: PairInputs,
  { gate }: PairNetwork,
): Float32Array | undefined {
  if (!gate) return undefined;
  const prior = new Float32Array(numRows * gate.length), row = features.length / numRows;
  for (let pair = 0; pair < numRows; pair++) {
    const from = pair * row + NUM_SPATIAL_FEATURES;
    prior.set(features.subarray(from, from + gate.length), pair * gate.length);
  }
  return prior;
}
