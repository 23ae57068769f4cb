/**
 * Ranked lists as scene graphs.
 *
 * @module
 */

import type { RankedList } from "../../eval/ranked_list.ts";
import type { Box, Entity, SceneGraph } from "../../scene_graph.ts";
import type { Vocabulary } from "../../vocabulary.ts";

/**
 * The graph of a ranked list.
 *
 * @param list The list.
 * @param size Width and height of the image.
 * @param vocabulary Names of classes and predicates.
 * @returns The graph with its relations in the order of the list.
 */
export function rankedGraph(
  { entities: { boxes, labels, scores }, triplets }: RankedList,
  { width, height }: { width: number; height: number },
  vocabulary: Pick<Vocabulary, "entities" | "predicates">,
): SceneGraph {
  return {
    imageWidth: width,
    imageHeight: height,
    entities: Array.from(labels, (labelIndex, i): Entity => ({
      // A prediction may leave an entity without a class.
      label: vocabulary.entities[labelIndex] ?? "?",
      labelIndex,
      score: scores[i],
      box: Array.from({ length: 4 }, (_, k) => boxes[4 * i + k]) as unknown as Box,
    })),
    relations: triplets.map(({ subject, object, predicate, score }, i) => ({
      ...{ subject, object, predicateIndex: predicate },
      predicate: vocabulary.predicates[predicate],
      // A list without scores has its order.
      score: score ?? 1 - i / triplets.length,
    })),
  };
}
