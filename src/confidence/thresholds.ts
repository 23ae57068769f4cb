/**
 * The threshold of each predicate that gives the best F1 on known relations.
 *
 * @module
 */

/** A predicate that was predicted rightly fewer times has no threshold of its own. */
export const LEAST_RIGHT = 10;

/** Predicted relations and how many there are to find. */
export interface ScoredRelations {
  /** M probabilities. */
  scores: ArrayLike<number>;
  /** Whether each relation is annotated: 1 or 0. */
  isRight: ArrayLike<number>;
  /** M predicates. */
  predicates: ArrayLike<number>;
  /** Number of annotated relations of each predicate. */
  annotated: ArrayLike<number>;
}

/**
 * Finds the threshold of each predicate.
 *
 * @param relations Predicted relations.
 * @returns One threshold for each predicate; a predicate with too few right predictions
 * has that of all predicates together, and `own` tells which have their own.
 */
export function bestThresholds(
  { scores, isRight, predicates, annotated }: ScoredRelations,
): { thresholds: Float32Array; own: boolean[] } {
  const order = Array.from({ length: scores.length }, (_, m) => m)
    .sort((a, b) => scores[b] - scores[a]);
  const ofPredicate: number[][] = Array.from(annotated, () => []);
  for (const m of order) ofPredicate[predicates[m]].push(m);
  const best = (ranked: readonly number[], total: number) => {
    let right = 0, bestF1 = 0, threshold = 1;
    ranked.forEach((m, rank) => {
      right += isRight[m];
      const isTie = rank + 1 < ranked.length && scores[ranked[rank + 1]] === scores[m];
      const f1 = 2 * right / (rank + 1 + total);
      if (!isTie && f1 > bestF1) [bestF1, threshold] = [f1, scores[m]];
    });
    return { threshold, right };
  };
  const total = Array.from(annotated).reduce((sum, count) => sum + count, 0);
  const ofAll = best(order, total).threshold;
  const found = ofPredicate.map((ranked, p) => best(ranked, annotated[p]));
  const own = found.map(({ right }) => right >= LEAST_RIGHT);
  const thresholds = found.map(({ threshold }, p) => own[p] ? threshold : ofAll);
  return { thresholds: Float32Array.from(thresholds), own };
}

/** The predicted relations that remain at a threshold. */
export interface ThresholdPoint {
  threshold: number;
  /** Number of relations whose score is at least the threshold. */
  count: number;
  /** Share of them that are annotated; NaN without one. */
  precision: number;
  /** Share of the annotated relations that are among them. */
  recall: number;
  /** Harmonic mean of both: 2 right / (count + annotated). */
  f1: number;
}

/**
 * Measures precision, recall and F1 at thresholds.
 *
 * @param scores M probabilities.
 * @param isRight Whether each relation is annotated: 1 or 0.
 * @param annotated Number of annotated relations.
 * @param thresholds The thresholds.
 *
 * @example
 * ```ts
 * import { atThresholds } from "./thresholds.ts";
 * const [{ precision, recall, f1 }] = atThresholds([0.9, 0.8, 0.1], [1, 0, 1], 4, [0.5]);
 * if (precision !== 0.5 || recall !== 0.25 || f1 !== 2 / 6) throw new Error();
 * ```
 */
export function atThresholds(
  scores: ArrayLike<number>,
  isRight: ArrayLike<number>,
  annotated: number,
  thresholds: readonly number[],
): ThresholdPoint[] {
  return thresholds.map((threshold) => {
    let count = 0, right = 0;
    for (let m = 0; m < scores.length; m++) {
      if (scores[m] < threshold) continue;
      count++;
      right += isRight[m];
    }
    return {
      ...{ threshold, count, precision: right / count, recall: right / annotated },
      f1: 2 * right / (count + annotated),
    };
  });
}
