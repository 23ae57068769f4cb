/**
 * The permutation-invariant sums of Theorem 1: over the pairs of an entity, and over the
 * entities of an image.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { type Groups, poolByScores, sumRows } from "../kernels/groups.ts";

/** What a pool gives. */
export interface Pooled {
  /** `[G, D]`: one row per group, zero for an empty group. */
  value: tf.Tensor2D;
  /** `[K, D]` or `[K, 1]`: the weights of the rows; absent for the mean. */
  weights?: tf.Tensor2D;
}

/**
 * Sums the rows of each group, weighted by attention: one weight for each feature
 * ("feature attention") where the scores are as wide as the values, one for each row
 * ("neighbour attention") where they are 1 wide; without scores the mean.
 *
 * Source: arXiv 1802.05451, section 4, attention (`nn_phi_atten`, `nn_phi2_atten`).
 * Permuting the rows of a group leaves the result unchanged.
 *
 * @param values What is summed, `[K, D]`.
 * @param scores Unnormalised attention logits, `[K, D]` or `[K, 1]`, or none.
 * @param groups Which group each row belongs to.
 * @param wantsWeights False where only the sums are needed, and not their gradient.
 * @returns The sums, and the weights that were used; the caller disposes them.
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
