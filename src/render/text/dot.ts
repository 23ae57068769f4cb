/**
 * Writes a scene graph in DOT, the language of Graphviz.
 *
 * @module
 */

import type { SceneGraph } from "../../scene_graph.ts";
import {
  checkDrawn,
  CHOICE_CHECKS,
  type ChoiceOptions,
  chooseRelations,
} from "../choice.ts";

/**
 * Writes a scene graph in DOT, for `dot -Tsvg` and other tools. The line of a relation is
 * the thicker, the greater its score.
 *
 * @param graph The graph; its relations are best first.
 * @param options Which relations; default: all.
 * @returns A `digraph`; the same graph gives the same text.
 *
 * @example
 * ```ts
 * import { toDot } from "./dot.ts";
 * const dot = toDot({
 *   imageWidth: 9,
 *   imageHeight: 9,
 *   entities: [{ label: "cat", labelIndex: 0, score: 1, box: [0, 0, 5, 5] }],
 *   relations: [],
 * });
 * if (!dot.includes('n0 [label="cat"')) throw new Error();
 * ```
 */
export function toDot(graph: SceneGraph, options: ChoiceOptions = {}): string {
  checkDrawn(graph, options, "toDot()", CHOICE_CHECKS);
  const relations = chooseRelations(graph, options);
  return [
    "digraph scene {",
    "  node [shape=box, style=rounded];",
    ...graph.entities.map(({ label, score, box }, i) =>
      `  n${i} [label=${quote(label)}, tooltip=${
        quote(`${score.toFixed(3)} at ${box.join(" ")}`)
      }];`
    ),
    ...relations.map(({ subject, object, predicate, score }) =>
      `  n${subject} -> n${object} [label=${quote(predicate)}, tooltip="${
        score.toFixed(3)
      }", penwidth=${(0.5 + 2.5 * score).toFixed(2)}];`
    ),
    "}\n",
  ].join("\n");
}

/** Quotes a text as a DOT string that shows it unchanged. */
function quote(text: string): string {
  const escaped = text.toWellFormed()
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replace(/\r\n|\r|\n/g, "\\n")
    // deno-lint-ignore no-control-regex -- control characters are the target
    .replace(/[\u0000-\u001f]/g, " ")
    // Graphviz decodes HTML entities in labels.
    .replaceAll("&", "&amp;");
  return `"${escaped}"`;
}
