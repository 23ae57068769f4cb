/**
 * What the drawings share: escaping, a colour-blind-safe palette, estimated text widths,
 * chips of text, the choice of relations.
 *
 * @module
 */

import type { Relation, SceneGraph } from "../scene_graph.ts";

/** The palette of Okabe and Ito (2008), told apart with every kind of colour vision. */
const PALETTE = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#f0e442",
] as const;
/** Those of the palette on which white text is easier to read than black. */
const DARK: ReadonlySet<string> = new Set(["#0072b2", "#009e73", "#d55e00"]);

/** Font of all text, without quotes as it stands in an attribute. */
export const FONT = "system-ui, -apple-system, Segoe UI, Roboto, sans-serif";
/** Longest label that is drawn whole, in characters. */
const MAX_LABEL = 32;

/** A rectangle in the units of a drawing. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A point in the units of a drawing. */
export type Point = readonly [x: number, y: number];

/** The colours of an entity: of its box, and of text upon it. */
export function colorOf(index: number): { fill: string; text: string } {
  const fill = PALETTE[index % PALETTE.length];
  return { fill, text: DARK.has(fill) ? "#ffffff" : "#111111" };
}

/** The colour of a line in a chart; the first two show on white and on black. */
export function seriesColor(index: number): string {
  return ["#e69f00", "#56b4e9", "#009e73", "#cc79a7"][index % 4];
}

/**
 * Text that means itself in XML, in attributes and between tags; characters that XML
 * cannot hold become U+FFFD.
 */
export function escapeXml(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex -- just those are to be found
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A label short enough to be drawn, on one line. */
export function shorten(text: string): string {
  const characters = [...text.replace(/\s+/g, " ")];
  if (characters.length <= MAX_LABEL) return characters.join("");
  return `${characters.slice(0, MAX_LABEL - 1).join("")}…`;
}

/** A number with one decimal, and none where it is whole. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A point as path data has it. */
export function point([x, y]: Point): string {
  return `${round(x)} ${round(y)}`;
}

/** A score as a person reads it. */
export function percent(score: number): string {
  return `${(100 * score).toFixed(1)} %`;
}

/** About how wide a text is drawn: there is nothing to measure it with outside a browser. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) {
    if (character > "\u2e7f") em += 1;
    else if (/[iljtfrI.,:;'| ]/.test(character)) em += 0.36;
    else if (/[mwMW@%]/.test(character)) em += 0.95;
    else em += /[A-Z]/.test(character) ? 0.72 : 0.62;
  }
  return em * fontSize;
}

/** The size of a chip: text with a margin. */
export function chipSize(
  text: string,
  fontSize: number,
): [width: number, height: number] {
  return [textWidth(text, fontSize) + 0.8 * fontSize, 1.45 * fontSize];
}

/** How a chip looks. */
export interface ChipStyle {
  fontSize: number;
  fill: string;
  text: string;
  stroke?: string;
  /** Shown when the mouse rests on it. */
  title?: string;
}

/** A rounded rectangle with text in its middle. */
export function chip(rect: Rect, text: string, style: ChipStyle): string {
  const { x, y, width, height } = rect;
  const stroke = style.stroke ? ` stroke="${style.stroke}" stroke-width="1.5"` : "";
  const title = style.title ? `<title>${escapeXml(style.title)}</title>` : "";
  return `<g>${title}<rect x="${round(x)}" y="${round(y)}" width="${
    round(width)
  }" height="${round(height)}" rx="${
    round(height / 4)
  }" fill="${style.fill}"${stroke}/><text x="${round(x + width / 2)}" y="${
    round(y + height / 2)
  }" dy="0.35em" text-anchor="middle" font-size="${style.fontSize}" fill="${style.text}">${
    escapeXml(text)
  }</text></g>`;
}

/** An arrow head whose tip is at `tip`, coming from `from`. */
export function arrowHead(
  from: Point,
  tip: Point,
  size: number,
): string {
  const length = Math.hypot(tip[0] - from[0], tip[1] - from[1]) || 1;
  const [dx, dy] = [(tip[0] - from[0]) / length, (tip[1] - from[1]) / length];
  const back = [tip[0] - size * dx, tip[1] - size * dy];
  const half = 0.45 * size;
  const corners = [
    tip,
    [back[0] - half * dy, back[1] + half * dx],
    [back[0] + half * dy, back[1] - half * dx],
  ];
  return `M${corners.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}Z`;
}

/** All relations of one ordered pair that are drawn: one arrow with all predicates. */
export interface Arrow {
  subject: number;
  object: number;
  /** Predicates, best first, with commas between. */
  label: string;
  /** The greatest score of them. */
  score: number;
}

/**
 * The arrows of the best relations, those of one pair joined.
 *
 * @param graph Its relations come best first.
 * @param topK How many relations.
 * @returns Arrows, best first.
 */
export function bestArrows(graph: SceneGraph, topK: number): Arrow[] {
  const pairs = Map.groupBy(
    graph.relations.slice(0, topK),
    ({ subject, object }: Relation) => `${subject} ${object}`,
  );
  return [...pairs.values()].map((relations) => ({
    subject: relations[0].subject,
    object: relations[0].object,
    label: shorten([...new Set(relations.map((r) => r.predicate))].join(", ")),
    score: relations[0].score,
  }));
}

/** The sentence that a drawing gives to those who cannot see it. */
export function describeGraph(graph: SceneGraph, arrows: readonly Arrow[]): string {
  const name = (i: number) => shorten(graph.entities[i].label);
  const triplets = arrows.map((a) => `${name(a.subject)} ${a.label} ${name(a.object)}`);
  return `Scene graph of ${graph.entities.length} entities${
    triplets.length > 0 ? `: ${triplets.join("; ")}` : ""
  }`;
}
