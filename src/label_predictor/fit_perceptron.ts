/**
 * Fits the perceptrons of {@linkcode PerceptronPredictor}.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { builtInWords, nameVectors } from "../words/word_vectors.ts";
import { type ExternalCounts, ExternalCountTable } from "./external_counts.ts";
import { collectPairs, mirrorImages, type PairSelection } from "./pair_samples.ts";
import { PerceptronPredictor } from "./perceptron.ts";
import { type PairTraining, trainPairNetwork } from "./train_pair_network.ts";

/** Recipe of both perceptrons: their shapes and training. */
export interface PerceptronTraining {
  /** Recipe of the perceptron for the predicates of related pairs. */
  predicates: PairTraining;
  /** Recipe of the perceptron that tells whether a pair is related. */
  relatedness: PairTraining;
}

/**
 * The recipe for VRD, chosen on 800 held-out training images. It makes about 3,000 updates
 * on VRD; the upper limit on updates matters for larger datasets only.
 */
export const PERCEPTRON_TRAINING: PerceptronTraining = {
  predicates: {
    hidden: 384,
    epochs: 13,
    mostUpdates: 15_000,
    batchSize: 256,
    learningRate: 2e-3,
    warmUpUpdates: 100,
    weightDecay: 0.3,
    dropout: 0.5,
  },
  relatedness: {
    hidden: 192,
    epochs: 5,
    mostUpdates: 15_000,
    batchSize: 512,
    learningRate: 2e-3,
    warmUpUpdates: 100,
    weightDecay: 0.3,
    dropout: 0.3,
  },
};

/**
 * The recipe with external counts, chosen on the validation images of `vg5k`. The counts say
 * most of what a pair of classes tells about the predicate, so a narrower network and three
 * passes are enough; more passes learn the training images by heart. Relatedness gains little
 * after 4,000 updates, which see the pairs of `vg5k` one and a half times.
 */
export const COUNTS_TRAINING: PerceptronTraining = {
  predicates: { ...PERCEPTRON_TRAINING.predicates, hidden: 192, epochs: 3 },
  relatedness: { ...PERCEPTRON_TRAINING.relatedness, mostUpdates: 4000 },
};

/**
 * The recipe for images with or without external counts.
 *
 * @param counts The external counts, if there are any.
 * @returns {@linkcode COUNTS_TRAINING} or {@linkcode PERCEPTRON_TRAINING}.
 */
export function trainingFor(counts: ExternalCounts | undefined): PerceptronTraining {
  return counts ? COUNTS_TRAINING : PERCEPTRON_TRAINING;
}

/** Standard deviation of the scaled word vectors, so that they weigh like the features. */
const WORD_DEVIATION = 0.3;

/** Share of the fitting time that relatedness takes on VRD, for progress. */
const RELATEDNESS_SHARE = 0.45;

/** Settings of {@linkcode fitPerceptron}. */
export interface FitOptions {
  /** Classes and predicates of the images. */
  vocabulary: Vocabulary;
  /** Seed of everything random. */
  seed: number;
  /** Recipe; default: that of {@linkcode trainingFor}. */
  training?: PerceptronTraining;
  /** Counts of relations in other images, of the same vocabulary; default: none. */
  counts?: ExternalCounts;
  /** Called after every update with a share in [0, 1]. */
  onProgress?: (share: number) => void;
}

/**
 * Fits both perceptrons, on the current backend of TensorFlow.js.
 *
 * Each image is used a second time mirrored, since most predicates do not depend on left
 * and right; on VRD this gains 0.3 points of predicate detection at k = 1.
 *
 * The predicates are learned from the pairs with a relation; a pair with several
 * predicates has all of them as its target, in equal shares. Relatedness is learned from
 * every ordered pair without balancing the classes, so that its probabilities are
 * calibrated.
 *
 * @param images The training images.
 * @param options Vocabulary, seed and recipe.
 * @returns The label predictor.
 * @throws {RangeError} If there are fewer pairs than a batch takes.
 */
export async function fitPerceptron(
  images: readonly AnnotatedImage[],
  options: FitOptions,
): Promise<PerceptronPredictor> {
  const { vocabulary, seed, training = trainingFor(options.counts) } = options;
  const { onProgress } = options;
  const numClasses = vocabulary.numEntityClasses;
  const counts = options.counts && new ExternalCountTable(options.counts, vocabulary);
  const words = await classVectors(vocabulary.entities);
  const both = [...images, ...mirrorImages(images, vocabulary.predicates)];
  // If there are more pairs than the updates can use, each is used at most once.
  const pairsFor = (
    name: keyof PerceptronTraining,
    which: PairSelection["which"],
  ) => {
    const { mostUpdates, batchSize } = training[name];
    return collectPairs(both, {
      which,
      most: mostUpdates * batchSize,
      seed: [seed, name],
      counts,
    });
  };
  const related = pairsFor("predicates", "related");
  const predicates = await trainPairNetwork(
    {
      samples: related,
      numOutputs: vocabulary.noRelation,
      writeTarget(pair, row) {
        const start = related.starts[pair], end = related.starts[pair + 1];
        for (const predicate of related.predicates.subarray(start, end)) {
          row[predicate] += 1 / (end - start);
        }
      },
      words,
      numClasses,
      hasPrior: counts !== undefined,
    },
    training.predicates,
    {
      seed: [seed, "predicates"],
      onProgress: (done, total) => onProgress?.((1 - RELATEDNESS_SHARE) * done / total),
    },
  );
  const all = pairsFor("relatedness", "all");
  const relatedness = await trainPairNetwork(
    {
      samples: all,
      numOutputs: 2,
      writeTarget(pair, row) {
        const isRelated = all.starts[pair + 1] > all.starts[pair];
        row[isRelated ? 1 : 0] = 1;
      },
      words,
      numClasses,
    },
    training.relatedness,
    {
      seed: [seed, "relatedness"],
      onProgress: (done, total) =>
        onProgress?.(1 - RELATEDNESS_SHARE * (1 - done / total)),
    },
  );
  return new PerceptronPredictor(predicates, relatedness, counts);
}

/** Word vectors of the classes, centred and scaled: `[C, E]`. */
async function classVectors(names: readonly string[]): Promise<Float32Array> {
  const { data, size } = nameVectors(names, await builtInWords());
  for (let d = 0; d < size; d++) {
    let mean = 0;
    for (let at = d; at < data.length; at += size) mean += data[at] / names.length;
    for (let at = d; at < data.length; at += size) data[at] -= mean;
  }
  let squares = 0;
  for (const value of data) squares += value * value;
  const deviation = Math.sqrt(squares / data.length) || 1;
  return data.map((value) => value * WORD_DEVIATION / deviation);
}
