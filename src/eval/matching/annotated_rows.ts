/**
 * The annotated relations that count, with their predicates and flags.
 *
 * @module
 */

import type { AnnotatedImage } from "../../example.ts";
import { refuse } from "../prediction.ts";
import type { Protocol } from "../protocol.ts";
import type { TrainingTriplets, ZeroShot } from "../zero_shot.ts";

/** Flag of a row whose classes never occur together in training. */
export const UNSEEN = 1;
/** Flag of the first row of each ordered pair. */
export const FIRST_OF_PAIR = 2;
/** Flag of a row whose triplet training has 1 to 5 times. */
export const FEW = 4;
/** Flag of a row whose triplet training has 6 to 50 times. */
export const SOME = 8;

/** Knowledge about the training images. */
export interface Known {
  /** Tells which triplets are unseen; default: those of `training`, else none. */
  zeroShot?: ZeroShot;
  /** Counts of triplets. */
  training?: TrainingTriplets;
}

/**
 * The rows that count under a protocol.
 *
 * @param truth The annotated image.
 * @param which All rows, or the last of each ordered pair: the published preprocessing
 * writes the rows into a dict by pair, so a later row replaces an earlier one.
 * @param numPredicates Number of predicates, if it is known.
 * @returns `[R, 3]`: subject, object, predicate.
 * @throws {RangeError} If a predicate is outside the vocabulary.
 */
export function countedRows(
  { id, relations, entityLabels }: AnnotatedImage,
  which: Protocol["annotatedRows"],
  numPredicates = Infinity,
): Int32Array {
  for (let r = 2; r < relations.length; r += 3) {
    if (!(relations[r] >= 0 && relations[r] < numPredicates)) {
      refuse(id, `annotated predicates must be in [0, ${numPredicates})`, relations[r]);
    }
  }
  if (which === "all") return relations;
  const last = new Map<number, number>();
  for (let r = 0; r < relations.length; r += 3) {
    last.set(relations[r] * entityLabels.length + relations[r + 1], r);
  }
  return Int32Array.from(
    [...last.values()].flatMap((r) => [...relations.slice(r, r + 3)]),
  );
}

/**
 * Predicates and flags of rows.
 *
 * @param truth The annotated image.
 * @param rows Rows of {@linkcode countedRows}.
 * @param known Which triplets are unseen, and how often training has the others.
 */
export function describeRows(
  truth: AnnotatedImage,
  rows: Int32Array,
  { training, zeroShot = training }: Known = {},
): { predicates: Uint16Array; flags: Uint8Array } {
  const numRows = rows.length / 3;
  const predicates = new Uint16Array(numRows), flags = new Uint8Array(numRows);
  const labels = truth.entityLabels;
  const pairs = new Set<number>();
  for (let r = 0; r < numRows; r++) {
    const [subject, object, predicate] = rows.subarray(3 * r, 3 * r + 3);
    predicates[r] = predicate;
    const pair = subject * labels.length + object;
    if (!pairs.has(pair)) flags[r] |= FIRST_OF_PAIR;
    pairs.add(pair);
    const triplet = [labels[subject], predicate, labels[object]] as const;
    if (zeroShot?.isUnseen(...triplet)) flags[r] |= UNSEEN;
    const times = training?.timesSeen(...triplet) ?? 0;
    if (times >= 1 && times <= 5) flags[r] |= FEW;
    if (times >= 6 && times <= 50) flags[r] |= SOME;
  }
  return { predicates, flags };
}
