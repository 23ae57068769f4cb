/**
 * Logits, boxes and word vectors -> the features that the nets see.
 *
 * @module
 */

import { tf } from "../deps.ts";
import type { Batch } from "./batch.ts";
import type { Dropout } from "./dropout.ts";

/** Keeps the logarithm of a probability finite; the published program's constant. */
const EPSILON = 1e-10;

/** Word vectors of all labels: constants, or none in variants without words. */
export interface WordVectors {
  /** `[C, E]`. */
  entities: tf.Tensor2D;
  /** `[P, E]`; the last row, "no relation", is zero and never used. */
  relations: tf.Tensor2D;
}

/** The features of one step. */
export interface Features {
  /** `[n, e]`: word vector of the likeliest label x its probability, log p, box. */
  entities: tf.Tensor2D;
  /** `[m, P]`: log q. */
  relations: tf.Tensor2D;
  /**
   * The likeliest predicate of each pair and its probability. Its word vector times the
   * probability is the other part of the published relation feature; nets look it up in
   * a table of P rows instead, which is the same and cheaper (model.md, "the algebra
   * that makes it fast").
   */
  words?: { labels: tf.Tensor1D; scales: tf.Tensor1D };
}

/**
 * Computes the features of one step.
 *
 * The likeliest label is not differentiated, its probability is. With dropout, one mask
 * is drawn for each entity's feature, one for each pair's log q and one for its word:
 * unlike the published program, where every net draws its own.
 *
 * @param logits The state of the step.
 * @param batch Gives the boxes.
 * @param words Word vectors, if the variant has them.
 * @param dropout In training only.
 * @returns The features; the caller disposes them.
 */
export function computeFeatures(
  logits: { entities: tf.Tensor2D; relations: tf.Tensor2D },
  batch: Batch,
  words: WordVectors | undefined,
  dropout?: Dropout,
): Features {
  const p = tf.softmax(logits.entities); // [n, C]
  const q = tf.softmax(logits.relations); // [m, P]
  const logP = tf.log(tf.add(p, EPSILON));
  const logQ = tf.log(tf.add(q, EPSILON)) as tf.Tensor2D;
  const parts: tf.Tensor[] = [logP, batch.boxFeatures];
  if (words) parts.unshift(tf.matMul(likeliest(p), words.entities));
  const entities = tf.concat(parts, 1) as tf.Tensor2D; // [n, E + C + F]
  const features: Features = {
    entities: dropout?.onEntities(entities, "entity features") ?? entities,
    relations: dropout?.onPairs(logQ, "log q") ?? logQ,
  };
  if (words) {
    const positive = tf.slice(q, [0, 0], [-1, q.shape[1] - 1]);
    const scales = tf.sum(likeliest(positive), 1, true) as tf.Tensor2D; // [m, 1]
    const kept = dropout?.onPairs(scales, "words") ?? scales;
    features.words = {
      labels: labelsOf(positive),
      scales: tf.reshape(kept, [-1]),
    };
  }
  return features;
}

/** The greatest of each row; its gradient is zero. */
function labelsOf(probabilities: tf.Tensor2D): tf.Tensor1D {
  return tf.customGrad((x) => ({
    value: tf.argMax(x as tf.Tensor, 1) as tf.Tensor1D,
    gradFunc: () => tf.zerosLike(probabilities),
  }))(probabilities);
}

/** One-hot of the greatest of each row, times the greatest. */
function likeliest(probabilities: tf.Tensor2D): tf.Tensor2D {
  const at = tf.argMax(probabilities, 1) as tf.Tensor1D;
  // tf.oneHot of float32 writes the bits of whole numbers on WASM (4.22): cast instead.
  const oneHot = tf.cast(tf.oneHot(at, probabilities.shape[1]), "float32");
  // The product, not tf.max: at a tie the gradient goes to one class, as in a gather.
  return tf.mul(probabilities, oneHot);
}
