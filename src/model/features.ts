/**
 * Logits, boxes and word vectors -> the features that the nets see.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
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

/**
 * The features of entities or of pairs. The published ones also hold the word vector of
 * the likeliest label times its probability; nets look it up in a table of one row a
 * label instead, its product with their weights, which is the same and cheaper
 * (model.md, "the algebra that makes it fast").
 */
export interface Feature {
  /** `[n, C + F]`: log p and box of entities; `[m, P]`: log q of pairs. */
  values: tf.Tensor2D;
  /** The likeliest label of each row, `[rows]` int32, and its probability, `[rows]`. */
  words?: { labels: tf.Tensor1D; scales: tf.Tensor1D };
}

/** The features of one step. */
export interface Features {
  /** Of the n entities. */
  entities: Feature;
  /** Of the m pairs. */
  relations: Feature;
}

/**
 * Computes the features of one step.
 *
 * The likeliest label is not differentiated, its probability is. With dropout, one mask
 * is drawn for the values of each row and one for its word as a whole: unlike the
 * published program, where every net draws its own for each number of the word vector.
 *
 * @param logits The state of the step.
 * @param batch Gives the boxes.
 * @param hasWords Whether the variant looks at words.
 * @param dropout In training only.
 * @returns The features; the caller disposes them.
 */
export function computeFeatures(
  logits: { entities: tf.Tensor2D; relations: tf.Tensor2D },
  batch: Batch,
  hasWords: boolean,
  dropout?: Dropout,
): Features {
  const numPredicates = logits.relations.shape[1];
  const p = logProbabilities(logits.entities, logits.entities.shape[1]);
  const q = logProbabilities(logits.relations, numPredicates - 1);
  const values: tf.Tensor2D = tf.concat([p.logs, batch.boxFeatures], 1);
  const wordsOf = (labels: tf.Tensor1D, scales: tf.Tensor2D) =>
    hasWords && { words: { labels, scales: tf.reshape<tf.Rank.R1>(scales, [-1]) } };
  return {
    entities: {
      values: dropout?.onEntities(values, "entity features") ?? values,
      ...wordsOf(
        p.labels,
        dropout?.onEntities(p.greatest, "entity words") ?? p.greatest,
      ),
    },
    relations: {
      values: dropout?.onPairs(q.logs, "log q") ?? q.logs,
      ...wordsOf(q.labels, dropout?.onPairs(q.greatest, "words") ?? q.greatest),
    },
  };
}
