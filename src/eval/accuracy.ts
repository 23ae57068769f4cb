/**
 * Accuracy: how many single labels are right, without ranking.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { countedRows } from "./matching/annotated_rows.ts";
import type { Prediction } from "./prediction.ts";

/**
 * Numbers of labels and of right ones. As in the published program, relations are all
 * N x N cells including the diagonal, and a triplet is right if its cell and both of its
 * entities are.
 */
export interface AccuracyCounts {
  /** Entities. */
  entities: number;
  /** Entities with the right class. */
  correctEntities: number;
  /** Cells: ordered pairs of entities, and each entity with itself. */
  relations: number;
  /** Cells with the right predicate, which may be "no relation". */
  correctRelations: number;
  /** Cells with an annotated predicate. */
  positives: number;
  /** Positives whose best predicate, apart from "no relation", is right. */
  correctPositives: number;
  /** Right cells with two right entities. */
  correctTriplets: number;
  /** Right positives with two right entities. */
  correctPositiveTriplets: number;
}

/** Counts that are all 0. */
export function noCounts(): AccuracyCounts {
  return {
    entities: 0,
    correctEntities: 0,
    relations: 0,
    correctRelations: 0,
    positives: 0,
    correctPositives: 0,
    correctTriplets: 0,
    correctPositiveTriplets: 0,
  };
}

/** Names of the counts in the order in which they are stored. */
export const ACCURACY_COUNTS = Object.keys(noCounts()) as (keyof AccuracyCounts)[];

/** The accuracies that are reported: numerator and denominator of each. */
export const ACCURACIES = {
  entityAccuracy: ["correctEntities", "entities"],
  relationAccuracy: ["correctRelations", "relations"],
  positiveRelationAccuracy: ["correctPositives", "positives"],
  tripletAccuracy: ["correctTriplets", "relations"],
  positiveTripletAccuracy: ["correctPositiveTriplets", "positives"],
} as const satisfies Record<
  string,
  readonly [keyof AccuracyCounts, keyof AccuracyCounts]
>;

/**
 * Counts the right labels of one image.
 *
 * Source: `Train.py:test` of the published program. The true predicate of a pair is the
 * last one annotated. The diagonal is "no relation" in truth
 * and prediction. Positives take the best predicate apart from "no relation".
 *
 * @param truth The annotated image.
 * @param labels `[N]`: predicted classes of its entities.
 * @param prediction Its relations are counted if it has probabilities for all pairs.
 * @returns The counts; those of relations are 0 if they are not counted.
 */
export function accuracyOf(
  truth: AnnotatedImage,
  labels: ArrayLike<number>,
  prediction: Prediction,
): AccuracyCounts {
  const n = truth.entityLabels.length;
  const counts = noCounts();
  const isRight = Uint8Array.from(truth.entityLabels, (c, i) => c === labels[i] ? 1 : 0);
  counts.entities = n;
  for (const right of isRight) counts.correctEntities += right;
  if (!("relationProbabilities" in prediction)) return counts;

  const scores = prediction.relationProbabilities;
  const numClasses = scores.length / (n * n), none = numClasses - 1;
  const wanted = new Int32Array(n * n).fill(none);
  const rows = countedRows(truth, "last");
  for (let r = 0; r < rows.length; r += 3) {
    wanted[rows[r] * n + rows[r + 1]] = rows[r + 2];
  }
  for (let cell = 0; cell < n * n; cell++) {
    const i = Math.floor(cell / n), j = cell % n, start = cell * numClasses;
    let best = 0;
    for (let p = 1; p < none; p++) if (scores[start + p] > scores[start + best]) best = p;
    const isNone = i === j || scores[start + none] > scores[start + best];
    const isCorrect = (isNone ? none : best) === wanted[cell] ? 1 : 0;
    const areEntitiesRight = isRight[i] & isRight[j];
    counts.relations++;
    counts.correctRelations += isCorrect;
    counts.correctTriplets += isCorrect & areEntitiesRight;
    if (wanted[cell] === none) continue;
    const isPositiveCorrect = best === wanted[cell] ? 1 : 0;
    counts.positives++;
    counts.correctPositives += isPositiveCorrect;
    counts.correctPositiveTriplets += isPositiveCorrect & areEntitiesRight;
  }
  return counts;
}
