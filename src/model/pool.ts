/**
 * The permutation-invariant sums of Theorem 1: over the pairs of an entity, and over the
 * entities of an image.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { type Groups, poolByScores, sumRows } from "../kernels/groups.ts";

/**
 * How the weights of a row's features become one: `"mean"` is their mean; `"size"` is the
 * mean of weight times size of the value, so that features that carry little count little.
 */
export type AttentionMeasure = "mean" | "size";

/** Result of {@linkcode poolRows}. */
export interface Pooled {
  /** `[G, D]`: one row per group, zero for an empty group. */
  value: tf.Tensor2D;
  /** `[K, D]` or `[K, 1]`: the weights of the rows; absent with mean pooling. */
  weights?: tf.Tensor2D;
}

/**
 * Sums the rows of each group, weighted by attention. Scores as wide as the values give
 * one weight for each feature ("feature attention"), scores 1 wide one for each row
 * ("neighbour attention"); without scores the result is the mean.
 *
 * Source: arXiv 1802.05451, section 4, attention (`nn_phi_atten`, `nn_phi2_atten`).
 * Permuting the rows of a group leaves the result unchanged.
 *
 * @param values Rows to sum, `[K, D]`.
 * @param scores Unnormalised attention logits, `[K, D]` or `[K, 1]`, or none.
 * @param groups Group of each row.
 * @param wantsWeights Whether the weights, or gradients of the sums, are needed.
 * @returns Sums and weights; the caller disposes them.
 */
export function poolRows(
  values: tf.Tensor2D,
  scores: tf.Tensor2D | undefined,
  groups: Groups,
  wantsWeights = true,
): Pooled {
  if (!scores) return { value: tf.mul(sumRows(values, groups), groups.inverseCounts) };
  return poolByScores(values, scores, groups, wantsWeights);
}

/**
 * Makes one weight of those of each row: the mean over features d of `w_d`, or of
 * `w_d |v_d|`. The latter do not sum to 1.
 *
 * @param weights Weights of the rows, `[K, D]` or `[K, 1]`.
 * @param values The rows that they weigh, `[K, D]`.
 * @param measure How.
 * @returns `[K, 1]`.
 */
export function weightOfRows(
  weights: tf.Tensor2D,
  values: tf.Tensor2D,
  measure: AttentionMeasure,
): tf.Tensor2D {
  return tf.mean(
    measure === "size" ? tf.mul(weights, tf.abs(values)) : weights,
    1,
    true,
  );
}
