/**
 * How often classes of entities and predicates are taken for each other.
 *
 * @module
 */

import type { Example, Logits } from "../../example.ts";
import type { Vocabulary } from "../../vocabulary.ts";

/** How often what is of a class was taken for a class. */
export interface Confusion {
  /** The annotated class or predicate. */
  truth: string;
  predicted: string;
  /** Times before context. */
  before: number;
  /** Times after it. */
  after: number;
}

/**
 * Counts one prediction.
 *
 * @param confusions Counts by truth and prediction, which grow.
 * @param truth The annotated class or predicate.
 * @param predicted The predicted one.
 * @param when Whether it is the prediction before context or after it.
 */
export function countConfusion(
  confusions: Map<string, Confusion>,
  truth: string,
  predicted: string,
  when: "before" | "after",
): void {
  const key = JSON.stringify([truth, predicted]);
  const found = confusions.get(key) ?? { truth, predicted, before: 0, after: 0 };
  found[when]++;
  confusions.set(key, found);
}

/**
 * Counts the likeliest predicates of an image's annotated pairs, before and after context.
 * Of a pair with several annotated predicates each counts, and is right if any of them is
 * the likeliest one.
 *
 * @param confusions Counts by truth and prediction, which grow.
 * @param example The annotated image, with the logits before context.
 * @param after The logits after it.
 * @param vocabulary Classes and predicates.
 */
export function countPredicates(
  confusions: Map<string, Confusion>,
  { relations, relationLogits, entityLabels }: Example,
  after: Logits,
  { predicates, numPredicates }: Vocabulary,
): void {
  const n = entityLabels.length, annotated = new Map<number, Set<number>>();
  for (let r = 0; r < relations.length; r += 3) {
    const [subject, object, predicate] = relations.subarray(r, r + 3);
    const pair = subject * n + object;
    annotated.set(pair, (annotated.get(pair) ?? new Set()).add(predicate));
  }
  for (const [pair, truths] of annotated) {
    for (const when of ["before", "after"] as const) {
      const logits = when === "before" ? relationLogits : after.relationLogits;
      // The last logit is that of no relation.
      const row = logits.subarray(pair * numPredicates, (pair + 1) * numPredicates - 1);
      const best = row.indexOf(Math.max(...row));
      for (const truth of truths) {
        const predicted = truths.has(best) ? truth : best;
        countConfusion(confusions, predicates[truth], predicates[predicted], when);
      }
    }
  }
}
