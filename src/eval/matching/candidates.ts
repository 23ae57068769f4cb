/**
 * The pairs of a prediction that are ranked.
 *
 * @module
 */

import type { AnnotatedImage } from "../../example.ts";
import { overlapOf } from "./hits.ts";
import {
  checkFinite,
  checkPair,
  checkScores,
  type DensePrediction,
  type PairPrediction,
  type Prediction,
  refuse,
  type ScoredEntities,
} from "../prediction.ts";
import { givesLabels, isDetection, type Protocol, type Task } from "../protocol.ts";
import { type PairTable, tableOfTriplets } from "./listed_pairs.ts";
import type { Candidates } from "./ranking.ts";
import { checkTriplets } from "./triplet_list.ts";

/**
 * The pairs of a prediction with scores, ordered by subject and object.
 *
 * @param truth The annotated image.
 * @param prediction Scores of all pairs or of some; in predicate detection also a list of
 * triplets.
 * @param entities Its entities, from {@linkcode entitiesOf}.
 * @param task Predicate detection takes the annotated pairs, the other tasks all pairs of
 * the prediction.
 * @param protocol Says how background and pairs are treated.
 * @param numPredicates Number of predicates, if it is known.
 * @returns Candidates to rank.
 * @throws {RangeError} If a count is wrong, a score is NaN, or a pair is missing.
 */
export function candidatesOf(
  truth: AnnotatedImage,
  prediction: Prediction,
  entities: ScoredEntities,
  task: Task,
  protocol: Protocol,
  numPredicates?: number,
): Candidates {
  const m = entities.labels.length;
  const isDense = "relationProbabilities" in prediction;
  const isList = "triplets" in prediction;
  let table: PairTable;
  if (isList) {
    checkTriplets(truth.id, prediction, m, numPredicates);
    table = tableOfTriplets(truth, prediction, numPredicates);
  } else {
    table = isDense
      ? denseTable(truth.id, prediction, m)
      : pairTable(truth.id, prediction, m);
    const name = isDense ? "relation probabilities" : "predicate scores";
    (givesLabels(task) ? checkFinite : checkScores)(truth.id, name, table.scores);
  }
  let order = task === "preddet"
    ? annotatedPairs(truth, table, protocol.annotatedPairs, isList)
    : distinctPairs(truth.id, table);
  if (isDetection(task) && protocol.candidatePairs === "overlapping") {
    order = order.filter((q) =>
      overlapOf(
        entities.boxes,
        table.subjects[q],
        entities.boxes,
        table.objects[q],
        "union",
        protocol.pixel,
      ) > 0
    );
  }
  const subjects = order.map((q) => table.subjects[q]);
  const objects = order.map((q) => table.objects[q]);
  const starts = order.map((q) => table.starts[q]);
  const weights = new Float64Array(order.length);
  for (let q = 0; q < order.length; q++) {
    weights[q] = entities.scores[subjects[q]] * entities.scores[objects[q]];
    if (isDense && protocol.background === "excluded") {
      weights[q] /= sum(table.scores, starts[q], table.numPredicates) || 1;
    }
  }
  return { ...table, subjects, objects, starts, weights };
}

function sum(values: ArrayLike<number>, start: number, length: number): number {
  let total = 0;
  for (let i = start; i < start + length; i++) total += values[i];
  return total;
}

/** All M(M-1) pairs, without the probability of "no relation", the last. */
function denseTable(id: string, prediction: DensePrediction, m: number): PairTable {
  const scores = prediction.relationProbabilities;
  const numClasses = m === 0 ? 1 : scores.length / (m * m);
  if (!Number.isInteger(numClasses) || (m > 0 && numClasses < 2)) {
    const found = `${scores.length} numbers`;
    refuse(id, `relation probabilities must be [${m}, ${m}, P] with P >= 2`, found);
  }
  const numPairs = m * Math.max(0, m - 1);
  const subjects = new Int32Array(numPairs), objects = new Int32Array(numPairs);
  const starts = new Int32Array(numPairs);
  for (let i = 0, q = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      if (i === j) continue;
      subjects[q] = i;
      objects[q] = j;
      starts[q++] = (i * m + j) * numClasses;
    }
  }
  return { subjects, objects, starts, scores, numPredicates: numClasses - 1 };
}

function pairTable(id: string, prediction: PairPrediction, m: number): PairTable {
  const { pairs, predicateScores: scores } = prediction;
  const numPairs = pairs.length / 2;
  const numPredicates = numPairs === 0 ? 0 : scores.length / numPairs;
  if (!Number.isInteger(numPairs) || !Number.isInteger(numPredicates)) {
    const found = `${pairs.length} indices and ${scores.length} scores`;
    refuse(id, "pairs must be [Q, 2] and their scores [Q, P - 1]", found);
  }
  const subjects = new Int32Array(numPairs), objects = new Int32Array(numPairs);
  const starts = new Int32Array(numPairs);
  for (let q = 0; q < numPairs; q++) {
    subjects[q] = pairs[2 * q];
    objects[q] = pairs[2 * q + 1];
    starts[q] = q * numPredicates;
    checkPair(id, q, pairs[2 * q], pairs[2 * q + 1], m);
  }
  return { subjects, objects, starts, scores, numPredicates };
}

/** The order of pairs by subject and object. Refuses repeated pairs. */
function distinctPairs(id: string, { subjects, objects }: PairTable): Int32Array {
  const order = new Int32Array(subjects.length);
  let isOrdered = true;
  for (let q = 0; q < order.length; q++) {
    order[q] = q;
    isOrdered &&= q === 0 || subjects[q] > subjects[q - 1] ||
      (subjects[q] === subjects[q - 1] && objects[q] > objects[q - 1]);
  }
  if (isOrdered) return order;
  order.sort((a, b) => subjects[a] - subjects[b] || objects[a] - objects[b]);
  for (let i = 1; i < order.length; i++) {
    const q = order[i], before = order[i - 1];
    if (subjects[q] === subjects[before] && objects[q] === objects[before]) {
      const found = `[${subjects[q]}, ${objects[q]}] at ${before} and ${q}`;
      refuse(id, "each pair must stand once, with all its predicates", found);
    }
  }
  return order;
}

/**
 * The entry of the table for each annotated row, or for each distinct pair of them. If
 * the table has several entries for a pair, its first row takes the first entry, the
 * second row the second, and so on.
 */
function annotatedPairs(
  truth: AnnotatedImage,
  table: PairTable,
  candidates: Protocol["annotatedPairs"],
  isList: boolean,
): Int32Array {
  const n = truth.entityLabels.length, { relations } = truth;
  const entries = new Map<number, number[]>();
  for (let q = 0; q < table.subjects.length; q++) {
    const pair = table.subjects[q] * n + table.objects[q];
    const list = entries.get(pair);
    if (list) list.push(q);
    else entries.set(pair, [q]);
  }
  const order: number[] = [];
  const seen = new Set<string>();
  const used = new Map<number, number>();
  for (let r = 0; r < relations.length; r += 3) {
    const subject = relations[r], object = relations[r + 1];
    const pair = subject * n + object;
    const list = entries.get(pair);
    if (list === undefined) {
      // A list may hold the best triplets alone, a table has all that it speaks of.
      if (isList) continue;
      refuse(
        truth.id,
        "each annotated pair needs scores",
        `none for [${subject}, ${object}]`,
      );
    }
    const turn = used.get(pair) ?? 0;
    used.set(pair, turn + 1);
    const same = `${sameEntity(truth, subject)},${sameEntity(truth, object)}`;
    if (candidates === "pairs" && seen.has(same)) continue;
    seen.add(same);
    order.push(list[turn] ?? list[0]);
  }
  return Int32Array.from(order).sort((a, b) =>
    table.subjects[a] - table.subjects[b] || table.objects[a] - table.objects[b] || a - b
  );
}

/** Class and box, which are equal for two mentions of one entity. */
function sameEntity({ boxes, entityLabels }: AnnotatedImage, i: number): string {
  return `${entityLabels[i]} ${boxes.slice(4 * i, 4 * i + 4).join(" ")}`;
}
