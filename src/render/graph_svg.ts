/**
 * Draws a scene graph as a graph: entities as nodes, relations as arrows, in layers.
 *
 * @module
 */

import { dagre } from "../deps/layout.ts";
import type { SceneGraph } from "../scene_graph.ts";
import type { ChoiceOptions } from "./choice.ts";
import { joinAtPorts } from "./_ports.ts";
import { bestArrows, describeGraph, drawnNames, strengthOf } from "./_arrows.ts";
import {
  arrowHead,
  chip,
  chipSize,
  colorOf,
  escapeXml,
  FONT,
  percent,
  type Point,
  point,
  type Rect,
  round,
} from "./_svg.ts";

/** Font size of nodes in units of the drawing, which are pixels at full size. */
const FONT_SIZE = 20;
/** Margin around the drawing. */
const MARGIN = 12;
/** Length of an arrow's head. */
const HEAD = 14;
/** Colour of arrows and the frames of their labels, visible on white and on black. */
const INK = "#6b6b6b";

/**
 * Draws entities as nodes and relations as arrows on a transparent background. Dagre lays
 * them out in layers from subjects to objects. The greater the score of a relation, the
 * wider and darker its arrow.
 *
 * Entities without a drawn relation are omitted, unless no relation is drawn.
 *
 * @param graph The graph; its relations are best first.
 * @param options Which relations; default: the best 10 that are worth drawing.
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
export function drawGraph(graph: SceneGraph, options: ChoiceOptions = {}): string {
  const arrows = bestArrows(graph, options);
  const names = drawnNames(graph);
  const inArrows = new Set(arrows.flatMap((arrow) => [arrow.subject, arrow.object]));
  const nodes = [...graph.entities.keys()]
    .filter((i) => arrows.length === 0 || inArrows.has(i));
  const fontSize = 0.85 * FONT_SIZE;

  const layout = new dagre.graphlib.Graph({ multigraph: false });
  layout.setGraph({ nodesep: 28, ranksep: 56, marginx: MARGIN, marginy: MARGIN });
  for (const i of nodes) {
    const [width, height] = chipSize(names[i], FONT_SIZE);
    // An arrow needs room beside the others that meet the same side.
    const ends = arrows.filter(({ subject, object }) => i === subject || i === object);
    const room = Math.max(width, 1.4 * HEAD * ends.length);
    layout.setNode(String(i), { width: room, height: 1.1 * height });
  }
  for (const { subject, object, label } of arrows) {
    const [width, height] = chipSize(label, fontSize);
    layout.setEdge(String(subject), String(object), { width, height, labelpos: "c" });
  }
  dagre.layout(layout);

  const { width = 2 * MARGIN, height = 2 * MARGIN } = finiteSize(layout.graph());
  const rects = new Map(nodes.map((i): [number, Rect] => {
    const { x, y, width: w, height: h } = layout.node(String(i));
    return [i, { x: x! - w / 2, y: y! - h / 2, width: w, height: h }];
  }));
  const lines = joinAtPorts(
    arrows.map(({ subject, object }) => {
      const { points } = layout.edge(String(subject), String(object));
      return {
        from: rects.get(subject)!,
        to: rects.get(object)!,
        // The first and last points lie on the edges of the nodes.
        between: points.slice(1, -1).map((
          { x, y }: { x: number; y: number },
        ): Point => [x, y]),
      };
    }),
  );
  const edges = arrows.map(({ subject, object, label, score }, i) => {
    const edge = layout.edge(String(subject), String(object));
    const title = `${names[subject]} ${label} ${names[object]} ${percent(score)}`;
    const [w, h] = chipSize(label, fontSize);
    const rect = { x: edge.x! - w / 2, y: edge.y! - h / 2, width: w, height: h };
    const { text, width: strokeWidth } = strengthOf(score);
    const style = { fontSize, fill: "#ffffff", text, stroke: INK, strokeWidth, title };
    return { line: drawLine(lines[i], score), label: chip(rect, label, style) };
  });
  const boxes = nodes.map((i) => {
    const { label, score } = graph.entities[i];
    const { fill, text } = colorOf(i);
    const title = `${label} ${percent(score)}`;
    return chip(rects.get(i)!, names[i], { fontSize: FONT_SIZE, fill, text, title });
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
function drawLine(points: readonly Point[], score: number): string {
  const { width, opacity } = strengthOf(score);
  let path = `M${point(points[0])}`;
  let [x, y] = points[0];
  for (const [nextX, nextY] of points.slice(1)) {
    const middle = (y + nextY) / 2;
    path += `C${point([x, middle])} ${point([nextX, middle])} ${point([nextX, nextY])}`;
    [x, y] = [nextX, nextY];
  }
  const isDown = points.at(-2)![1] < y;
  const head = arrowHead([x, isDown ? y - HEAD : y + HEAD], [x, y], HEAD);
  return `<g opacity="${round(opacity)}"><path d="${path}" fill="none" stroke="${INK}" ` +
    `stroke-width="${round(width)}"/><path d="${head}" fill="${INK}"/></g>`;
}
