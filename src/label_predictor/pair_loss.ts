/**
 * What a pair network minimises while it is trained, in TensorFlow.js operations and our
 * kernels: one-hot labels are rows of tables, never products.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { dense } from "../kernels/dense.ts";
import { dropout } from "../kernels/dropout.ts";
import { crossEntropy } from "../kernels/softmax.ts";
import { applyPairNetwork, type PairInputs, type PairLayers } from "./pair_network.ts";

/** The parameters while they are trained; the tables of classes are sums of two parts. */
export interface Trainable extends Omit<PairLayers, "subjects" | "objects"> {
  /** `[C, H]`: free rows for the classes of subjects. */
  subjectTable: tf.Tensor2D;
  /** `[C, H]`: free rows for the classes of objects. */
  objectTable: tf.Tensor2D;
  /** `[E, H]`: from the word vectors of subjects. */
  subjectWords: tf.Tensor2D;
  /** `[E, H]`: from the word vectors of objects. */
  objectWords: tf.Tensor2D;
}

/** A batch of B pairs; their features are standardised. */
export interface PairBatch extends PairInputs {
  /** `[B, O]`: how probable each output should be; rows sum to 1. */
  targets: Float32Array;
}

/** Which hidden units are dropped. */
export interface PairDropout {
  /** Share of them, in [0, 1). */
  rate: number;
  /** Decides which; the same seed drops the same. */
  seed: readonly (number | string)[];
}

/**
 * What the class of a subject and of an object adds to the first hidden layer: its free
 * row, and what follows from its word vector.
 *
 * @param parameters The parameters.
 * @param words `[C, E]`: word vector of each class.
 * @returns Two tables `[C, H]`; the caller disposes them.
 */
export function classRows(
  parameters: Trainable,
  words: tf.Tensor2D,
): { subjects: tf.Tensor2D; objects: tf.Tensor2D } {
  const { subjectTable, subjectWords, objectTable, objectWords } = parameters;
  return tf.tidy(() => ({
    subjects: tf.add(subjectTable, dense(words, subjectWords)),
    objects: tf.add(objectTable, dense(words, objectWords)),
  }));
}

/**
 * Mean cross-entropy of the softmax of the outputs against the targets.
 *
 * @param parameters The parameters; the loss is differentiable by each.
 * @param words `[C, E]`: word vector of each class.
 * @param batch The pairs.
 * @param mask Which hidden units are dropped; none by default.
 * @returns A number; the caller disposes it.
 */
export function pairLoss(
  parameters: Trainable,
  words: tf.Tensor2D,
  batch: PairBatch,
  mask?: PairDropout,
): tf.Scalar {
  const count = batch.subjects.numRows;
  return tf.tidy(() => {
    const layers = { ...parameters, ...classRows(parameters, words) };
    const outputs = applyPairNetwork(layers, batch, (x, layer) => drop(x, layer, mask));
    const targets = tf.tensor2d(batch.targets, [count, outputs.shape[1]]);
    return crossEntropy(outputs, targets, tf.fill([count], 1 / count));
  });
}

function drop(x: tf.Tensor2D, layer: number, mask: PairDropout | undefined) {
  if (!mask) return x;
  const offsets = Int32Array.of(0, x.shape[0]);
  return dropout(x, { rate: mask.rate, offsets, seeds: [[...mask.seed, layer]] });
}
