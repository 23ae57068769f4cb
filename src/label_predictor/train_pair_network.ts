/**
 * Fits a pair network by Adam with weight decay.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { Adam } from "../kernels/adam.ts";
import { Groups } from "../kernels/groups.ts";
import { Random } from "../random.ts";
import "../deps/gradients.ts";
import { classRows, type PairBatch, pairLoss, type Trainable } from "./pair_loss.ts";
import type { PairNetwork } from "./pair_network.ts";
import { featureStatistics, type PairSamples } from "./pair_samples.ts";
import { NUM_SPATIAL_FEATURES } from "./spatial_features.ts";

/** Shape of a network, and settings of its training. */
export interface PairTraining {
  /** H: width of both hidden layers. */
  hidden: number;
  /** Number of passes over the pairs. */
  epochs: number;
  /** Upper limit on the number of updates. */
  mostUpdates: number;
  /** Pairs of an update; an epoch leaves out pairs that do not fill a batch. */
  batchSize: number;
  /** Greatest learning rate. */
  learningRate: number;
  /** Updates in which the learning rate rises from zero; it then falls as a cosine. */
  warmUpUpdates: number;
  /** Decoupled weight decay, as of {@linkcode Adam}. */
  weightDecay: number;
  /** Share of hidden units to drop, in [0, 1). */
  dropout: number;
}

/** Pairs and their targets. */
export interface PairProblem {
  /** The pairs. */
  samples: PairSamples;
  /** Adds the target probability of each output for a pair to a row of O zeros. */
  writeTarget: (pair: number, row: Float32Array) => void;
  /** O. */
  numOutputs: number;
  /** `[C, E]`: word vector of each class. */
  words: Float32Array;
  /** C. */
  numClasses: number;
  /**
   * Whether the first O features after the spatial ones are logits, which the network
   * corrects: a gate adds them to its outputs. Default false.
   */
  hasPrior?: boolean;
}

/** Standard deviation of the classes' free rows before training. */
const TABLE_DEVIATION = 0.3;

/**
 * Fits a network to pairs, on the current backend of TensorFlow.js.
 *
 * @param problem Pairs and targets.
 * @param training Shape of the network, and settings of the training.
 * @param options Seed of everything random, and a function called after every update.
 * @returns The network; standardisation and word vectors are folded into its parameters.
 * @throws {RangeError} If there are fewer pairs than a batch takes.
 */
export async function trainPairNetwork(
  problem: PairProblem,
  training: PairTraining,
  options: {
    seed: readonly (number | string)[];
    onProgress?: (done: number, total: number) => void;
  },
): Promise<PairNetwork> {
  const { samples, numClasses } = problem;
  const { batchSize, epochs, mostUpdates } = training;
  if (samples.count < batchSize) {
    throw new RangeError(
      `Cannot fit a perceptron as there must be ${batchSize} or more pairs: found ${samples.count}; use class statistics (--label-predictor frequency)`,
    );
  }
  const { seed, onProgress } = options;
  const random = new Random(...seed);
  const statistics = featureStatistics(samples);
  const words = tf.tensor2d(problem.words, [
    numClasses,
    problem.words.length / numClasses,
  ]);
  const parameters = initialParameters(problem, training, random);
  const variables = Object.values(parameters) as tf.Variable[];
  const adam = new Adam(
    { variables: new Map(variables.map((variable) => [variable.name, variable])) },
    { weightDecay: training.weightDecay },
  );
  try {
    const order = Int32Array.from({ length: samples.count }, (_, i) => i);
    const perEpoch = Math.floor(samples.count / batchSize);
    const total = Math.min(perEpoch * epochs, mostUpdates);
    let done = 0;
    while (done < total) {
      random.shuffle(order);
      const last = batchSize * Math.min(perEpoch, total - done);
      for (let end = batchSize; end <= last; end += batchSize) {
        const batch = batchOf(problem, order.subarray(end - batchSize, end), statistics);
        const mask = { rate: training.dropout, seed: [...seed, ++done] };
        const { value, grads } = tf.variableGrads(
          () => pairLoss(parameters, words, batch, mask),
          variables,
        );
        adam.update(grads, training.learningRate * rateAt(done, total, training));
        tf.dispose([value, grads]);
        batch.subjects.dispose();
        batch.objects.dispose();
        onProgress?.(done, total);
      }
      // Gives messages and timers of this thread a turn.
      await new Promise((resolve) => setTimeout(resolve));
    }
    return await fold(parameters, words, statistics);
  } finally {
    adam.dispose();
    tf.dispose([words, variables]);
  }
}

function initialParameters(
  { samples, numClasses, words, numOutputs, hasPrior }: PairProblem,
  { hidden }: PairTraining,
  random: Random,
): Trainable {
  const make = (shape: number[], draw: () => number) =>
    tf.tidy(() => {
      const length = shape.reduce((a, b) => a * b);
      return tf.variable(tf.tensor(Float32Array.from({ length }, draw), shape));
    });
  const table = () =>
    make([numClasses, hidden], () => TABLE_DEVIATION * random.normal()) as tf.Tensor2D;
  // Uniform between -1 and 1 divided by the root of the number of inputs, as in PyTorch.
  const weights = (inputs: number, outputs: number) => {
    const limit = 1 / Math.sqrt(inputs);
    return make([inputs, outputs], () => random.between(-limit, limit)) as tf.Tensor2D;
  };
  const bias = (length: number) => make([length], () => 0) as tf.Tensor1D;
  const wordSize = words.length / numClasses;
  return {
    subjectTable: table(),
    objectTable: table(),
    subjectWords: weights(wordSize, hidden),
    objectWords: weights(wordSize, hidden),
    spatial: weights(samples.numFeatures, hidden),
    bias1: bias(hidden),
    weights2: weights(hidden, hidden),
    bias2: bias(hidden),
    // A network that corrects logits begins without a correction.
    weights3: hasPrior
      ? make([hidden, numOutputs], () => 0) as tf.Tensor2D
      : weights(hidden, numOutputs),
    bias3: bias(numOutputs),
    ...hasPrior && { gateOffset: bias(numOutputs) },
  };
}

type Statistics = ReturnType<typeof featureStatistics>;

function batchOf(
  { samples, writeTarget, numOutputs, numClasses, hasPrior }: PairProblem,
  pairs: Int32Array,
  { mean, deviation }: Statistics,
): PairBatch {
  const width = samples.numFeatures;
  const features = new Float32Array(pairs.length * width);
  const targets = new Float32Array(pairs.length * numOutputs);
  const prior = hasPrior ? new Float32Array(pairs.length * numOutputs) : undefined;
  for (let i = 0; i < pairs.length; i++) {
    samples.writeFeatures(pairs[i], features, i * width);
    for (let k = 0; prior && k < numOutputs; k++) {
      prior[i * numOutputs + k] = features[i * width + NUM_SPATIAL_FEATURES + k];
    }
    for (let f = 0; f < width; f++) {
      features[i * width + f] = (features[i * width + f] - mean[f]) / deviation[f];
    }
    writeTarget(pairs[i], targets.subarray(i * numOutputs, (i + 1) * numOutputs));
  }
  return {
    subjects: new Groups(pairs.map((pair) => samples.subjects[pair]), numClasses),
    objects: new Groups(pairs.map((pair) => samples.objects[pair]), numClasses),
    ...{ features, prior, targets },
  };
}

/** Share of the greatest learning rate: it rises linearly, then falls as a cosine. */
function rateAt(update: number, total: number, { warmUpUpdates }: PairTraining): number {
  if (update <= warmUpUpdates) return update / warmUpUpdates;
  return (1 + Math.cos(Math.PI * (update - warmUpUpdates) / (total - warmUpUpdates))) / 2;
}

/** Folds word vectors into tables and standardisation into weights. */
async function fold(
  parameters: Trainable,
  words: tf.Tensor2D,
  { mean, deviation }: Statistics,
): Promise<PairNetwork> {
  const read = async (tensor: tf.Tensor) => Float32Array.from(await tensor.data());
  const rows = classRows(parameters, words);
  const hidden = parameters.bias1.shape[0];
  const spatial = (await read(parameters.spatial)).map((value, k) =>
    value / deviation[Math.floor(k / hidden)]
  );
  const bias1 = (await read(parameters.bias1)).map((value, k) => {
    for (let f = 0; f < mean.length; f++) value -= mean[f] * spatial[f * hidden + k];
    return value;
  });
  const network = {
    subjects: await read(rows.subjects),
    objects: await read(rows.objects),
    spatial,
    bias1,
    weights2: await read(parameters.weights2),
    bias2: await read(parameters.bias2),
    weights3: await read(parameters.weights3),
    bias3: await read(parameters.bias3),
    ...parameters.gateOffset && {
      gate: (await read(parameters.gateOffset)).map((offset) => 1 + offset),
    },
  };
  tf.dispose(rows);
  return network;
}
