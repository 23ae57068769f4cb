/**
 * Turns logits into a scene graph.
 *
 * @module
 */

import type { Logits } from "./example.ts";
import { softmaxRows } from "./softmax.ts";
import type { Box, Entity, Relation, SceneGraph } from "./scene_graph.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A likeliest label of the input. */
export interface InputLabel {
  /** Index of the class. */
  labelIndex: number;
  /** Its probability, 0 to 1. */
  score: number;
  /** Whether the label stays, as it is certain or all labels do. */
  isKept: boolean;
}

/** A label of this probability or more is certain: context does not change it. */
const CERTAIN = 1 - 2e-6;

/**
 * Finds the likeliest label of each entity of an input.
 *
 * @param entityLogits `[N, C]`.
 * @param numClasses C.
 * @param isKept Whether all labels stay; else the certain ones do.
 * @returns `[N]`.
 */
export function inputLabels(
  entityLogits: Float32Array,
  numClasses: number,
  isKept = false,
): InputLabel[] {
  const p = softmaxRows(entityLogits, numClasses);
  return Array.from({ length: p.length / numClasses }, (_, i) => {
    const [labelIndex, score] = greatest(p, i * numClasses, numClasses);
    return { labelIndex, score, isKept: isKept || score >= CERTAIN };
  });
}

/** The boxes of an image, its size, and the labels of the input. */
export interface Plane {
  /** `[N, 4]`: left, top, right, bottom in pixels. */
  boxes: Float32Array;
  /** Width of the image in pixels. */
  width: number;
  /** Height of the image in pixels. */
  height: number;
  /** `[N]`: the labels of the input; those that are kept stay, with their scores. */
  given?: readonly InputLabel[];
}

/**
 * Decodes logits to a scene graph: each entity has its likeliest label, unless that of the
 * input is kept, and each ordered pair its likeliest predicate (the graph constraint).
 *
 * The score of a relation is the product of the probabilities of subject, predicate and
 * object. "No relation" is part of the softmax but never the predicate. Relations of equal
 * score are in the order of subject and object.
 *
 * @param logits Logits of entities, `[N, C]`, and of relations, `[N, N, P]`.
 * @param plane The boxes, the size of their image, and the labels of the input.
 * @param vocabulary The names of classes and predicates.
 * @param k Greatest number of relations to keep.
 * @param minScore Relations with a lower score are left out; default 0.
 * @returns The graph; relations by descending score.
 */
export function decodeGraph(
  logits: Logits,
  { boxes, width, height, given }: Plane,
  vocabulary: Vocabulary,
  k: number,
  minScore = 0,
): SceneGraph {
  const { numEntityClasses, numPredicates, noRelation } = vocabulary;
  const n = boxes.length / 4;
  const p = softmaxRows(logits.entityLogits, numEntityClasses);
  const q = softmaxRows(logits.relationLogits, numPredicates);
  const entities = Array.from({ length: n }, (_, i): Entity => {
    const before = given?.[i];
    const [labelIndex, score] = before?.isKept
      ? [before.labelIndex, before.score]
      : greatest(p, i * numEntityClasses, numEntityClasses);
    const box = Array.from(boxes.subarray(4 * i, 4 * i + 4)) as unknown as Box;
    return {
      label: vocabulary.entities[labelIndex],
      labelIndex,
      score,
      box,
      ...before && {
        given: { label: vocabulary.entities[before.labelIndex], score: before.score },
      },
    };
  });
  const relations: Relation[] = [];
  for (let subject = 0; subject < n; subject++) {
    for (let object = 0; object < n; object++) {
      if (subject === object) continue;
      const from = (subject * n + object) * numPredicates;
      const [predicateIndex, probability] = greatest(q, from, noRelation);
      relations.push({
        subject,
        object,
        predicate: vocabulary.predicates[predicateIndex],
        predicateIndex,
        score: entities[subject].score * probability * entities[object].score,
      });
    }
  }
  // The sort is stable, so ties stay in the order of subject and object.
  relations.sort((a, b) => b.score - a.score);
  return {
    imageWidth: width,
    imageHeight: height,
    entities,
    relations: relations.filter(({ score }) => score >= minScore).slice(0, k),
  };
}

/** The first greatest of `count` numbers: its index relative to `from`, and its value. */
function greatest(
  values: Float64Array,
  from: number,
  count: number,
): [index: number, value: number] {
  let best = from;
  for (let i = from + 1; i < from + count; i++) if (values[i] > values[best]) best = i;
  return [best - from, values[best]];
}
