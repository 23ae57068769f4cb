/**
 * Checks the labels and logits in a file of the user's own data.
 *
 * @module
 */

import { GREATEST_SCORE } from "../../certainty.ts";
import type { ForeignRules } from "../../foreign/rules.ts";
import { shapeSuggestion } from "../../foreign/shapes.ts";
import type { Vocabulary } from "../../vocabulary.ts";
import type { Logits } from "../../example.ts";
import type { JsonValue } from "../../json_value.ts";

/** Limit on the entity logits of one image, N * C. */
const MOST_LOGITS = 2 ** 25;
/**
 * Checks the logits of an image, which are given as logits or as scores.
 *
 * @param at Finds a value of the image by its key.
 * @param labels Its labels, `[N]`; the seen labels if there are no `detectedLabels`.
 * @param n Number of its boxes, N.
 * @param vocabulary The vocabulary of the file.
 * @returns Entity logits `[N, C]` and relation logits `[N, N, P]`, where given.
 */
export function checkLogits(
  at: (key: string) => JsonValue<undefined>,
  labels: Int32Array | undefined,
  n: number,
  vocabulary: Vocabulary,
  rules: ForeignRules,
): Partial<Logits> {
  const { numEntityClasses: c, numPredicates: p } = vocabulary;
  const detectedLabels = at("detectedLabels"), scores = at("scores");
  const entityLogits = at("entityLogits");
  const relationLogits = at("relationLogits");
  const logits: Partial<Logits> = {};
  const hasScores = !scores.isMissing || !detectedLabels.isMissing;
  if (!entityLogits.isMissing) {
    logits.entityLogits = matrix(entityLogits, [n, c], "numbers, one for each class");
    if (hasScores) entityLogits.refuse("left out if scores are given");
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

/** Logits `[N, C]`: the score is the label's probability; the others share the rest equally. */
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
  if (n * c > MOST_LOGITS) {
    return field.refuse(
      `for fewer boxes, as ${n} boxes of ${c} classes have more than ${MOST_LOGITS} logits`,
    );
  }
  const logits = new Float32Array(n * c);
  for (const [i, score] of scores.entries()) {
    if (score === undefined) return undefined;
    const probability = Math.min(score, GREATEST_SCORE);
    logits.fill(Math.log((1 - probability) / Math.max(1, c - 1)), i * c, (i + 1) * c);
    logits[i * c + labels[i]] = Math.log(probability);
  }
  return logits;
}

/** The numbers of nested lists of a given shape, in row-major order. */
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

/** Checks the N labels of an image, given by name or index. */
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
