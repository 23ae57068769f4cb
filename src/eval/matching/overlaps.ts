/**
 * How well the two entities of a candidate match those of an annotated row.
 *
 * @module
 */

import type { Labelled } from "../prediction.ts";
import type { Protocol, Task } from "../protocol.ts";
import { matchEntities, overlapOf, type PairOverlap } from "./hits.ts";

/**
 * The overlap that a task and a protocol ask for.
 *
 * @param predicted M entities.
 * @param truth N entities.
 * @param task Phrase detection looks at one box around both entities.
 * @param protocol Form, pixel and threshold of the overlap.
 */
export function pairOverlap(
  predicted: Labelled,
  truth: Labelled,
  task: Task,
  protocol: Protocol,
): PairOverlap {
  if (task === "phrdet") return overlapOfPhrases(predicted, truth, protocol);
  if (task === "preddet" && protocol.pairMatching === "indices") return isSamePair;
  const matches = matchEntities(predicted, truth, protocol);
  return smallerOverlap(matches, truth.labels.length);
}

/** 1 if the indices are the same, as `intersect_2d` of neural-motifs matches them. */
const isSamePair: PairOverlap = (subject, object, trueSubject, trueObject) =>
  subject === trueSubject && object === trueObject ? 1 : 0;

/**
 * The smaller one of the overlaps of subjects and of objects.
 *
 * @param matches `[M, N]` from {@linkcode matchEntities}.
 * @param numTrue N.
 */
export function smallerOverlap(matches: Float64Array, numTrue: number): PairOverlap {
  return (subject, object, trueSubject, trueObject) =>
    Math.min(
      matches[subject * numTrue + trueSubject],
      matches[object * numTrue + trueObject],
    );
}

/**
 * The overlap of the smallest boxes around both entities, whose classes must be equal.
 *
 * Source: `top_recall_Phrase.m` of Lu et al. and `phrdet` of neural-motifs.
 */
function overlapOfPhrases(
  predicted: Labelled,
  truth: Labelled,
  { overlap, pixel, threshold }: Protocol,
): PairOverlap {
  return (subject, object, trueSubject, trueObject) => {
    const areEqual = predicted.labels[subject] === truth.labels[trueSubject] &&
      predicted.labels[object] === truth.labels[trueObject];
    if (!areEqual) return 0;
    const phrase = boxAround(predicted.boxes, subject, object);
    const truePhrase = boxAround(truth.boxes, trueSubject, trueObject);
    const value = overlapOf(phrase, 0, truePhrase, 0, overlap, pixel);
    return value >= threshold ? value : 0;
  };
}

/** The smallest box around two of a list. */
function boxAround(boxes: ArrayLike<number>, i: number, j: number): number[] {
  const p = 4 * i, q = 4 * j;
  return [
    Math.min(boxes[p], boxes[q]),
    Math.min(boxes[p + 1], boxes[q + 1]),
    Math.max(boxes[p + 2], boxes[q + 2]),
    Math.max(boxes[p + 3], boxes[q + 3]),
  ];
}
