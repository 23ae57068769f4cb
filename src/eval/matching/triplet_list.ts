/**
 * Ranks lists of triplets, which some systems give instead of scores.
 *
 * @module
 */

import { checkFinite, checkPair, refuse, type TripletPrediction } from "../prediction.ts";
import type { Protocol } from "../protocol.ts";
import type { Ranking } from "./ranking.ts";

/** Oddities of a list of triplets, which the original programs do not notice. */
export interface ListFlaws {
  /** True if a score is greater than the one before it. */
  isUnsorted: boolean;
  /** True if a pair has several predicates. */
  hasSeveralPerPair: boolean;
}

/** Settings of {@linkcode rankTriplets}. */
export interface ListOptions {
  /** Most predicates of a pair. */
  perPair: number;
  /**
   * `checked` lists are sorted by score, ties by subject, object and predicate, and keep
   * `perPair` predicates of each pair; `given` lists stay as they are.
   */
  lists: Protocol["lists"];
  /** Number of predicates, if it is known. */
  numPredicates?: number;
  /** Scored triplets below this are left out. */
  minScore?: number;
}

/** Triplets, perhaps with scores. */
type TripletList = Pick<TripletPrediction, "triplets" | "scores">;

/**
 * Checks a list of triplets.
 *
 * @param id Id of the image, for errors.
 * @param list Triplets, perhaps with scores.
 * @param numEntities M.
 * @param numPredicates Number of predicates, if it is known.
 * @returns True if a score is greater than the one before it.
 * @throws {RangeError} If a count is wrong, a score is NaN, or an index is out of range.
 */
export function checkTriplets(
  id: string,
  { triplets, scores }: TripletList,
  numEntities: number,
  numPredicates = Infinity,
): boolean {
  const length = triplets.length / 3;
  if (!Number.isInteger(length)) {
    refuse(id, "triplets must be rows of 3 numbers", `${triplets.length} numbers`);
  }
  if (scores && scores.length !== length) {
    refuse(id, `${length} triplets need ${length} scores`, scores.length);
  }
  checkFinite(id, "triplet scores", scores ?? []);
  let isUnsorted = false;
  for (let t = 0; t < length; t++) {
    const [subject, object, predicate] = [0, 1, 2].map((role) => triplets[3 * t + role]);
    checkPair(id, t, subject, object, numEntities);
    if (!(Number.isInteger(predicate) && predicate >= 0 && predicate < numPredicates)) {
      refuse(id, `predicates must be integers in [0, ${numPredicates})`, predicate);
    }
    if (scores && t > 0 && scores[t] > scores[t - 1]) isUnsorted = true;
  }
  return isUnsorted;
}

/**
 * Ranks a list of triplets.
 *
 * @param id Id of the image, for errors.
 * @param list Triplets, perhaps with scores.
 * @param numEntities M.
 * @param options How to treat the list.
 * @returns The ranking, and oddities of the list.
 * @throws {RangeError} As {@linkcode checkTriplets}.
 */
export function rankTriplets(
  id: string,
  list: TripletList,
  numEntities: number,
  { perPair, lists, numPredicates, minScore = -Infinity }: ListOptions,
): { ranking: Ranking; flaws: ListFlaws } {
  const isUnsorted = checkTriplets(id, list, numEntities, numPredicates);
  const flaws = { isUnsorted, hasSeveralPerPair: false };
  const { triplets, scores } = list;
  const at = (t: number, role: number) => triplets[3 * t + role];
  let order = Int32Array.from({ length: triplets.length / 3 }, (_, t) => t);
  if (scores) order = order.filter((t) => scores[t] >= minScore);
  if (scores && lists === "checked") {
    order.sort((a, b) =>
      scores[b] - scores[a] || at(a, 0) - at(b, 0) || at(a, 1) - at(b, 1) ||
      at(a, 2) - at(b, 2)
    );
  }
  const counts = new Map<number, number>();
  const kept = order.filter((t) => {
    const pair = at(t, 0) * numEntities + at(t, 1), count = counts.get(pair) ?? 0;
    counts.set(pair, count + 1);
    if (count > 0) flaws.hasSeveralPerPair = true;
    return count < perPair;
  });
  if (lists === "checked") order = kept;
  const column = (role: number) => order.map((t) => at(t, role));
  return {
    ranking: {
      length: order.length,
      subjects: column(0),
      objects: column(1),
      predicates: column(2),
      ...scores && { scores: Float64Array.from(order, (t) => scores[t]) },
    },
    flaws,
  };
}
