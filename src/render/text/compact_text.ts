/**
 * Writes a scene graph as a short text for a language model.
 *
 * @module
 */

import type { SceneGraph } from "../../scene_graph.ts";
import {
  checkDrawn,
  CHOICE_CHECKS,
  type ChoiceOptions,
  chooseRelations,
  plainName,
} from "../choice.ts";

/**
 * Writes a scene graph in few tokens, for the prompt of a language model:
 *
 * ```text
 * objects: name#id left top right bottom, in % of the image
 * person#0 25 10 50 90
 * horse#1 12 40 88 100
 * relations:
 * person#0 riding horse#1
 * ```
 *
 * The first line says how to read the others. Each entity has one line: its label, its
 * index in the graph, and its box in whole hundredths of the image's width (left, right)
 * and height (top, bottom). Each relation is a triplet, best first. Whole numbers are one
 * token in most tokenizers, and labels in the triplets spare the model to look indices up.
 *
 * @param graph The graph; its relations are best first.
 * @param options Which relations; default: all.
 * @returns The text; without entities or relations it says so. Control characters in names
 * are escaped, so no name can begin a line.
 *
 * @example
 * ```ts
 * import { toCompactText } from "./compact_text.ts";
 * const text = toCompactText({
 *   imageWidth: 200,
 *   imageHeight: 100,
 *   entities: [{ label: "cat", labelIndex: 0, score: 1, box: [50, 25, 150, 100] }],
 *   relations: [],
 * });
 * if (!text.includes("\ncat#0 25 25 75 100\n")) throw new Error();
 * ```
 */
export function toCompactText(graph: SceneGraph, options: ChoiceOptions = {}): string {
  checkDrawn(graph, options, "toCompactText()", CHOICE_CHECKS);
  const { imageWidth, imageHeight, entities } = graph;
  const names = entities.map(({ label }, i) => `${plainName(label)}#${i}`);
  const boxes = entities.map(({ box }) =>
    box.map((edge, axis) => {
      return Math.round(100 * edge / (axis % 2 === 0 ? imageWidth : imageHeight));
    }).join(" ")
  );
  const relations = chooseRelations(graph, options).map(
    ({ subject, predicate, object }) =>
      `${names[subject]} ${plainName(predicate)} ${names[object]}`,
  );
  return [
    entities.length > 0
      ? "objects: name#id left top right bottom, in % of the image"
      : "objects: none",
    ...names.map((name, i) => `${name} ${boxes[i]}`),
    relations.length > 0 ? "relations:" : "relations: none",
    ...relations,
    "",
  ].join("\n");
}
