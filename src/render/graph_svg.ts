/**
 * Draws a scene graph as a graph: entities as nodes, relations as arrows, in layers.
 *
 * @module
 */

import type { SceneGraph } from "../scene_graph.ts";
import type { ChoiceOptions } from "./choice.ts";
import { layOutGraph } from "./_graph_layout.ts";
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
  round,
} from "./_svg.ts";

/** Font size of nodes in units of the drawing, which are pixels at full size. */
const FONT_SIZE = 20;
/** Length of an arrow's head. */
const HEAD = 14;
/** Colour of arrows and the frames of their labels, visible on white and on black. */
const INK = "#6b6b6b";

/** Options of {@linkcode drawGraph}. */
export interface GraphOptions extends ChoiceOptions {
  /**
   * Width that the drawing is not to exceed, if it can be avoided, in its own units: text is
   * 17 units high or more. Default: no limit.
   */
  maxWidth?: number;
}

/**
 * Draws entities as nodes and relations as arrows on a transparent background. Dagre lays
 * them out in layers from subjects to objects, below each other or, if that is too wide,
 * beside each other. The greater the score of a relation, the
 * wider and darker its arrow.
 *
 * Entities without a drawn relation are omitted, unless no relation is drawn.
 *
 * @param graph The graph; its relations are best first.
 * @param options Which relations; default: the best 10 that are worth drawing. How wide.
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
export function drawGraph(graph: SceneGraph, options: GraphOptions = {}): string {
  const { maxWidth = Infinity } = options;
  const arrows = bestArrows(graph, options);
  const names = drawnNames(graph);
  const inArrows = new Set(arrows.flatMap((arrow) => [arrow.subject, arrow.object]));
  const nodes = [...graph.entities.keys()]
    .filter((i) => arrows.length === 0 || inArrows.has(i));
  const fontSize = 0.85 * FONT_SIZE;

  const layout = layOutGraph({
    nodes: new Map(nodes.map((i) => {
      const [width, height] = chipSize(names[i], FONT_SIZE);
      return [i, [width, 1.1 * height]];
    })),
    edges: arrows.map(({ subject, object, label }) => ({
      from: subject,
      to: object,
      label: chipSize(label, fontSize),
    })),
    portRoom: 1.4 * HEAD,
  }, maxWidth);
  const { width, height } = layout;
  const edges = arrows.map(({ subject, object, label, score }, i) => {
    const [x, y] = layout.labels[i];
    const title = `${names[subject]} ${label} ${names[object]} ${percent(score)}`;
    const [w, h] = chipSize(label, fontSize);
    const rect = { x: x - w / 2, y: y - h / 2, width: w, height: h };
    const { text, width: strokeWidth } = strengthOf(score);
    const style = { fontSize, fill: "#ffffff", text, stroke: INK, strokeWidth, title };
    return {
      line: drawLine(layout.lines[i], score, layout.isAcross),
      label: chip(rect, label, style),
    };
  });
  const boxes = nodes.map((i) => {
    const { label, score } = graph.entities[i];
    const { fill, text } = colorOf(i);
    const title = `${label} ${percent(score)}`;
    return chip(layout.nodes.get(i)!, names[i], {
      fontSize: FONT_SIZE,
      fill,
      text,
      title,
    });
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

/**
 * Draws a line through all points, at each in the direction of the layers, so that it meets
 * labels and nodes well.
 */
function drawLine(points: readonly Point[], score: number, isAcross: boolean): string {
  const { width, opacity } = strengthOf(score);
  const turn = ([x, y]: Point): Point => isAcross ? [y, x] : [x, y];
  const at = (way: Point) => point(turn(way));
  const [first, ...others] = points.map(turn);
  let path = `M${at(first)}`, [x, y] = first, isOnward = true;
  for (const [nextX, nextY] of others) {
    const middle = (y + nextY) / 2;
    isOnward = nextY > y;
    path += `C${at([x, middle])} ${at([nextX, middle])} ${at([nextX, nextY])}`;
    [x, y] = [nextX, nextY];
  }
  const from = turn([x, isOnward ? y - HEAD : y + HEAD]);
  const head = arrowHead(from, turn([x, y]), HEAD);
  return `<g opacity="${round(opacity)}"><path d="${path}" fill="none" stroke="${INK}" ` +
    `stroke-width="${round(width)}"/><path d="${head}" fill="${INK}"/></g>`;
}
