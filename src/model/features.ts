/**
 * Logits, boxes and word vectors -> the features that the nets see.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { lookUp } from "../kernels/look_up.ts";
import { logProbabilities } from "../kernels/softmax.ts";
import type { Batch } from "./batch.ts";
import type { Dropout } from "./dropout.ts";

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
  const numPredicates = logits.relations.shape[1];
  const p = logProbabilities(logits.entities, logits.entities.shape[1]);
  const q = logProbabilities(logits.relations, numPredicates - 1);
  const parts: tf.Tensor2D[] = [p.logs, batch.boxFeatures];
  if (words) {
    parts.unshift(lookUp(words.entities, p.labels, tf.reshape(p.greatest, [-1])));
  }
  const entities: tf.Tensor2D = tf.concat(parts, 1); // [n, E + C + F]
  const features: Features = {
    entities: dropout?.onEntities(entities, "entity features") ?? entities,
    relations: dropout?.onPairs(q.logs, "log q") ?? q.logs,
  };
  if (words) {
    const scales = dropout?.onPairs(q.greatest, "words") ?? q.greatest;
    features.words = { labels: q.labels, scales: tf.reshape(scales, [-1]) };
  }
  return features;
}
