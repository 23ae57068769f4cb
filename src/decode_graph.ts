/**
 * Turns logits into a scene graph.
 *
 * @module
 */

import { CERTAIN_SCORE } from "./certainty.ts";
import { type ClassGroup, type Likeliest, likeliestOf } from "./class_groups.ts";
import type { Logits } from "./example.ts";
import { softmaxRows } from "./softmax.ts";
import type { Box, Entity, GivenLabel, Relation, SceneGraph } from "./scene_graph.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A likeliest label of the input. */
export interface InputLabel extends Likeliest {
  /** Whether the label stays, as it is certain or all labels do. */
  isKept: boolean;
}

/**
 * Finds the likeliest label of each entity of an input.
 *
 * @param entityLogits `[N, C]`.
 * @param numClasses C.
 * @param options `isKept`: whether all labels stay; default: the certain ones do. `groups`,
 * `[N]`: the classes of each entity that go by one name; default none.
 * @returns `[N]`.
 */
export function inputLabels(
  entityLogits: Float32Array,
  numClasses: number,
  { isKept = false, groups }: { isKept?: boolean; groups?: EntityGroups } = {},
): InputLabel[] {
  const p = softmaxRows(entityLogits, numClasses);
  return Array.from({ length: p.length / numClasses }, (_, i) => {
    const row = p.subarray(i * numClasses, (i + 1) * numClasses);
    const likeliest = likeliestOf(row, groups?.[i]);
    return { ...likeliest, isKept: isKept || likeliest.score >= CERTAIN_SCORE };
  });
}

/** `[N]`: the classes of each entity that go by one name. */
export type EntityGroups = readonly (readonly ClassGroup[])[];

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
  /** Default: each class goes by its own name. */
  groups?: EntityGroups;
}

/** How to decode logits; by default scores are as the logits give them, and all are kept. */
export interface DecodeOptions {
  /** Greatest number of relations. */
  k?: number;
  /** Relations with a lower score are left out: one limit, or one for each predicate. */
  threshold?: number | Float32Array;
  /** Calibrates the scores of labels and of relations; it must keep their order. */
  calibration?: {
    entity: (score: number) => number;
    relation: (score: number) => number;
  };
  /**
   * `[C]`: the least probability with which each class is in the set of an entity's possible
   * labels; without it there are no such sets.
   */
  coverage?: Float32Array;
}

/**
 * Decodes logits to a scene graph: each entity has its likeliest label, where classes that
 * go by one name count as one, unless that of the input is kept, and each ordered pair its likeliest predicate (the graph constraint).
 *
 * The score of a relation is the product of the probabilities of subject, predicate and
 * object. "No relation" is part of the softmax but never the predicate. Relations of equal
 * score are in the order of subject and object.
 *
 * @param logits Logits of entities, `[N, C]`, and of relations, `[N, N, P]`.
 * @param plane The boxes, the size of their image, and the labels of the input.
 * @param vocabulary The names of classes and predicates.
 * @param options How scores are calibrated, and which relations to keep.
 * @returns The graph; relations by descending score.
 */
export function decodeGraph(
  logits: Logits,
  { boxes, width, height, given, groups }: Plane,
  vocabulary: Vocabulary,
  { k = Infinity, threshold = 0, calibration, coverage }: DecodeOptions = {},
): SceneGraph {
  const { numEntityClasses, numPredicates, noRelation } = vocabulary;
  const n = boxes.length / 4;
  const p = softmaxRows(logits.entityLogits, numEntityClasses);
  const q = softmaxRows(logits.relationLogits, numPredicates);
  const probabilities = new Float64Array(n);
  const entities = Array.from({ length: n }, (_, i): Entity => {
    const before = given?.[i];
    const row = p.subarray(i * numEntityClasses, (i + 1) * numEntityClasses);
    const after = before?.isKept ? before : likeliestOf(row, groups?.[i]);
    const { labelIndex, score } = after;
    probabilities[i] = score;
    const box = Array.from(boxes.subarray(4 * i, 4 * i + 4)) as unknown as Box;
    const isKept = before?.isKept ?? false;
    return {
      label: nameOf(after, vocabulary),
      labelIndex,
      score: isKept || !calibration ? score : calibration.entity(score),
      box,
      ...coverage && {
        labels: isKept
          ? [{ label: nameOf(after, vocabulary), score }]
          : labelSet(row, labelIndex, coverage, vocabulary),
      },
      ...before && { given: { label: nameOf(before, vocabulary), score: before.score } },
    };
  });
  const relations: Relation[] = [];
  for (let subject = 0; subject < n; subject++) {
    for (let object = 0; object < n; object++) {
      if (subject === object) continue;
      const from = (subject * n + object) * numPredicates;
      const [predicateIndex, probability] = greatest(q, from, noRelation);
      const score = probabilities[subject] * probability * probabilities[object];
      relations.push({
        subject,
        object,
        predicate: vocabulary.predicates[predicateIndex],
        predicateIndex,
        score: calibration ? calibration.relation(score) : score,
      });
    }
  }
  // The sort is stable, so ties stay in the order of subject and object.
  relations.sort((a, b) => b.score - a.score);
  return {
    imageWidth: width,
    imageHeight: height,
    entities,
    relations: relations.filter(({ score, predicateIndex }) =>
      score >= (typeof threshold === "number" ? threshold : threshold[predicateIndex])
    ).slice(0, k),
  };
}

function nameOf({ label, labelIndex }: Likeliest, { entities }: Vocabulary): string {
  return label ?? entities[labelIndex];
}

/**
 * The possible labels of an entity.
 *
 * @param probabilities `[C]`.
 * @param likeliest The likeliest label, which is always in the set.
 * @param least `[C]`: the least probability with which each class is in the set.
 * @param vocabulary The names of the classes.
 * @returns The labels, likeliest first.
 */
export function labelSet(
  probabilities: Float64Array,
  likeliest: number,
  least: Float32Array,
  { entities }: Vocabulary,
): GivenLabel[] {
  return entities.map((label, k) => ({ label, score: probabilities[k], k }))
    .filter(({ score, k }) => k === likeliest || score >= least[k])
    .sort((a, b) => b.score - a.score)
    .map(({ label, score }) => ({ label, score }));
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
