/**
 * Draws entities and relations in the plane of an image.
 *
 * @module
 */

import { type Box, isRevised, labelBefore, type SceneGraph } from "../scene_graph.ts";
import { type ArrowCurve, curveBetween } from "./_arrow_curve.ts";
import { LabelPlacer } from "./_place.ts";
import { type Arrow, drawnNames, strengthOf } from "./_arrows.ts";
import {
  chip,
  chipSize,
  type ChipStyle,
  colorOf,
  inkOf,
  percent,
  type Rect,
  round,
} from "./_svg.ts";

/** What is drawn, and how. */
export interface PanelOptions {
  /** Relations to draw. */
  arrows: readonly Arrow[];
  /** Units of the drawing for each pixel of the image. */
  scale: number;
  /** Font size of labels. */
  fontSize: number;
  /** No text is smaller; default 0. */
  minFontSize?: number;
  /** Texts of entities; default: their labels, with a number where several have the same. */
  names?: readonly string[];
  /** Texts for which labels have room; default: `names`. */
  widest?: readonly string[];
  /** Entities whose boxes and labels are drawn strongly; default: those with a relation. */
  marked?: ReadonlySet<number>;
  /**
   * Whether parts carry the attributes `data-entity` (its index) and `data-edge` (subject and
   * object), by which a page finds them; default false.
   */
  isAddressable?: boolean;
  /** Further style of an entity's label. */
  styleOf?(index: number): Partial<ChipStyle>;
}

/** Least share of the font size that labels of a crowded image have. */
const SMALLEST = 0.6;

/**
 * The font size of labels: the more boxes, the smaller, down to 60 %.
 *
 * @param fontSize The size for few boxes.
 * @param count Number of boxes.
 * @param few Number of boxes up to which the size stays.
 */
export function labelSize(fontSize: number, count: number, few: number): number {
  return fontSize * Math.max(SMALLEST, Math.min(1, Math.sqrt(few / Math.max(1, count))));
}

/** Room between labels with arrows where there is any, in font sizes: for a predicate. */
const GAP = 3;
/** A box that covers less of the image than this is kept free of labels of others. */
const SMALL_SHARE = 0.03;

/**
 * Draws boxes, labels of entities, and arrows from label to label.
 *
 * @param graph The graph.
 * @param options What is drawn.
 * @returns SVG elements, boxes first.
 */
export function drawPanel(graph: SceneGraph, options: PanelOptions): string[] {
  const { arrows, scale, fontSize, minFontSize = 0 } = options;
  const marked = options.marked ??
    new Set(arrows.flatMap((arrow) => [arrow.subject, arrow.object]));
  const width = graph.imageWidth * scale, height = graph.imageHeight * scale;
  const boxes = graph.entities.map(({ box }) =>
    box.map((edge) => edge * scale) as unknown as Box
  );
  const names = options.names ?? drawnNames(graph);
  const widest = options.widest ?? names;
  const placer = new LabelPlacer(width, height);
  for (const [i, [x1, y1, x2, y2]] of boxes.entries()) {
    const rect = { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
    const share = rect.width * rect.height / (width * height);
    if (share < SMALL_SHARE) placer.reserve(rect, 0.5, String(i));
  }
  const sizeOf = (i: number) =>
    marked.has(i) ? fontSize : Math.max(minFontSize, 0.8 * fontSize);
  const labels: Rect[] = [];
  // Those with arrows need the best places, and of the others small boxes have least room.
  for (const i of placingOrder(boxes, marked)) {
    const size = chipSize(widest[i], sizeOf(i));
    const gap = marked.has(i) ? GAP * fontSize : 0;
    const places = aroundBox(boxes[i], size);
    labels[i] = placer.place(places, size, { gap, owner: String(i) });
  }
  const curves: ArrowCurve[] = [];
  for (const { subject, object } of arrows) {
    const others = labels.filter((_, i) => i !== subject && i !== object);
    const surroundings = {
      width,
      height,
      others,
      earlier: curves,
      head: 0.75 * fontSize,
    };
    curves.push(curveBetween(labels[subject], labels[object], surroundings));
  }
  for (const [i, curve] of curves.entries()) reserveCurve(placer, curve, i, fontSize);
  const predicates = arrows.map((arrow, i) => {
    const [names1, names2] = [names[arrow.subject], names[arrow.object]];
    const title = `${names1} ${arrow.label} ${names2} ${percent(arrow.score)}`;
    const size = Math.max(minFontSize, 0.9 * fontSize);
    return drawPredicate(arrow, curves[i], placer, size, title, i);
  });
  const addressed = (name: string, value: string | number, part: string) =>
    options.isAddressable ? `<g data-${name}="${value}">${part}</g>` : part;
  const edge = ({ subject, object }: Arrow) => `${subject} ${object}`;
  return [
    ...boxes.map((box, i) => addressed("entity", i, drawBox(box, i, marked.has(i)))),
    ...curves.map((curve, i) =>
      addressed("edge", edge(arrows[i]), drawLine(curve, arrows[i]))
    ),
    ...labels.map((rect, i) => {
      const entity = graph.entities[i], { label, score } = entity;
      const said = isRevised(entity) ? labelBefore(entity) : undefined;
      const before = said ? `, before context ${said.label} ${percent(said.score)}` : "";
      const { fill, text } = colorOf(i);
      const drawn = chip(rect, names[i], {
        fontSize: sizeOf(i),
        fill,
        text,
        title: `${label} ${percent(score)}${before}`,
        ...options.styleOf?.(i),
      });
      return addressed("entity", i, drawn);
    }),
    ...predicates.map((drawn, i) => addressed("edge", edge(arrows[i]), drawn)),
  ];
}

/** Marked entities first, and smaller boxes before greater ones. */
function placingOrder(boxes: readonly Box[], marked: ReadonlySet<number>): number[] {
  const area = ([x1, y1, x2, y2]: Box) => (x2 - x1) * (y2 - y1);
  return [...boxes.keys()].sort((a, b) =>
    Number(marked.has(b)) - Number(marked.has(a)) || area(boxes[a]) - area(boxes[b])
  );
}

/** Corners for a label of a box: above it, inside, below, beside. */
function aroundBox(
  [x1, y1, x2, y2]: Box,
  [w, h]: readonly [number, number],
): [number, number][] {
  const center = (x1 + x2 - w) / 2, middle = (y1 + y2 - h) / 2;
  return [
    [x1, y1 - h],
    [x1, y1],
    [x2 - w, y1 - h],
    [x2 - w, y1],
    [center, y1 - h],
    [center, y1],
    [x1, y2 - h],
    [x2 - w, y2 - h],
    [center, y2 - h],
    [x1, y2],
    [x2 - w, y2],
    [center, y2],
    [x1 - w, y1],
    [x2, y1],
    [x1 - w, y2 - h],
    [x2, y2 - h],
    [x1, middle],
    [x2 - w, middle],
    [center, middle],
  ];
}

/** Keeps predicates off the heads and, less so, off the lines of other arrows. */
function reserveCurve(
  placer: LabelPlacer,
  { tip, at }: ArrowCurve,
  index: number,
  fontSize: number,
): void {
  const square = ([x, y]: readonly [number, number], side: number) => {
    return { x: x - side / 2, y: y - side / 2, width: side, height: side };
  };
  placer.reserve(square(tip, 0.75 * fontSize));
  for (let t = 0; t <= 1; t += 0.05) {
    placer.reserve(square(at(t), 0.25 * fontSize), 0.7, `arrow ${index}`);
  }
}

function drawBox([x1, y1, x2, y2]: Box, index: number, isMarked: boolean): string {
  const place = `x="${round(x1)}" y="${round(y1)}" width="${round(x2 - x1)}" height="${
    round(y2 - y1)
  }" fill="none"`;
  const width = isMarked ? 3.5 : 2;
  // A white border makes the colour visible on every background.
  return `<rect ${place} stroke="#ffffff" stroke-width="${
    width + 2.5
  }" opacity="0.8"/><rect ${place} stroke="${
    colorOf(index).fill
  }" stroke-width="${width}"/>`;
}

function drawLine({ line, head }: ArrowCurve, { subject, score }: Arrow): string {
  const { width, opacity } = strengthOf(score);
  const ink = inkOf(subject);
  return `<g opacity="${
    round(opacity)
  }"><path d="${line}" fill="none" stroke="#ffffff" stroke-width="${
    round(width + 3)
  }" opacity="0.7"/><path d="${line}" fill="none" stroke="${ink}" stroke-width="${
    round(width)
  }"/><path d="${head}" fill="${ink}"/></g>`;
}

function drawPredicate(
  { subject, label, score }: Arrow,
  curve: ArrowCurve,
  placer: LabelPlacer,
  fontSize: number,
  title: string,
  index: number,
): string {
  const size = chipSize(label, fontSize);
  const ways = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82].map(curve.at);
  const candidates = [[0, 0], [0, -0.8], [0, 0.8], [0.6, 0], [-0.6, 0]]
    .flatMap(([columns, rows]) =>
      ways.map(([x, y]): [number, number] => [
        x + (columns - 0.5) * size[0],
        y + (rows - 0.5) * size[1],
      ])
    );
  const rect = placer.place(candidates, size, { owner: `arrow ${index}` });
  const { width, opacity, text } = strengthOf(score);
  return chip(rect, label, {
    fontSize,
    fill: "#ffffff",
    text,
    stroke: inkOf(subject),
    strokeWidth: 0.7 * width,
    strokeOpacity: opacity,
    title,
  });
}
