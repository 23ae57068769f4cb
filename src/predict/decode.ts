/**
 * Logits -> a scene graph.
 *
 * @module
 */

import type { Logits } from "../example.ts";
import { softmaxRows } from "../softmax.ts";
import type { Box, Entity, Relation, SceneGraph } from "../scene_graph.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** The boxes that logits are about. */
export interface Plane {
  /** `[N, 4]`: left, top, right, bottom in pixels. */
  boxes: Float32Array;
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
}

/**
 * The scene graph that logits stand for: each entity with its likeliest label, each
 * ordered pair with its likeliest predicate (the graph constraint), best first.
 *
 * A relation scores subject probability x predicate probability x object probability,
 * with "no relation" in the softmax and then left out. Ties are in the order of subject,
 * object.
 *
 * @param logits `[N, C]` and `[N, N, P]`.
 * @param plane The boxes and the size of their image.
 * @param vocabulary Gives the names.
 * @param k Keep so many relations.
 * @returns Plain data.
 */
export function decodeGraph(
  logits: Logits,
  { boxes, width, height }: Plane,
  vocabulary: Vocabulary,
  k: number,
): SceneGraph {
  const { numEntityClasses, numPredicates, noRelation } = vocabulary;
  const n = boxes.length / 4;
  const p = softmaxRows(logits.entityLogits, numEntityClasses);
  const q = softmaxRows(logits.relationLogits, numPredicates);
  const entities = Array.from({ length: n }, (_, i): Entity => {
    const [labelIndex, score] = greatest(p, i * numEntityClasses, numEntityClasses);
    const box = Array.from(boxes.subarray(4 * i, 4 * i + 4)) as unknown as Box;
    return { label: vocabulary.entities[labelIndex], labelIndex, score, box };
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
  // Sorting is stable, so ties stay in the order of subject, object.
  relations.sort((a, b) => b.score - a.score);
  return {
    imageWidth: width,
    imageHeight: height,
    entities,
    relations: relations.slice(0, k),
  };
}

/** Index, from `from`, and value of the greatest of `count` numbers; the first of equals. */
function greatest(
  values: Float64Array,
  from: number,
  count: number,
): [index: number, value: number] {
  let best = from;
  for (let i = from + 1; i < from + count; i++) if (values[i] > values[best]) best = i;
  return [best - from, values[best]];
}
