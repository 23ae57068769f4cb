/**
 * Draws a graph over its picture, with labels that can be read at the size at which it is
 * shown.
 *
 * @module
 */

import type { SceneGraph } from "../../src/scene_graph.ts";
import { type DrawOptions, drawOverImage } from "../../src/render/svg.ts";
import { drawingOf } from "../../src/dom.ts";

/** Width of a drawing whose place has none yet. */
const WIDTH = 1000;

/**
 * Draws a graph, with all its relations.
 *
 * @param place The element that shows the drawing.
 * @param graph The graph.
 * @param options What is under it.
 */
export function overPicture(
  place: HTMLElement,
  graph: SceneGraph,
  options: DrawOptions,
): void {
  const { imageWidth, imageHeight } = graph;
  const width = Math.min(
    place.clientWidth || WIDTH,
    0.72 * innerHeight * imageWidth / imageHeight, // as the style sheet limits its height
  );
  place.replaceChildren(drawingOf(drawOverImage(graph, {
    ...{ topK: graph.relations.length, minScore: 0, width },
    ...options,
  })));
}
