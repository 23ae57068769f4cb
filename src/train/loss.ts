/**
 * Weighted cross-entropy over entities and relations, summed over the steps.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { SgpConfig, TrainConfig } from "../config.ts";
import type { AnnotatedImage } from "../example.ts";
import { crossEntropy } from "../kernels/softmax.ts";
import type { Batch } from "../model/batch.ts";
import type { LogitTensors } from "../model/gpi.ts";
import type { Parameters } from "../model/parameters.ts";

/** Settings that the loss depends on. */
export type LossConfig = Pick<
  TrainConfig,
  "loss" | "negativeRatio" | "entityWeight" | "regularization"
>;

/**
 * The annotations of a packed batch as targets of the loss.
 *
 * A pair with several predicates has all of them as its target, in equal shares; with
 * `loss: "paper"` only the last one (defect 7 in ARCHITECTURE.md). A related pair weighs
 * 1, an unrelated one (#related / #unrelated) / `negativeRatio`, both counted over the
 * image; with a ratio of 0 it weighs 1. With `loss: "paper"` the first count leaves out
 * relations of predicate P-2, the second includes self pairs (defect 4), and unrelated
 * pairs weigh 0 in validation (defect 5).
 */
export class Targets {
  /** `[n, C]`: one-hot. */
  readonly entities: tf.Tensor2D;
  /** `[m, P]`: rows sum to 1. */
  readonly relations: tf.Tensor2D;
  /** `[m]`: weight of each pair. */
  readonly weights: tf.Tensor1D;

  /**
   * @param images The annotated images, in the order of the batch.
   * @param batch The same images packed, which sets the order of the pairs.
   * @param config Shape of the network.
   * @param loss Settings of the loss.
   * @param isValidation Whether the targets are for validation; matters only with
   * `loss: "paper"`.
   */
  constructor(
    images: readonly AnnotatedImage[],
    batch: Batch,
    config: SgpConfig,
    loss: LossConfig,
    isValidation = false,
  ) {
    const { numEntityClasses: numClasses, numPredicates } = config;
    const isPaper = loss.loss === "paper";
    const hasSelfPairs = config.features === "paper";
    const entities = new Float32Array(batch.numEntities * numClasses);
    const relations = new Float32Array(batch.numPairs * numPredicates);
    const weights = new Float32Array(batch.numPairs);
    for (const [b, image] of images.entries()) {
      const first = batch.entityOffsets[b];
      image.entityLabels.forEach((label, i) =>
        entities[(first + i) * numClasses + label] = 1
      );
      const n = image.entityLabels.length;
      const targets = pairTargets(image.relations, n, numPredicates, isPaper);
      const unrelated = negativeWeight(targets, n, numPredicates, loss, isValidation);
      let pair = batch.pairOffsets[b];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (i === j && !hasSelfPairs) continue;
          const from = (i * n + j) * numPredicates;
          const isRelated = targets[from + numPredicates - 1] === 0;
          weights[pair] = i === j ? 0 : isRelated ? 1 : unrelated;
          relations.set(
            targets.subarray(from, from + numPredicates),
            pair++ * numPredicates,
          );
        }
      }
    }
    this.entities = tf.tensor2d(entities, [batch.numEntities, numClasses]);
    this.relations = tf.tensor2d(relations, [batch.numPairs, numPredicates]);
    this.weights = tf.tensor1d(weights);
  }

  /** Frees the tensors. */
  dispose(): void {
    tf.dispose([this.entities, this.relations, this.weights]);
  }
}

/** Whether an image has a relation; training skips images without one. */
export function hasRelation(image: Pick<AnnotatedImage, "relations">): boolean {
  return image.relations.length > 0;
}

/** Computes the target distribution of every ordered pair, `[N, N, P]`. */
function pairTargets(
  relations: Int32Array,
  n: number,
  numPredicates: number,
  lastOnly: boolean,
): Float32Array {
  const targets = new Float32Array(n * n * numPredicates);
  for (let r = 0; r < relations.length; r += 3) {
    const from = (relations[r] * n + relations[r + 1]) * numPredicates;
    if (lastOnly) targets.fill(0, from, from + numPredicates);
    targets[from + relations[r + 2]] = 1;
  }
  for (let from = 0; from < targets.length; from += numPredicates) {
    const row = targets.subarray(from, from + numPredicates);
    const total = row.reduce((sum, value) => sum + value, 0);
    if (total === 0) row[numPredicates - 1] = 1;
    else if (total > 1) row.forEach((value, p) => row[p] = value / total);
  }
  return targets;
}

/** Computes the weight of the unrelated pairs of one image; see {@linkcode Targets}. */
function negativeWeight(
  targets: Float32Array,
  n: number,
  numPredicates: number,
  { loss, negativeRatio }: LossConfig,
  isValidation: boolean,
): number {
  const isPaper = loss === "paper";
  if (isPaper && isValidation) return 0;
  let positive = 0, negative = 0;
  for (let pair = 0; pair < n * n; pair++) {
    const isSelf = pair % (n + 1) === 0;
    const row = targets.subarray(pair * numPredicates, (pair + 1) * numPredicates);
    if (row[numPredicates - 1] === 1) {
      if (isPaper || !isSelf) negative++;
    } else if (!isPaper || row[numPredicates - 2] !== 1) positive++;
  }
  if (negative === 0) return 0;
  return negativeRatio === 0 ? 1 : positive / negative / negativeRatio;
}

/**
 * Computes the loss of a batch: for each step and image, the weighted cross-entropy of
 * its pairs plus `entityWeight` times that of its entities, summed and not averaged; plus
 * `regularization` times half the sum of squares of all parameters.
 *
 * Source: arXiv 1802.05451, section 5; the sum over steps is the published program's.
 *
 * @param steps Logits after each step.
 * @param targets The annotations.
 * @param parameters Parameters to regularize.
 * @param config Whether the network predicts relations only, or entities too.
 * @param loss Settings of the loss.
 * @returns A scalar.
 */
export function lossOf(
  steps: readonly LogitTensors[],
  targets: Targets,
  parameters: Parameters,
  config: SgpConfig,
  loss: LossConfig,
): tf.Scalar {
  return tf.tidy(() => {
    const terms: tf.Tensor[] = [];
    for (const { entities, relations } of steps) {
      terms.push(crossEntropy(relations, targets.relations, targets.weights));
      if (!config.relationsOnly) {
        const weights = tf.fill([entities.shape[0]], loss.entityWeight) as tf.Tensor1D;
        terms.push(crossEntropy(entities, targets.entities, weights));
      }
    }
    if (loss.regularization > 0) {
      for (const variable of parameters.variables.values()) {
        terms.push(tf.mul(tf.sum(tf.square(variable)), loss.regularization / 2));
      }
    }
    // One by one: tf.addN of many tensors gives 0 on WebGPU (4.22).
    return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
  });
}
