/**
 * What a pair network minimises while it is trained, in TensorFlow.js operations and our
 * kernels: one-hot labels are rows of tables, never products.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { dense } from "../kernels/dense.ts";
import { dropout } from "../kernels/dropout.ts";
import type { Rows } from "../kernels/rows.ts";
import { crossEntropy } from "../kernels/softmax.ts";
import { NUM_SPATIAL_FEATURES } from "./spatial_features.ts";

/** The parameters while they are trained; the tables of classes are sums of two parts. */
export interface Trainable {
  /** `[C, H]`: free rows for the classes of subjects. */
  subjectTable: tf.Tensor2D;
  /** `[C, H]`: free rows for the classes of objects. */
  objectTable: tf.Tensor2D;
  /** `[E, H]`: from the word vectors of subjects. */
  subjectWords: tf.Tensor2D;
  /** `[E, H]`: from the word vectors of objects. */
  objectWords: tf.Tensor2D;
  /** `[44, H]`. */
  spatial: tf.Tensor2D;
  /** `[H]`. */
  bias1: tf.Tensor1D;
  /** `[H, H]`. */
  weights2: tf.Tensor2D;
  /** `[H]`. */
  bias2: tf.Tensor1D;
  /** `[H, O]`. */
  weights3: tf.Tensor2D;
  /** `[O]`. */
  bias3: tf.Tensor1D;
}

/** A batch of B pairs. */
export interface PairBatch {
  /** The class of each of the B subjects. */
  subjects: Rows;
  /** The class of each of the B objects. */
  objects: Rows;
  /** `[B, 44]`: spatial features, standardised. */
  features: Float32Array;
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
  const { bias1, weights2, bias2, weights3, bias3 } = parameters;
  const count = batch.subjects.numRows;
  return tf.tidy(() => {
    const { subjects, objects } = classRows(parameters, words);
    const features = tf.tensor2d(batch.features, [count, NUM_SPATIAL_FEATURES]);
    const first = dense(features, parameters.spatial, {
      biases: bias1,
      groups: [
        { table: subjects, rows: batch.subjects },
        { table: objects, rows: batch.objects },
      ],
      isRelu: true,
    }); // [B, H]
    const second = dense(drop(first, 1, mask), weights2, { biases: bias2, isRelu: true });
    const outputs = dense(drop(second, 2, mask), weights3, { biases: bias3 }); // [B, O]
    const targets = tf.tensor2d(batch.targets, [count, outputs.shape[1]]);
    return crossEntropy(outputs, targets, tf.fill([count], 1 / count));
  });
}

function drop(x: tf.Tensor2D, layer: number, mask: PairDropout | undefined) {
  if (!mask) return x;
  const offsets = Int32Array.of(0, x.shape[0]);
  return dropout(x, { rate: mask.rate, offsets, seeds: [[...mask.seed, layer]] });
}
