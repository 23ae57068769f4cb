/**
 * Labels and logits in a file of the user's own data.
 *
 * @module
 */

import type { ForeignRules } from "../../foreign/rules.ts";
import { shapeSuggestion } from "../../foreign/shapes.ts";
import type { Vocabulary } from "../../vocabulary.ts";
import type { Logits } from "../../example.ts";
import type { JsonValue } from "../../json_value.ts";

/** Numbers of the entity logits of one image. */
const MOST_LOGITS = 2 ** 25;
/** Keeps the logarithm of what is left to the other labels finite. */
const GREATEST_SCORE = 1 - 1e-6;

/** The logits of an image, given as such or as scores. */
export function checkLogits(
  value: JsonValue<undefined>,
  labels: Int32Array | undefined,
  n: number,
  vocabulary: Vocabulary,
  rules: ForeignRules,
): Partial<Logits> {
  const { numEntityClasses: c, numPredicates: p } = vocabulary;
  const detectedLabels = value.at("detectedLabels"), scores = value.at("scores");
  const entityLogits = value.at("entityLogits");
  const relationLogits = value.at("relationLogits");
  const logits: Partial<Logits> = {};
  const hasScores = !scores.isMissing || !detectedLabels.isMissing;
  if (!entityLogits.isMissing) {
    logits.entityLogits = matrix(entityLogits, [n, c], "numbers, one for each class");
    if (hasScores) entityLogits.refuse("missing where there are scores");
  } else if (hasScores) {
    const seen = detectedLabels.isMissing
      ? labels
      : checkLabels(detectedLabels, n, vocabulary, rules);
    logits.entityLogits = logitsOfScores(scores, seen, n, c, rules);
  }
  if (!relationLogits.isMissing) {
    logits.relationLogits = matrix(
      relationLogits,
      [n, n, p],
      'numbers, one for each predicate and, last, "no relation"',
    );
  }
  return logits;
}

/** A label's score is its probability; the other labels share the rest equally. */
function logitsOfScores(
  field: JsonValue<undefined>,
  labels: Int32Array | undefined,
  n: number,
  c: number,
  rules: ForeignRules,
): Float32Array | undefined {
  const scores = field.items(n, "scores, one for each box")
    ?.map((score) => rules.score(score));
  if (scores === undefined || labels === undefined) return undefined;
  if (n * c > MOST_LOGITS) return field.refuse(`fewer: ${n} boxes of ${c} classes`);
  const logits = new Float32Array(n * c);
  for (const [i, score] of scores.entries()) {
    if (score === undefined) return undefined;
    const probability = Math.min(score, GREATEST_SCORE);
    logits.fill(Math.log((1 - probability) / Math.max(1, c - 1)), i * c, (i + 1) * c);
    logits[i * c + labels[i]] = Math.log(probability);
  }
  return logits;
}

/** Numbers of lists in lists, one after another. */
function matrix(
  field: JsonValue<undefined>,
  shape: readonly number[],
  what: string,
): Float32Array | undefined {
  const transposed = shapeSuggestion(field.value, shape);
  if (transposed) {
    return field.refuseKind(`${shape.join(" lists of ")} ${what}`, transposed);
  }
  const [length, ...rest] = shape;
  if (rest.length === 0) {
    const numbers = field.float32s(length, what);
    return numbers && Float32Array.from(numbers);
  }
  const rows = field.items(length, "rows, one for each box");
  if (rows === undefined) return undefined;
  const parts: Float32Array[] = [];
  for (const row of rows) {
    const part = matrix(row, rest, what);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const width = parts[0]?.length ?? 0;
  const values = new Float32Array(length * width);
  parts.forEach((part, i) => values.set(part, i * width));
  return values;
}

/** The N labels of an image, by name or index. */
export function checkLabels(
  field: JsonValue<undefined>,
  n: number,
  { entities }: Vocabulary,
  rules: ForeignRules,
) {
  const labels = field.items(n, "labels, one for each box")
    ?.map((entry) => rules.label(entry, entities));
  return labels?.every((label) => label !== undefined)
    ? Int32Array.from(labels)
    : undefined;
}
