/**
 * What the network believed after each step.
 *
 * @module
 */

import { groupedRow, groupOf } from "../class_groups.ts";
import type { EntityGroups, InputLabel } from "../decode_graph.ts";
import type { Logits } from "../example.ts";
import type { GivenLabel, SceneGraph } from "../scene_graph.ts";
import { softmaxRows } from "../softmax.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** Number of labels of an entity that are kept from each step: its likeliest. */
const NUM_LABELS = 3;

/** What the network believed at one moment. */
export interface StepBeliefs {
  /**
   * `[N]`: labels with their probabilities, not calibrated. An entity has the same labels
   * at every moment, in the same order: each that was among its likeliest three at some
   * moment, the likeliest of the last moment first.
   */
  entities: GivenLabel[][];
  /**
   * For each relation of the graph the product of the probabilities of its predicate and of
   * the final labels of its subject and object, not calibrated.
   */
  relations: number[];
}

/**
 * Computes the beliefs of an image at each moment.
 *
 * @param moments Logits before the first step and after each one.
 * @param graph The graph of the last logits.
 * @param input `given`: labels of the input; those that are kept stay as they are. `groups`:
 * classes of each entity that go by one name, and count as one.
 * @param vocabulary Names of classes and predicates.
 * @returns One entry for each of `moments`.
 */
export function stepBeliefs(
  moments: readonly Logits[],
  graph: SceneGraph,
  { given, groups }: { given?: readonly InputLabel[]; groups?: EntityGroups },
  { numEntityClasses: c, numPredicates, entities: names }: Vocabulary,
): StepBeliefs[] {
  const n = graph.entities.length;
  const p = moments.map(({ entityLogits }) => {
    const rows = softmaxRows(entityLogits, c);
    groups?.forEach((of, i) =>
      rows.set(groupedRow(rows.subarray(i * c, (i + 1) * c), of), i * c)
    );
    return rows;
  });
  // A group is called by its name, and counted at its first class.
  const placeOf = (i: number, label: number) =>
    groupOf(groups?.[i], label)?.classes[0] ?? label;
  const q = moments.map(({ relationLogits }) =>
    softmaxRows(relationLogits, numPredicates)
  );
  const kept = (i: number) => given?.[i].isKept ? given[i] : undefined;
  const beliefOf = (t: number, i: number, label: number) => {
    const fixed = kept(i);
    const place = placeOf(i, label);
    if (fixed) return place === placeOf(i, fixed.labelIndex) ? fixed.score : 0;
    return p[t][i * c + place];
  };
  const shown = Array.from({ length: n }, (_, i) => {
    const fixed = kept(i);
    if (fixed) return [fixed.labelIndex];
    const likeliest = p.map((step) => likeliestOf(step.subarray(i * c, (i + 1) * c)));
    const last = p.at(-1)!;
    return [...new Set(likeliest.flat())]
      .sort((a, b) => last[i * c + b] - last[i * c + a] || a - b);
  });
  return moments.map((_, t) => ({
    entities: shown.map((labels, i) =>
      labels.map((label) => ({
        label: groupOf(groups?.[i], label)?.label ?? names[label],
        score: beliefOf(t, i, label),
      }))
    ),
    relations: graph.relations.map(({ subject, object, predicateIndex }) =>
      beliefOf(t, subject, graph.entities[subject].labelIndex) *
      q[t][(subject * n + object) * numPredicates + predicateIndex] *
      beliefOf(t, object, graph.entities[object].labelIndex)
    ),
  }));
}

/** Indices of the greatest probabilities, greatest first. */
function likeliestOf(probabilities: Float64Array): number[] {
  return Array.from(probabilities, (_, label) => label)
    .sort((a, b) => probabilities[b] - probabilities[a])
    .slice(0, NUM_LABELS);
}
