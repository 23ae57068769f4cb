/**
 * The loss of a pair network in training. One-hot labels select rows of tables and are
 * never multiplied.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { dense } from "../kernels/dense.ts";
import { dropout } from "../kernels/dropout.ts";
import { crossEntropy } from "../kernels/softmax.ts";
import { applyPairNetwork, type PairInputs, type PairLayers } from "./pair_network.ts";

/** Parameters in training, when the table of each role is a sum of two parts. */
export interface Trainable extends Omit<PairLayers, "subjects" | "objects" | "gate"> {
  /** `[C, H]`: free rows for the classes of subjects. */
  subjectTable: tf.Tensor2D;
  /** `[C, H]`: free rows for the classes of objects. */
  objectTable: tf.Tensor2D;
  /** `[E, H]`: weights of the word vectors of subjects. */
  subjectWords: tf.Tensor2D;
  /** `[E, H]`: weights of the word vectors of objects. */
  objectWords: tf.Tensor2D;
  /** `[O]`: the gate less 1, so that weight decay draws the gate to 1. */
  gateOffset?: tf.Tensor1D;
}

/** A batch of B pairs with standardised features. */
export interface PairBatch extends PairInputs {
  /** `[B, O]`: target probability of each output; rows sum to 1. */
  targets: Float32Array;
}

/** Dropout of hidden units. */
export interface PairDropout {
  /** Share of the units to drop, in [0, 1). */
  rate: number;
  /** Decides which units are dropped. */
  seed: readonly (number | string)[];
}

/**
 * Computes the tables whose rows the classes of subjects and objects add to the first
 * hidden layer: a free row for each class plus the product of its word vector.
 *
 * @param parameters Parameters in training.
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
 * Computes the mean cross-entropy of the softmax of the outputs with the targets.
 *
 * @param parameters Parameters in training; the loss is differentiable by each.
 * @param words `[C, E]`: word vector of each class.
 * @param batch The pairs.
 * @param mask Dropout of hidden units; default: none.
 * @returns A scalar; the caller disposes it.
 */
export function pairLoss(
  parameters: Trainable,
  words: tf.Tensor2D,
  batch: PairBatch,
  mask?: PairDropout,
): tf.Scalar {
  const count = batch.subjects.numRows;
  return tf.tidy(() => {
    const { gateOffset } = parameters;
    const layers = {
      ...parameters,
      ...classRows(parameters, words),
      ...gateOffset && { gate: tf.add(gateOffset, 1) as tf.Tensor1D },
    };
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
