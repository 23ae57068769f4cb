/**
 * The entity logits that labels and scores of a caller stand for.
 *
 * @module
 */

import { GREATEST_SCORE } from "../certainty.ts";
import { groupOf } from "../class_groups.ts";
import type { EntityGroups, InputLabel } from "../decode_graph.ts";
import type { ForeignRules } from "../foreign/rules.ts";
import { SCORE, scoreSuggestion, takeScore } from "../foreign/scores.ts";
import {
  certainProfileLogits,
  profileLogits,
} from "../label_predictor/entity_profiles.ts";
import { showValue } from "../show_value.ts";
import { similarNames } from "../similar_names.ts";
import { softmaxRows } from "../softmax.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { checkFloats, fail } from "./arrays.ts";

/** Lower limit on the probabilities of kept classes, whose logarithms are the input. */
const LEAST_SHARE = 1e-6;
/** Probability of a label without a score. */
const DEFAULT_SCORE = 1;

/**
 * The logits of labels that are all kept. The certainty of classes that go by one name is
 * shared out over them, as they were likely before.
 *
 * @param before `[N, C]`: the logits of the input.
 * @param likeliest `[N]`: the labels.
 * @param numClasses C.
 * @param profiles Entity profiles of the checkpoint, if it has any.
 * @param groups `[N]`: the classes of each entity that go by one name; default none.
 * @returns `[N, C]`.
 */
export function keptLogits(
  before: Float32Array,
  likeliest: readonly InputLabel[],
  numClasses: number,
  profiles: Float32Array | undefined,
  groups: EntityGroups = [],
): Float32Array {
  const c = numClasses, labels = likeliest.map(({ labelIndex }) => labelIndex);
  const certain = certainProfileLogits(labels, c, profiles);
  for (const [i, { labelIndex }] of likeliest.entries()) {
    const group = groupOf(groups[i], labelIndex);
    if (!group) continue;
    const logits = Float64Array.from(group.classes, (k) => before[i * c + k]);
    const shares = softmaxRows(logits, logits.length);
    for (const [j, k] of group.classes.entries()) {
      certain[i * c + k] = Math.log(Math.max(GREATEST_SCORE * shares[j], LEAST_SHARE));
    }
  }
  return certain;
}

/**
 * The logits of labels with their scores: a label has its score as probability, and profiles
 * divide the rest among other classes.
 *
 * @param given N labels, by name or index, and their scores; default: they are certain.
 * @param n N.
 * @param vocabulary The vocabulary of the model.
 * @param entityProfiles Entity profiles of the checkpoint, if it has any.
 * @param rules What to do about names and scores that can be mended.
 * @returns `[N, C]`.
 * @throws {TypeError | RangeError} If there are no labels, or one cannot be read.
 */
export function logitsOfLabels(
  { entityLabels, entityScores }: {
    entityLabels?: ArrayLike<string | number | bigint>;
    entityScores?: ArrayLike<number>;
  },
  n: number,
  vocabulary: Vocabulary,
  entityProfiles: Float32Array | undefined,
  rules: ForeignRules,
): Float32Array {
  if (entityLabels === undefined) {
    throw new TypeError(
      'Cannot predict without "entityLogits" or "entityLabels": give one of them',
    );
  }
  if (entityLabels.length !== n) {
    fail(`${n} boxes need ${n} entityLabels`, entityLabels.length);
  }
  if (entityScores !== undefined && entityScores.length !== n) {
    fail(`${n} boxes need ${n} entityScores`, entityScores.length);
  }
  checkFloats("entityScores", entityScores);
  const { numEntityClasses } = vocabulary;
  const logits = new Float32Array(n * numEntityClasses);
  for (let i = 0; i < n; i++) {
    const index = readLabel(entityLabels[i], i, vocabulary, rules);
    const score = entityScores === undefined
      ? DEFAULT_SCORE
      : readScore(entityScores[i], i, rules);
    const row = logits.subarray(i * numEntityClasses, (i + 1) * numEntityClasses);
    profileLogits(index, Math.min(score, GREATEST_SCORE), entityProfiles, row);
  }
  return logits;
}

/** The class of a label, by name or index. */
function readLabel(
  label: string | number | bigint,
  i: number,
  vocabulary: Vocabulary,
  { mended }: ForeignRules,
): number {
  const place = `entityLabels[${i}]`, { entities, numEntityClasses } = vocabulary;
  if (typeof label === "string") {
    const match = similarNames(label, entities);
    if (match === undefined || match.places.length > 1) {
      return vocabulary.entityIndex(label);
    }
    if (match.difference !== undefined) mended.add("namesMatched", { place });
    return match.places[0];
  }
  const index = typeof label === "bigint" ? Number(label) : label;
  if (!(Number.isInteger(index) && index >= 0 && index < numEntityClasses)) {
    const must = `${place} must be a name or an index in [0, ${numEntityClasses})`;
    fail(must, typeof label === "bigint" ? `${label}n` : showValue(label));
  }
  return index;
}

function readScore(score: unknown, i: number, { mended }: ForeignRules): number {
  const place = `entityScores[${i}]`;
  const taken = takeScore(score, mended, { place });
  return taken ??
    fail(`${place} must be ${SCORE}`, showValue(score), scoreSuggestion(score));
}
