/**
 * Matches ranked candidates with annotated relations.
 *
 * @module
 */

import { intersectionOverUnion } from "../../overlap.ts";
import type { Protocol } from "../protocol.ts";
import type { Labelled } from "../prediction.ts";
import type { Ranking } from "./ranking.ts";

/** The rank of rows that no candidate hits. */
export const NEVER = 0xffff;

/**
 * The overlap of each predicted entity with each true one of the same class.
 *
 * Source: `bbox_overlaps` of the originals. `overlap: "enclosing"` is that of the
 * published SGP program, which divides by the smallest box around both.
 *
 * @param predicted M entities.
 * @param truth N entities.
 * @param protocol Form, pixel and threshold of the overlap.
 * @returns `[M, N]`: overlaps, 0 if they are below the threshold or the classes differ.
 */
export function matchEntities(
  predicted: Labelled,
  truth: Labelled,
  { overlap, pixel, threshold }: Pick<Protocol, "overlap" | "pixel" | "threshold">,
): Float64Array {
  const m = predicted.labels.length, n = truth.labels.length;
  const matches = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    const label = predicted.labels[i];
    for (let j = 0; j < n; j++) {
      if (truth.labels[j] !== label) continue;
      const value = overlapOf(predicted.boxes, i, truth.boxes, j, overlap, pixel);
      if (value >= threshold) matches[i * n + j] = value;
    }
  }
  return matches;
}

/**
 * Overlap of two boxes, 0 to 1.
 *
 * @param a Boxes `[_, 4]`.
 * @param i Index of a box in `a`.
 * @param b Boxes `[_, 4]`.
 * @param j Index of a box in `b`.
 * @param form Whether the intersection is divided by the union or the enclosing box.
 * @param pixel Added to widths and heights.
 */
export function overlapOf(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  form: Protocol["overlap"],
  pixel: number,
): number {
  if (form === "union") return intersectionOverUnion(a, i, b, j, pixel);
  const p = 4 * i, q = 4 * j;
  const width = Math.min(a[p + 2], b[q + 2]) - Math.max(a[p], b[q]) + pixel;
  const height = Math.min(a[p + 3], b[q + 3]) - Math.max(a[p + 1], b[q + 1]) + pixel;
  if (!(width > 0 && height > 0)) return 0;
  return width * height /
    ((Math.max(a[p + 2], b[q + 2]) - Math.min(a[p], b[q]) + pixel) *
      (Math.max(a[p + 3], b[q + 3]) - Math.min(a[p + 1], b[q + 1]) + pixel));
}

/**
 * Takes indices of a candidate's entities and of a row's.
 *
 * @returns Their overlap in (0, 1]; 0 if they do not match.
 */
export type PairOverlap = (
  subject: number,
  object: number,
  trueSubject: number,
  trueObject: number,
) => number;

/**
 * Which annotated rows a pair of entities matches, whatever its rank.
 *
 * @param rows `[R, 3]`: subject, object, predicate.
 * @param numEntities Number of predicted entities.
 * @param overlap How well a candidate's entities match those of a row.
 * @returns `[R]`: rank 0, or {@linkcode NEVER} for rows that no pair matches.
 */
export function foundRows(
  rows: Int32Array,
  numEntities: number,
  overlap: PairOverlap,
): Uint16Array {
  const isFound = (subject: number, object: number) => {
    for (let i = 0; i < numEntities; i++) {
      for (let j = 0; j < numEntities; j++) {
        if (i !== j && overlap(i, j, subject, object) > 0) return true;
      }
    }
    return false;
  };
  return Uint16Array.from(
    { length: rows.length / 3 },
    (_, r) => isFound(rows[3 * r], rows[3 * r + 1]) ? 0 : NEVER,
  );
}

/**
 * The rank, from 0, at which each annotated row is hit.
 *
 * A candidate may hit several rows (`many-to-one`), or it takes the free row with the
 * greatest overlap, the first of equals (`one-to-one`). In both cases a row counts for recall at K if its rank is below K.
 *
 * @param ranking Candidates, best first.
 * @param rows `[R, 3]`: subject, object, predicate; a negative predicate matches any.
 * @param overlap How well a candidate's entities match those of a row.
 * @param matching One of the two rules.
 * @returns `[R]`: ranks, or {@linkcode NEVER} for rows that are missed.
 */
export function firstMatches(
  ranking: Ranking,
  rows: Int32Array,
  overlap: PairOverlap,
  matching: Protocol["matching"],
): Uint16Array {
  const numRows = rows.length / 3;
  const ranks = new Uint16Array(numRows).fill(NEVER);
  const { length, subjects, objects, predicates } = ranking;
  let left = numRows;
  for (let rank = 0; rank < length && left > 0; rank++) {
    const subject = subjects[rank], object = objects[rank];
    const predicate = predicates[rank];
    let best = -1, greatest = 0;
    for (let r = 0; r < numRows; r++) {
      if (ranks[r] !== NEVER) continue;
      const wanted = rows[3 * r + 2];
      if (wanted !== predicate && wanted >= 0) continue;
      const value = overlap(subject, object, rows[3 * r], rows[3 * r + 1]);
      if (value === 0) continue;
      if (matching === "many-to-one") {
        ranks[r] = rank;
        left--;
      } else if (value > greatest) {
        greatest = value;
        best = r;
      }
    }
    if (best >= 0) {
      ranks[best] = rank;
      left--;
    }
  }
  return ranks;
}
