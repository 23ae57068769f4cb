/**
 * Draws a graph over its picture, with labels that can be read at the size at which it is
 * shown.
 *
 * @module
 */

import type { SceneGraph } from "../../src/scene_graph.ts";
import { type DrawOptions, drawOverImage } from "../../src/render/svg.ts";
import { drawingOf } from "../../src/dom.ts";

/** Height of labels in pixels of the screen. */
const LABEL_PIXELS = 12;
/** Longer side of a drawing in its own units, as of `drawOverImage()`. */
const SIDE = 1000;
/** Greatest size of labels in those units; larger ones would hide the picture. */
const GREATEST = 36;

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
  const scale = SIDE / Math.max(imageWidth, imageHeight);
  const width = Math.min(
    place.clientWidth || SIDE,
    0.72 * innerHeight * imageWidth / imageHeight, // as the style sheet limits its height
  );
  const units = LABEL_PIXELS * imageWidth * scale / width;
  const fontSize = Math.min(GREATEST, Math.max(16, units));
  place.replaceChildren(drawingOf(drawOverImage(graph, {
    ...{ topK: graph.relations.length, minScore: 0, fontSize },
    ...options,
  })));
}
