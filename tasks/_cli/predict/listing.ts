/**
 * Lists the labels that context changed and the best relations, with scores and indices.
 *
 * @module
 */

import {
  type ChoiceOptions,
  chooseRelations,
  plainName,
} from "../../../src/render/choice.ts";
import {
  isRevised,
  labelBefore,
  type SceneGraph,
  tripletOf,
} from "../../../src/scene_graph.ts";

/**
 * Lists first each label that context changed, with the index of its box and the label
 * that was given, by the detector's own name; and each entity that the model does not
 * know. Then relations, best first, with the indices of their boxes.
 *
 * @param graph The graph.
 * @param options Which relations.
 * @returns Lines of text.
 */
export function toListing(graph: SceneGraph, options: ChoiceOptions): string {
  const labels = graph.entities.flatMap((entity, i) => {
    if (entity.known === false) {
      return [`${i} ${labelled(entity)} (not a class of the model: no relations)`];
    }
    if (!isRevised(entity)) return [];
    return [`${i} ${labelled(entity)} (detector: ${labelled(labelBefore(entity)!)})`];
  });
  const relations = chooseRelations(graph, options).map((relation) => {
    const { subject, predicate, object } = tripletOf(graph, relation);
    const words = [subject, predicate, object].map(plainName).join(" ");
    const ends = `${relation.subject} -> ${relation.object}`;
    return `${relation.score.toFixed(3)}  ${words}  (${ends})`;
  });
  if (relations.length === 0) relations.push("No relation");
  return [...labels, ...relations, ""].join("\n");
}

function labelled({ label, score }: { label: string; score: number }): string {
  return `${plainName(label)} ${score.toFixed(2)}`;
}
