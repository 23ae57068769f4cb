/**
 * Lists of triplets as tables of scores: predicate detection, which gives the pairs, ranks
 * the candidates of each annotated pair, in whatever form they are predicted.
 *
 * @module
 */

import type { AnnotatedImage } from "../../example.ts";
import type { TripletPrediction } from "../prediction.ts";
import type { Candidates } from "./ranking.ts";

/** Pairs with the scores of their predicates, as a prediction has them. */
export type PairTable = Omit<Candidates, "weights">;

/**
 * The table that a list of triplets stands for. Predicates that the list leaves out have
 * the score -Infinity.
 *
 * If each annotated pair is listed as often as it is annotated, each triplet is the
 * candidate of one annotated row, as in Lu et al.'s files. Otherwise the triplets of a
 * pair are scores of its predicates, and one that repeats a predicate begins a second row
 * of scores.
 *
 * @param truth The annotated image.
 * @param list Triplets whose indices are in range.
 * @param numPredicates Number of predicates, if it is known.
 */
export function tableOfTriplets(
  truth: AnnotatedImage,
  { triplets, scores }: Pick<TripletPrediction, "triplets" | "scores">,
  numPredicates?: number,
): PairTable {
  const n = truth.entityLabels.length, length = triplets.length / 3;
  const pairOf = (t: number) => triplets[3 * t] * n + triplets[3 * t + 1];
  const predicateOf = (t: number) => triplets[3 * t + 2];
  const width = numPredicates ??
    Array.from({ length }, (_, t) => predicateOf(t)).reduce((a, b) => Math.max(a, b), 0) +
      1;
  const listed = new Map<number, number>();
  for (let t = 0; t < length; t++) add(listed, pairOf(t));
  const isByRow = areEqual(listed, annotatedCounts(truth));
  const before = new Map<number, number>(), entries = new Map<string, number>();
  const pairs: number[] = [], table: number[] = [];
  for (let t = 0; t < length; t++) {
    const pair = pairOf(t), predicate = predicateOf(t);
    const turn = add(before, isByRow ? pair : pair * width + predicate);
    const entry = `${pair} ${turn}`;
    let q = entries.get(entry);
    if (q === undefined) {
      q = pairs.push(pair) - 1;
      entries.set(entry, q);
      for (let p = 0; p < width; p++) table.push(-Infinity);
    }
    table[q * width + predicate] = scores ? scores[t] : length - t;
  }
  return {
    subjects: Int32Array.from(pairs, (pair) => Math.floor(pair / n)),
    objects: Int32Array.from(pairs, (pair) => pair % n),
    starts: Int32Array.from(pairs, (_, q) => q * width),
    scores: table,
    numPredicates: width,
  };
}

/** Adds 1 to a count; returns what it was before. */
function add(counts: Map<number, number>, key: number): number {
  const before = counts.get(key) ?? 0;
  counts.set(key, before + 1);
  return before;
}

function annotatedCounts({ entityLabels, relations }: AnnotatedImage) {
  const counts = new Map<number, number>();
  for (let r = 0; r < relations.length; r += 3) {
    add(counts, relations[r] * entityLabels.length + relations[r + 1]);
  }
  return counts;
}

/** Whether every annotated pair is listed as often as it is annotated. */
function areEqual(listed: Map<number, number>, annotated: Map<number, number>): boolean {
  return [...annotated].every(([pair, count]) => listed.get(pair) === count);
}
