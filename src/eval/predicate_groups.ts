/**
 * Groups and weights of predicates by their frequency in training.
 *
 * @module
 */

import type { TrainingTriplets } from "./zero_shot.ts";

/** Frequent predicates, those in between, and rare ones. */
export type PredicateGroup = "head" | "body" | "tail";

/** The groups, most frequent first. */
export const PREDICATE_GROUPS: readonly PredicateGroup[] = ["head", "body", "tail"];

/**
 * Share of the training relations above which a predicate is in the head, and below which
 * it is in the tail.
 *
 * Source: Li et al., "Bipartite Graph Network with Adaptive Message Passing" (BGNN, CVPR
 * 2021) draw the limits on VG150 at 10,000 and 500 relations, of about 400,000. As shares
 * they fit datasets of any size.
 */
const HEAD_SHARE = 1 / 40, TAIL_SHARE = 1 / 800;

/** The group of a predicate; one that training lacks is in the tail. */
export function predicateGroup(
  predicate: number,
  training: TrainingTriplets,
): PredicateGroup {
  const share = training.relationsOf(predicate) / (training.numRelations || 1);
  return share > HEAD_SHARE ? "head" : share < TAIL_SHARE ? "tail" : "body";
}

/** Weights are multiples of this, so that their sums are exact in any order. */
const GRAIN = 2 ** -24;

/**
 * Inverse document frequency of a predicate, ln(D / d): D training images have relations,
 * d of them have the predicate.
 *
 * Source: Sparck Jones, "A statistical interpretation of term specificity" (1972), with
 * images as documents. A predicate that training lacks counts as one that one image has.
 *
 * @returns At least 0, which is the weight of a predicate that every image has; rounded to
 * a multiple of 2^-24.
 */
export function inverseDocumentFrequency(
  predicate: number,
  training: TrainingTriplets,
): number {
  const idf = Math.log(
    Math.max(1, training.numImages) / Math.max(1, training.imagesOf(predicate)),
  );
  return Math.round(idf / GRAIN) * GRAIN;
}
