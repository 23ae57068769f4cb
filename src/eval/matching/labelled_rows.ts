/**
 * Rows that annotators have judged: relations, and negatives, which are known not to be
 * so. Metrics of them need no guess about pairs that nobody judged.
 *
 * @module
 */

import type { AnnotatedImage } from "../../example.ts";
import type { Candidates } from "./ranking.ts";

/** The judged rows of one image. */
export interface LabelledRows {
  /** `[L]`: predicates. */
  predicates: Uint16Array;
  /** `[L]`: 1 for a relation, 0 for a negative. */
  positives: Uint8Array;
  /** `[L]`: score of the predicate for the row's pair. */
  scores: Float64Array;
  /** `[L]`: number of predicates that are ranked above it for this pair. */
  ranks: Uint16Array;
}

/**
 * Finds the scores of the judged rows of an image that has negatives.
 *
 * A pair without scores has the score 0 and the last rank, as in Haystack's program.
 * Predicates of equal score are ranked by their indices.
 *
 * @param image The annotated image.
 * @param candidates The scored pairs of a prediction.
 * @param entityScores Scores of the entities, which are taken out of the candidates'.
 */
export function labelledRows(
  { relations, negatives = new Int32Array() }: AnnotatedImage,
  candidates: Candidates,
  entityScores: ArrayLike<number>,
): LabelledRows {
  const { subjects, objects, starts, weights, scores, numPredicates } = candidates;
  const places = new Map(
    Array.from(subjects, (subject, q) => [`${subject} ${objects[q]}`, q]),
  );
  const length = (relations.length + negatives.length) / 3;
  const found: LabelledRows = {
    predicates: new Uint16Array(length),
    positives: new Uint8Array(length),
    scores: new Float64Array(length),
    ranks: new Uint16Array(length),
  };
  for (let i = 0; i < length; i++) {
    const isPositive = 3 * i < relations.length;
    const at = isPositive ? 3 * i : 3 * i - relations.length;
    const rows = isPositive ? relations : negatives;
    const [subject, object, predicate] = rows.subarray(at, at + 3);
    found.predicates[i] = predicate;
    found.positives[i] = isPositive ? 1 : 0;
    const q = places.get(`${subject} ${object}`);
    if (q === undefined) {
      found.ranks[i] = Math.max(0, numPredicates - 1);
      continue;
    }
    const start = starts[q], score = scores[start + predicate];
    const ofEntities = entityScores[subject] * entityScores[object];
    found.scores[i] = ofEntities === 0 ? 0 : score * weights[q] / ofEntities;
    for (let p = 0; p < numPredicates; p++) {
      const other = scores[start + p];
      if (other > score || (other === score && p < predicate)) found.ranks[i]++;
    }
  }
  return found;
}
