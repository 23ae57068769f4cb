/**
 * Draws a scene graph over its image.
 *
 * @module
 */

import type { Box, SceneGraph } from "../scene_graph.ts";
import { LabelPlacer } from "./_place.ts";
import {
  type Arrow,
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

/** Length of the longer side of a drawing. */
const SIDE = 1000;
/** Font size of labels, readable in a drawing of half a page's width. */
const FONT_SIZE = 24;
/** Length of an arrow's head. */
const HEAD = 18;
/** Least distance of anchors if there is room, so an arrow and its label fit between. */
const CLOSEST = 110;

/** Options of {@linkcode drawOverImage}. */
export interface DrawOptions {
  /** Number of relations, the best ones; default 10. */
  topK?: number;
  /**
   * Background: SVG elements in pixels of the image. They are not escaped, so they must
   * come from a trusted source.
   */
  background?: string;
  /** URL of the image, also `data:`, which is drawn under the graph. */
  imageHref?: string;
}

/**
 * Draws boxes with labels and arrows with predicates over the image plane.
 *
 * Entities without a drawn relation have a thin grey box and no label.
 *
 * @param graph The graph; its relations are best first.
 * @param options Number of relations, and the background.
 * @returns One SVG element; the same graph gives the same text.
 *
 * @example
 * ```ts
 * import { drawOverImage } from "./svg.ts";
 * const svg = drawOverImage({
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
export function drawOverImage(graph: SceneGraph, options: DrawOptions = {}): string {
  const { topK = 10, background, imageHref } = options;
  const scale = SIDE / Math.max(graph.imageWidth, graph.imageHeight);
  const width = graph.imageWidth * scale;
  const height = graph.imageHeight * scale;
  const boxes = graph.entities.map(({ box: [x1, y1, x2, y2] }): Box => [
    x1 * scale,
    y1 * scale,
    x2 * scale,
    y2 * scale,
  ]);
  const arrows = bestArrows(graph, topK);
  const related = [...new Set(arrows.flatMap((a) => [a.subject, a.object]))]
    .sort((a, b) => a - b);
  const anchors = spreadAnchors(boxes, related);
  const placer = new LabelPlacer(width, height);
  for (const anchor of anchors.values()) {
    placer.reserve({ x: anchor[0] - 6, y: anchor[1] - 6, width: 12, height: 12 });
  }
  const curves = arrows.map((arrow) =>
    bendArrow(anchors.get(arrow.subject)!, anchors.get(arrow.object)!)
  );
  for (const { tip: [x, y] } of curves) {
    placer.reserve({ x: x - HEAD / 2, y: y - HEAD / 2, width: HEAD, height: HEAD });
  }
  const labels = [
    ...drawLabels(graph, boxes, related, placer),
    ...arrows.map((arrow, i) => drawPredicate(graph, arrow, curves[i], placer)),
  ];

  const size = `width="${round(width)}" height="${round(height)}"`;
  const under = [
    `<rect ${size} fill="#f4f4f2"/>`,
    imageHref &&
    `<image href="${escapeXml(imageHref)}" ${size} preserveAspectRatio="none"/>`,
    background && `<g transform="scale(${Number(scale.toFixed(6))})">${background}</g>`,
    // A translucent white layer makes lines and labels stand out.
    (imageHref || background) && `<rect ${size} fill="#ffffff" opacity="0.25"/>`,
  ];
  const description = escapeXml(describeGraph(graph, arrows));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${
      round(height)
    }" role="img" aria-label="${description}" font-family="${FONT}">`,
    ...under.filter((part) => part),
    ...graph.entities.map((_, i) => drawBox(boxes[i], related.includes(i) ? i : -1)),
    ...curves.map(drawLine),
    ...related.map((i) => drawDot(anchors.get(i)!, i)),
    ...labels,
    "</svg>",
  ].join("\n");
}

function drawBox([x1, y1, x2, y2]: Box, index: number): string {
  const place = `x="${round(x1)}" y="${round(y1)}" width="${round(x2 - x1)}" height="${
    round(y2 - y1)
  }" fill="none"`;
  if (index < 0) return `<rect ${place} stroke="#777777" stroke-width="1.5"/>`;
  // A white border makes the colour visible on every background.
  return `<rect ${place} stroke="#ffffff" stroke-width="6" opacity="0.8"/><rect ${place} stroke="${
    colorOf(index).fill
  }" stroke-width="3.5"/>`;
}

function drawDot([x, y]: Point, index: number): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="6" fill="${
    colorOf(index).fill
  }" stroke="#ffffff" stroke-width="2"/>`;
}

/**
 * Chooses the point where the arrows of each entity start and end: the middle of its box,
 * or another point in it if that is too close to other anchors.
 */
function spreadAnchors(boxes: readonly Box[], related: readonly number[]) {
  const anchors = new Map<number, Point>();
  for (const i of related) {
    const [x1, y1, x2, y2] = boxes[i];
    const candidates = [[0.5, 0.5], [0.5, 0.25], [0.5, 0.75], [0.25, 0.5], [0.75, 0.5]]
      .concat([[0.2, 0.2], [0.8, 0.2], [0.2, 0.8], [0.8, 0.8]])
      .map(([u, v]): Point => [x1 + u * (x2 - x1), y1 + v * (y2 - y1)]);
    const room = (p: Point) =>
      Math.min(
        CLOSEST,
        ...[...anchors.values()].map((q) => Math.hypot(p[0] - q[0], p[1] - q[1])),
      );
    anchors.set(i, candidates.reduce((best, p) => room(p) > room(best) ? p : best));
  }
  return anchors;
}

function drawLabels(
  graph: SceneGraph,
  boxes: readonly Box[],
  related: readonly number[],
  placer: LabelPlacer,
): string[] {
  return related.map((i) => {
    const [x1, y1, x2, y2] = boxes[i];
    const { label, score } = graph.entities[i];
    const text = shorten(label);
    const size = chipSize(text, FONT_SIZE);
    const [w, h] = size;
    const rect = placer.place([
      [x1, y1 - h],
      [x1, y1],
      [x2 - w, y1 - h],
      [x2 - w, y1],
      [x1, y2],
      [x1, y2 - h],
      [x2 - w, y2],
      [x2 - w, y2 - h],
      [(x1 + x2 - w) / 2, y1 - h],
      [(x1 + x2 - w) / 2, y2],
      [x1 - w, y1],
      [x2, y1],
      [x1 - w, y2 - h],
      [x2, y2 - h],
    ], size);
    const { fill, text: color } = colorOf(i);
    return chip(rect, text, {
      fontSize: FONT_SIZE,
      fill,
      text: color,
      title: `${label} ${percent(score)}`,
    });
  });
}

/** A curved arrow between the anchors of a pair. */
interface Curve {
  /** The line as path data. */
  line: string;
  /** The head as path data. */
  head: string;
  tip: Point;
  /** The point at a fraction of the way, 0 to 1. */
  at(t: number): Point;
}

function bendArrow(from: Point, to: Point): Curve {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  // Arrows bend to their left, which separates the two directions of a pair.
  const bend = Math.min(60, 0.18 * length);
  const middle: Point = [
    (from[0] + to[0]) / 2 + bend * dy / length,
    (from[1] + to[1]) / 2 - bend * dx / length,
  ];
  const at = (t: number): Point => {
    const mix = (axis: 0 | 1) =>
      (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * middle[axis] + t ** 2 * to[axis];
    return [mix(0), mix(1)];
  };
  // The tip touches the edge of the anchor's dot.
  const tip = at(Math.max(0.5, 1 - 8 / length));
  return {
    line: `M${point(from)}Q${point(middle)} ${point(tip)}`,
    head: arrowHead(at(Math.max(0.3, 1 - 30 / length)), tip, HEAD),
    tip,
    at,
  };
}

function drawLine({ line, head }: Curve): string {
  return `<path d="${line}" fill="none" stroke="#ffffff" stroke-width="7" opacity="0.8"/>` +
    `<path d="${line}" fill="none" stroke="#222222" stroke-width="2.5"/>` +
    `<path d="${head}" fill="#222222" stroke="#ffffff" stroke-width="1.5"/>`;
}

function drawPredicate(
  graph: SceneGraph,
  arrow: Arrow,
  curve: Curve,
  placer: LabelPlacer,
): string {
  const fontSize = 0.9 * FONT_SIZE;
  const size = chipSize(arrow.label, fontSize);
  const places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].map(curve.at);
  const shifted = (columns: number, rows: number) => ([x, y]: Point): Point => [
    x + (columns - 0.5) * size[0],
    y + (rows - 0.5) * size[1],
  ];
  const candidates = [[0, 0], [0, -0.8], [0, 0.8], [0.6, 0], [-0.6, 0]]
    .flatMap(([columns, rows]) => places.map(shifted(columns, rows)));
  const { subject, object, label, score } = arrow;
  const names = [graph.entities[subject].label, graph.entities[object].label];
  return chip(placer.place(candidates, size), label, {
    fontSize,
    fill: "#ffffff",
    text: "#111111",
    stroke: "#222222",
    title: `${names[0]} ${label} ${names[1]} ${percent(score)}`,
  });
}
