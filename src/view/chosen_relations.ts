/**
 * The relations of an image that a filter asks for.
 *
 * @module
 */

import type { ImageCandidates } from "../eval/candidate_scores.ts";
import type { ImageTriplet } from "../eval/evaluator.ts";
import type { Outcome } from "./messages.ts";

/** What is asked of a relation; what is missing is not asked. */
export interface RelationFilter {
  /** Its predicate. */
  predicate?: number;
  /** That the system finds, or misses it; or that it is predicted and not annotated. */
  outcome?: Outcome;
  /** That the system gives it a score in this range. */
  score?: readonly [least: number, greatest: number];
}

/** Relations of an image. */
export interface ChosenRelations {
  /** Places among the annotated relations that count. */
  annotated: number[];
  /** Places in the system's list, from 0. */
  predicted: number[];
}

/** What a system found in an image. */
export interface FoundRelations {
  triplets: readonly Pick<ImageTriplet, "predicate" | "ranks">[];
  /** Its list; absent if it has none. */
  candidates?: ImageCandidates;
  /** Number of candidates that count. */
  k: number;
}

/** Whether a filter asks for relations at all. */
export function asksForRelations(
  { predicate, outcome, score }: RelationFilter,
): boolean {
  return predicate !== undefined || outcome !== undefined || score !== undefined;
}

/**
 * Finds the relations that a filter asks for. They are annotated ones if it asks for hits or
 * misses, or for a predicate alone; else those of the system's best K.
 *
 * @param found What the system found.
 * @param filter What is asked for.
 * @param limit Number of relations that are enough; default: all.
 * @returns The relations; none if the filter asks for none.
 */
export function chosenRelations(
  { triplets, candidates, k }: FoundRelations,
  filter: RelationFilter,
  limit = Infinity,
): ChosenRelations {
  const annotated: number[] = [], predicted: number[] = [];
  if (!asksForRelations(filter)) return { annotated, predicted };
  const { predicate, outcome, score: [least, most] = [-Infinity, Infinity] } = filter;
  const isAnyScore = filter.score === undefined;
  // A relation without a score is in no range.
  const isInRange = (rank: number | null) => {
    if (isAnyScore) return true;
    const score = rank === null ? NaN : candidates?.scores[rank - 1] ?? NaN;
    return score >= least && score <= most;
  };
  if (outcome === "extra" || outcome === undefined && !isAnyScore) {
    const length = Math.min(k, candidates?.scores.length ?? 0);
    for (let i = 0; i < length && predicted.length < limit; i++) {
      if (predicate !== undefined && candidates!.predicates[i] !== predicate) continue;
      if (!isInRange(i + 1)) continue;
      if (outcome === "extra" && triplets.some(({ ranks }) => ranks.R === i + 1)) {
        continue;
      }
      predicted.push(i);
    }
    return { annotated, predicted };
  }
  for (let t = 0; t < triplets.length && annotated.length < limit; t++) {
    const { predicate: mine, ranks: { R: rank } } = triplets[t];
    if (predicate !== undefined && mine !== predicate) continue;
    const isFound = rank !== null && rank <= k;
    if (outcome !== undefined && isFound !== (outcome === "hit")) continue;
    if (isInRange(rank)) annotated.push(t);
  }
  return { annotated, predicted };
}
