/**
 * Draws a scene graph as a graph: entities as nodes, relations as arrows, in layers.
 *
 * @module
 */

import { dagre } from "../deps/layout.ts";
import type { SceneGraph } from "../scene_graph.ts";
import {
  arrowHead,
  bestArrows,
  chip,
  chipSize,
  colorOf,
  describeGraph,
  escapeXml,
  FONT,
  percent,
  type Point,
  point,
  round,
  shorten,
} from "./_svg.ts";

/** Font size of nodes in units of the drawing, which are pixels at full size. */
const FONT_SIZE = 20;
/** Margin around the drawing. */
const MARGIN = 12;
/** Length of an arrow's head. */
const HEAD = 14;
/** Colour of arrows and the frames of their labels, visible on white and on black. */
const INK = "#777777";

/**
 * Draws entities as nodes and relations as arrows on a transparent background. Dagre lays
 * them out in layers from subjects to objects.
 *
 * Entities without a drawn relation are omitted, unless no relation is drawn.
 *
 * @param graph The graph; its relations are best first.
 * @param options `topK`: number of relations, the best ones; default 10.
 * @returns One SVG element; the same graph gives the same text.
 *
 * @example
 * ```ts
 * import { drawGraph } from "./graph_svg.ts";
 * const svg = drawGraph({
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [
 *     { label: "man", labelIndex: 0, score: 1, box: [0, 0, 50, 90] },
 *     { label: "hat", labelIndex: 1, score: 1, box: [10, 0, 40, 20] },
 *   ],
 *   relations: [
 *     { subject: 0, object: 1, predicate: "wearing", predicateIndex: 0, score: 0.9 },
 *   ],
 * });
 * if (!svg.includes(">wearing</text>")) throw new Error();
 * ```
 */
export function drawGraph(graph: SceneGraph, options: { topK?: number } = {}): string {
  const arrows = bestArrows(graph, options.topK ?? 10);
  const inArrows = new Set(arrows.flatMap((arrow) => [arrow.subject, arrow.object]));
  const nodes = [...graph.entities.keys()]
    .filter((i) => arrows.length === 0 || inArrows.has(i));
  const fontSize = 0.85 * FONT_SIZE;

  const layout = new dagre.graphlib.Graph({ multigraph: false });
  layout.setGraph({ nodesep: 28, ranksep: 34, marginx: MARGIN, marginy: MARGIN });
  for (const i of nodes) {
    const [width, height] = chipSize(shorten(graph.entities[i].label), FONT_SIZE);
    layout.setNode(String(i), { width, height: 1.1 * height });
  }
  for (const { subject, object, label } of arrows) {
    const [width, height] = chipSize(label, fontSize);
    layout.setEdge(String(subject), String(object), { width, height, labelpos: "c" });
  }
  dagre.layout(layout);

  const { width = 2 * MARGIN, height = 2 * MARGIN } = finiteSize(layout.graph());
  const edges = arrows.map(({ subject, object, label, score }) => {
    const edge = layout.edge(String(subject), String(object));
    const points = edge.points.map(({ x, y }: { x: number; y: number }): Point => [x, y]);
    const names = [graph.entities[subject].label, graph.entities[object].label];
    const title = `${names[0]} ${label} ${names[1]} ${percent(score)}`;
    const [w, h] = chipSize(label, fontSize);
    const rect = { x: edge.x! - w / 2, y: edge.y! - h / 2, width: w, height: h };
    const style = { fontSize, fill: "#ffffff", text: "#111111", stroke: INK, title };
    return { line: drawLine(points), label: chip(rect, label, style) };
  });
  const boxes = nodes.map((i) => {
    const { x, y, width: w, height: h } = layout.node(String(i));
    const { label, score } = graph.entities[i];
    const { fill, text } = colorOf(i);
    const rect = { x: x! - w / 2, y: y! - h / 2, width: w, height: h };
    const title = `${label} ${percent(score)}`;
    return chip(rect, shorten(label), { fontSize: FONT_SIZE, fill, text, title });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${
      round(height)
    }" width="${round(width)}" height="${round(height)}" role="img" aria-label="${
      escapeXml(describeGraph(graph, arrows))
    }" font-family="${FONT}">`,
    ...edges.map(({ line }) => line),
    ...edges.map(({ label }) => label),
    ...boxes,
    "</svg>",
  ].join("\n");
}

/** Drops the size of an empty graph, which Dagre sets to minus infinity. */
function finiteSize({ width, height }: { width?: number; height?: number }) {
  return Number.isFinite(width) ? { width, height } : {};
}

/** Draws a line through all points, vertical at each, so it meets labels and nodes well. */
function drawLine(points: readonly Point[]): string {
  let path = `M${point(points[0])}`;
  let [x, y] = points[0];
  let tangent = points[0];
  for (const [nextX, nextY] of points.slice(1)) {
    const middle = (y + nextY) / 2;
    tangent = [nextX, middle];
    path += `C${point([x, middle])} ${point(tangent)} ${point([nextX, nextY])}`;
    [x, y] = [nextX, nextY];
  }
  return `<path d="${path}" fill="none" stroke="${INK}" stroke-width="2"/>` +
    `<path d="${arrowHead(tangent, [x, y], HEAD)}" fill="${INK}"/>`;
}
