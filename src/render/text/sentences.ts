/**
 * Writes a scene graph in sentences.
 *
 * @module
 */

import type { SceneGraph } from "../../scene_graph.ts";
import {
  checkDrawn,
  CHOICE_CHECKS,
  type ChoiceOptions,
  chooseRelations,
  entityNames,
  plainName,
} from "../choice.ts";

/**
 * Writes each relation as a sentence with its score, best first: `person 1 riding horse 1,
 * 0.62`. Entities are numbered among those with the same label, in the order of the boxes.
 *
 * @param graph The graph; its relations are best first.
 * @param options Which relations; default: all.
 * @returns One line for each relation; without any, `No relation`. Control characters in
 * names are escaped.
 *
 * @example
 * ```ts
 * import { toSentences } from "./sentences.ts";
 * const text = toSentences({
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [
 *     { label: "person", labelIndex: 0, score: 1, box: [0, 0, 50, 90] },
 *     { label: "horse", labelIndex: 1, score: 1, box: [10, 40, 90, 99] },
 *   ],
 *   relations: [
 *     { subject: 0, object: 1, predicate: "riding", predicateIndex: 0, score: 0.62 },
 *   ],
 * });
 * if (text !== "person 1 riding horse 1, 0.62\n") throw new Error();
 * ```
 */
export function toSentences(graph: SceneGraph, options: ChoiceOptions = {}): string {
  checkDrawn(graph, options, "toSentences()", CHOICE_CHECKS);
  const names = entityNames(graph).map(plainName);
  const lines = chooseRelations(graph, options).map((relation) => {
    const { subject, object, score } = relation;
    const predicate = plainName(relation.predicate);
    return `${names[subject]} ${predicate} ${names[object]}, ${score.toFixed(2)}\n`;
  });
  return lines.length === 0 ? "No relation\n" : lines.join("");
}
