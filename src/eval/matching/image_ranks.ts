/**
 * The rank at which each annotated row of an image is hit.
 *
 * Every recall at every K follows from these ranks, so each image is matched once.
 *
 * @module
 */

import type { AnnotatedImage } from "../../example.ts";
import { countedRows, describeRows, type Known } from "./annotated_rows.ts";
import { candidatesOf } from "./candidates.ts";
import { firstMatches, foundRows } from "./hits.ts";
import { pairOverlap } from "./overlaps.ts";
import { type LabelledRows, labelledRows } from "./labelled_rows.ts";
import type { ListSpec } from "../metric.ts";
import {
  entitiesOf,
  type Prediction,
  refuse,
  type TripletPrediction,
} from "../prediction.ts";
import { isDetection, type Protocol, type Task } from "../protocol.ts";
import { type Candidates, rank, type Ranking } from "./ranking.ts";
import { checkTriplets, type ListFlaws, rankTriplets } from "./triplet_list.ts";

/** The annotated rows of one image and their ranks. */
export interface ImageRanks {
  /** `[R, 3]`: subject, object and predicate of the rows that count. */
  rows: Int32Array;
  /** `[R]`: predicates of the rows that count. */
  predicates: Uint16Array;
  /** `[R]`: `UNSEEN`, `FIRST_OF_PAIR`, `FEW` and `SOME`. */
  flags: Uint8Array;
  /** `[R]` for each list: rank of the first hit, or `NEVER`. */
  ranks: Uint16Array[];
  /** The candidates of each list, best first, if they are asked for. */
  rankings?: Ranking[];
  /** Scores of relations and negatives, if the image has any and they are asked for. */
  labelled?: LabelledRows;
  /** False if the prediction has no candidates. */
  hasPredictions: boolean;
  /** Number of predicates of the prediction, if it has scores of predicates. */
  numPredicates?: number;
  /** Oddities of the prediction. */
  flaws: Flaws;
}

/** Oddities of a prediction, which the original programs do not notice. */
export interface Flaws extends ListFlaws {
  /** The greatest score; above 1, scores are not probabilities. */
  greatestScore: number;
  /** True if the prediction has candidates and all of them are annotated pairs. */
  hasOnlyTruePairs: boolean;
  /** True if a list of predicate detection has pairs that are not annotated. */
  hasOtherPairs: boolean;
  /** True if a list of predicate detection lacks a pair that is annotated. */
  lacksPairs: boolean;
}

/** Settings of {@linkcode rankImage}. */
export interface RankOptions extends Known {
  /** What the system is given. */
  task: Task;
  /** How predictions are ranked and matched. */
  protocol: Protocol;
  /** The lists to rank. */
  lists: readonly ListSpec[];
  /** Greatest K. */
  depth: number;
  /** Number of predicates without "no relation", if it is known. */
  numPredicates?: number;
  /** Candidates of a lower score are left out; default: none. */
  minScore?: number;
  /** Whether scores of relations and negatives are asked for; default: no. */
  judged?: boolean;
  /** Whether the candidates are asked for; default: no. */
  keepRankings?: boolean;
}

/**
 * Ranks a prediction and matches it with the annotated rows.
 *
 * @param truth The annotated image.
 * @param prediction The prediction for it.
 * @param options Task, protocol and lists.
 * @returns Ranks of the annotated rows.
 * @throws {RangeError} If the prediction does not fit the image.
 */
export function rankImage(
  truth: AnnotatedImage,
  prediction: Prediction,
  options: RankOptions,
): ImageRanks {
  const { task, protocol, lists } = options;
  const rows = countedRows(truth, protocol.annotatedRows, options.numPredicates);
  const entities = entitiesOf(truth, prediction, task);
  const overlap = pairOverlap(
    entities,
    { boxes: truth.boxes, labels: truth.entityLabels },
    task,
    protocol,
  );
  const m = entities.labels.length;
  const isList = "triplets" in prediction;
  if (isList && options.minScore !== undefined && !prediction.scores) {
    refuse(truth.id, "a least score needs scores of its triplets", "none");
  }
  const isRanked = isList && (task !== "preddet" || protocol.lists === "given");
  const candidates = isRanked ? undefined : find(prediction);
  const flaws = {
    isUnsorted: isList && !isRanked && checkTriplets(truth.id, prediction, m),
    hasSeveralPerPair: false,
    greatestScore: greatest(
      entities.scores,
      "triplets" in prediction ? prediction.scores : candidates?.scores,
    ),
    hasOnlyTruePairs: hasOnlyTruePairs(prediction, rows),
    ...task === "preddet" && !isRanked
      ? comparePairs(prediction, truth.relations)
      : { hasOtherPairs: false, lacksPairs: false },
  };
  const wildcards = rows.map((value, i) => i % 3 === 2 ? -1 : value);
  const rankings: Ranking[] = [];
  const ranks = lists.map((list) => {
    if (list.isWhole) return foundRows(rows, m, overlap);
    let depth = options.depth;
    if (list.perPair > 1) depth = Math.min(depth, protocol.listLimit ?? Infinity);
    if (protocol.kRule === "pairs") depth = Math.min(depth, m * (m - 1));
    const ranking = isRanked
      ? rankList(prediction, list, depth)
      : rankCandidates(list, depth);
    if (options.keepRankings) rankings.push(ranking);
    const wanted = list.anyPredicate ? wildcards : rows;
    return firstMatches(ranking, wanted, overlap, protocol.matching);
  });
  const isJudged = options.judged && truth.negatives !== undefined;
  if (isJudged && (!candidates || task === "preddet" || isDetection(task))) {
    const must = "scores of all predicates of annotated boxes, for pairs of any kind";
    refuse(truth.id, `metrics of negatives need ${must}`, isList ? "a list" : task);
  }
  return {
    rows,
    ...isJudged && { labelled: labelledRows(truth, candidates!, entities.scores) },
    ...describeRows(truth, rows, options),
    ranks,
    ...options.keepRankings && { rankings },
    hasPredictions: isList
      ? prediction.triplets.length > 0
      : candidates!.subjects.length > 0,
    numPredicates: isList ? undefined : candidates!.numPredicates || undefined,
    flaws,
  };

  function find(prediction: Prediction): Candidates {
    const found = candidatesOf(
      truth,
      prediction,
      entities,
      task,
      protocol,
      options.numPredicates,
    );
    checkNumPredicates(truth.id, found, options.numPredicates);
    return found;
  }

  function rankCandidates(list: ListSpec, depth: number): Ranking {
    const isUnconstrained = isList && list.perPair > 1 && prediction.unconstrained;
    const all = isUnconstrained
      ? find({ ...prediction, ...prediction.unconstrained })
      : candidates!;
    if (isList && list.perPair === 1) flaws.hasSeveralPerPair ||= hasSeveral(all);
    const kept = list.onlyAnnotated ? restrict(all, rows) : all;
    return rank(kept, list.perPair, depth, options.minScore);
  }

  function rankList(given: TripletPrediction, list: ListSpec, depth: number): Ranking {
    const source = list.perPair > 1 && given.unconstrained || given;
    const ranked = rankTriplets(truth.id, source, m, {
      perPair: list.perPair,
      lists: protocol.lists,
      numPredicates: options.numPredicates,
      minScore: options.minScore,
    });
    flaws.isUnsorted ||= ranked.flaws.isUnsorted;
    if (list.perPair === 1) flaws.hasSeveralPerPair ||= ranked.flaws.hasSeveralPerPair;
    const ranking = list.onlyAnnotated ? keepPairs(ranked.ranking, rows) : ranked.ranking;
    return { ...ranking, length: Math.min(ranking.length, depth) };
  }
}

function greatest(...lists: (ArrayLike<number> | undefined)[]): number {
  let most = 0;
  for (const values of lists) {
    if (!values) continue;
    for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  }
  return most;
}

function checkNumPredicates(id: string, candidates: Candidates, expected?: number): void {
  const { numPredicates } = candidates;
  if (expected !== undefined && numPredicates !== 0 && numPredicates !== expected) {
    refuse(id, `it needs scores of ${expected} predicates`, numPredicates);
  }
}

/** True if a row is about this pair. */
function hasPair(rows: Int32Array, subject: number, object: number): boolean {
  for (let r = 0; r < rows.length; r += 3) {
    if (rows[r] === subject && rows[r + 1] === object) return true;
  }
  return false;
}

function restrict(candidates: Candidates, rows: Int32Array): Candidates {
  const { subjects, objects, starts, weights } = candidates;
  const isKept = (_: number, q: number) => hasPair(rows, subjects[q], objects[q]);
  return {
    ...candidates,
    subjects: subjects.filter(isKept),
    objects: objects.filter(isKept),
    starts: starts.filter(isKept),
    weights: weights.filter(isKept),
  };
}

function hasOnlyTruePairs(prediction: Prediction, rows: Int32Array): boolean {
  const pairs = listedPairs(prediction);
  return pairs.length > 0 && pairs.every(([s, o]) => hasPair(rows, s, o));
}

/** The pairs that a prediction chose to speak of; none if it speaks of all. */
function listedPairs(prediction: Prediction): [subject: number, object: number][] {
  if ("relationProbabilities" in prediction) return [];
  const [all, width] = "triplets" in prediction
    ? [prediction.triplets, 3]
    : [prediction.pairs, 2];
  const pairs: [number, number][] = [];
  for (let i = 0; i < all.length; i += width) pairs.push([all[i], all[i + 1]]);
  return pairs;
}

/** How the pairs of a prediction differ from those that predicate detection gives. */
function comparePairs(prediction: Prediction, rows: Int32Array) {
  const pairs = listedPairs(prediction);
  const listed = Int32Array.from(pairs.flatMap(([s, o]) => [s, o, 0]));
  let lacksPairs = false;
  for (let r = 0; r < rows.length && "triplets" in prediction; r += 3) {
    lacksPairs ||= !hasPair(listed, rows[r], rows[r + 1]);
  }
  return { hasOtherPairs: !pairs.every(([s, o]) => hasPair(rows, s, o)), lacksPairs };
}

/** Whether a pair has scores of several predicates. */
function hasSeveral({ starts, scores, numPredicates }: Candidates): boolean {
  return starts.some((start) => {
    let count = 0;
    for (let p = 0; p < numPredicates; p++) if (scores[start + p] > -Infinity) count++;
    return count > 1;
  });
}

function keepPairs(ranking: Ranking, rows: Int32Array): Ranking {
  const kept = Array.from({ length: ranking.length }, (_, i) => i)
    .filter((i) => hasPair(rows, ranking.subjects[i], ranking.objects[i]));
  const column = (values: ArrayLike<number>) => kept.map((i) => values[i]);
  return {
    length: kept.length,
    subjects: column(ranking.subjects),
    objects: column(ranking.objects),
    predicates: column(ranking.predicates),
    ...ranking.scores && { scores: column(ranking.scores) },
  };
}
