/**
 * Fits the perceptrons of {@linkcode PerceptronPredictor}.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { builtInWords, nameVectors } from "../words/word_vectors.ts";
import { collectPairs, mirrorImages, type PairSelection } from "./pair_samples.ts";
import { PerceptronPredictor } from "./perceptron.ts";
import { type PairTraining, trainPairNetwork } from "./train_pair_network.ts";

/** How both perceptrons are shaped and trained. */
export interface PerceptronTraining {
  /** The one for the predicates of related pairs. */
  predicates: PairTraining;
  /** The one that says whether a pair is related. */
  relatedness: PairTraining;
}

/**
 * The recipe for VRD; found on 800 of its training images that were held out. It takes
 * about 3,000 updates there; the greatest number of them is for larger datasets.
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

/** Deviation of the word vectors' numbers, so that they weigh like the features. */
const WORD_DEVIATION = 0.3;

/** Share of the time that the relatedness takes on VRD, for progress. */
const RELATEDNESS_SHARE = 0.45;

/** What a perceptron is fitted with. */
export interface FitOptions {
  /** Classes and predicates of the images. */
  vocabulary: Vocabulary;
  /** Everything that chance decides follows from it. */
  seed: number;
  /** By default {@linkcode PERCEPTRON_TRAINING}. */
  training?: PerceptronTraining;
  /** Called after every update with a share in [0, 1]. */
  onProgress?: (share: number) => void;
}

/**
 * Fits both perceptrons, on the current backend of TensorFlow.js.
 *
 * Each image is seen in a mirror, too, since most predicates know no sides; on VRD this
 * gains 0.3 points of predicate detection at k = 1.
 *
 * The predicates are learned from the pairs with a relation; a pair with several
 * predicates has all of them as its target, each in proportion. The relatedness is
 * learned from every ordered pair, as often related as annotators left it, so that its
 * probabilities are calibrated.
 *
 * @param images The training images.
 * @param options Vocabulary, seed and recipe.
 * @returns The label predictor.
 * @throws {RangeError} If there are fewer pairs than a batch has.
 */
export async function fitPerceptron(
  images: readonly AnnotatedImage[],
  options: FitOptions,
): Promise<PerceptronPredictor> {
  const { vocabulary, seed, training = PERCEPTRON_TRAINING, onProgress } = options;
  const numClasses = vocabulary.numEntityClasses;
  const words = await classVectors(vocabulary.entities);
  const both = [...images, ...mirrorImages(images, vocabulary.predicates)];
  /** Drawn anew rather than seen again, if there are more than can be seen. */
  const pairsFor = (
    name: keyof PerceptronTraining,
    which: PairSelection["which"],
  ) => {
    const { mostUpdates, batchSize } = training[name];
    return collectPairs(both, {
      which,
      most: mostUpdates * batchSize,
      seed: [seed, name],
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
  return new PerceptronPredictor(predicates, relatedness);
}

/** Word vectors of classes, centred over them and scaled: `[C, E]`. */
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
