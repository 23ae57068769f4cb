/**
 * Computes the input features of the nets from logits, boxes and word vectors.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { CERTAIN_SCORE } from "../certainty.ts";
import { PUBLISHED_EPSILON } from "../config.ts";
import { type LogProbabilities, logProbabilities } from "../kernels/softmax.ts";
import type { Batch } from "./batch.ts";
import type { Dropout } from "./dropout.ts";

/** Word vectors of all labels, which are constants. */
export interface WordVectors {
  /** `[C, E]`. */
  entities: tf.Tensor2D;
  /** `[P, E]`; the last row, "no relation", is zero and never used. */
  relations: tf.Tensor2D;
}

/**
 * The features of entities or of pairs. In the published program they also hold the word
 * vector of the likeliest label times its probability. Here they hold label and
 * probability instead: each net has a table of the products of all word vectors with its
 * weights (`layers.ts`) and looks up one row of it, which gives the same and is cheaper.
 */
export interface Feature {
  /** Of entities `[n, C + F]`, log p and box features; of pairs `[m, P]`, log q. */
  values: tf.Tensor2D;
  /** The likeliest label of each row, `[rows]` int32, and its probability, `[rows]`. */
  words?: { labels: tf.Tensor1D; scales: tf.Tensor1D };
}

/** The features of one step. */
export interface Features {
  /** Features of the n entities. */
  entities: Feature;
  /** Features of the m pairs. */
  relations: Feature;
  /** `[n, 1]`: probability of the likeliest label of each entity, 1 if it is certain. */
  certainty: tf.Tensor2D;
}

/**
 * The certainty of labels: their probabilities, exactly 1 from `CERTAIN_SCORE` on. A label
 * that was given with certainty stays certain in all steps.
 *
 * @param greatest `[n, 1]`: probability of the likeliest label.
 * @param first `[n, 1]`: certainty in the first step; absent in the first step itself.
 */
function certaintyOf(greatest: tf.Tensor2D, first?: tf.Tensor2D): tf.Tensor2D {
  const certainty: tf.Tensor2D = tf.minimum(tf.div(greatest, CERTAIN_SCORE), 1);
  return first ? tf.maximum(certainty, tf.floor(first)) : certainty;
}

/**
 * Computes the logarithms that are features, and the likeliest labels.
 *
 * With the published epsilon they are log(p + epsilon). With another one they are
 * log(1 + p / epsilon), the same but for a constant: labels that are out of the question
 * are 0, and not a large number that is nearly the same for all of them, with which
 * training hardly gets anywhere.
 */
function logFeatures(
  logits: tf.Tensor2D,
  numLabels: number,
  epsilon: number,
): LogProbabilities {
  const found = logProbabilities(logits, numLabels, epsilon);
  if (epsilon === PUBLISHED_EPSILON) return found;
  return { ...found, logs: tf.sub(found.logs, Math.log(epsilon)) };
}

/**
 * Computes the features of one step.
 *
 * The probability of the likeliest label is differentiated, the label is not. With dropout
 * one mask is drawn for the values of each row and one for its word as a whole. In the
 * published program every net draws its own, for each number of the word vector.
 *
 * @param logits The logits before the step.
 * @param batch The images, which have the box features.
 * @param form Whether the variant uses word vectors, and the configuration's epsilon.
 * @param options Dropout, in training only, and the features of the first step, in the later
 * ones.
 * @returns The features; the caller disposes them.
 */
export function computeFeatures(
  logits: { entities: tf.Tensor2D; relations: tf.Tensor2D },
  batch: Batch,
  { hasWords, epsilon }: { hasWords: boolean; epsilon: number },
  { dropout, first }: { dropout?: Dropout; first?: Features } = {},
): Features {
  const numPredicates = logits.relations.shape[1];
  const p = logFeatures(logits.entities, logits.entities.shape[1], epsilon);
  const q = logFeatures(logits.relations, numPredicates - 1, epsilon);
  const values: tf.Tensor2D = tf.concat([p.logs, batch.boxFeatures], 1);
  const wordsOf = (labels: tf.Tensor1D, scales: tf.Tensor2D) =>
    hasWords && { words: { labels, scales: tf.reshape<tf.Rank.R1>(scales, [-1]) } };
  return {
    certainty: certaintyOf(p.greatest, first?.certainty),
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
