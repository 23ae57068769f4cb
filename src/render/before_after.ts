/**
 * Draws what a detector said beside what context made of it.
 *
 * @module
 */

import { checkGraph } from "../check_graph.ts";
import { NUMBER } from "../check_options.ts";
import type { JsonValue } from "../json_value.ts";
import type { SceneGraph } from "../scene_graph.ts";
import {
  type ChangedLabel,
  compareLabels,
  type Comparison,
  type ListedRelation,
} from "./_comparison.ts";
import { IMAGE_CHECKS, type ImageOptions } from "./image.ts";
import {
  defineImage,
  describeComparison,
  drawSide,
  FONT_SIZE,
  HEADINGS,
  pictureSize,
  sideOf,
} from "./_side.ts";
import { beliefBars } from "./_belief_bars.ts";
import { escapeXml, fitText, FONT, type Point, round } from "./_svg.ts";
import {
  checkDrawn,
  CHOICE_CHECKS,
  type ChoiceOptions,
  leastDrawnScore,
} from "./choice.ts";

const MARGIN = 16;
/** Room between both sides. */
const GAP = 20;
const TITLE_HEIGHT = 28;
const LINE_HEIGHT = 23;
/** Greatest number of lines for changed labels, which the picture shows as well. */
const MAX_CHANGED = 12;
/** Width of the bar of a score of 1, and where the text beside it begins. */
const BAR_WIDTH = 60, TEXT_LEFT = 108;

/** Options of {@linkcode drawBeforeAfter}. */
export interface BeforeAfterOptions extends ChoiceOptions, ImageOptions {
  /** Greatest number of relations, the best ones; default 6. */
  topK?: number;
  /** Relations with a lower score are not drawn; default as in {@linkcode DrawOptions}. */
  minScore?: number;
  /** The graph that was predicted without context; its relations are drawn on the left. */
  before?: SceneGraph;
  /** Sides beside each other; with 1, for narrow windows, one is below the other. Default 2. */
  columns?: 1 | 2;
}

/** The checks of {@linkcode BeforeAfterOptions}. */
const CHECKS = {
  ...{ ...CHOICE_CHECKS, ...IMAGE_CHECKS, columns: NUMBER },
  before: ({ value }: JsonValue) =>
    checkGraph(value, "the graph without context (before)"),
};

/** Compares both sides, with the defaults of the drawing. */
export function compareSides(
  graph: SceneGraph,
  { topK = 6, minScore = leastDrawnScore(graph), before }: BeforeAfterOptions,
): Comparison {
  return compareLabels(graph, before, { topK, minScore });
}

/**
 * Draws the boxes twice: on the left with the detector's own words, on the right with the
 * labels that context made of them. Changed labels are struck through on the left and framed
 * on the right. Below are lists of the changed labels, with a bar for the belief before and
 * one for the belief after, and of the relations with their scores.
 *
 * @param graph The graph; an entity without a label from before counts as unchanged.
 * @param options Which relations, the image, and the graph without context.
 * @returns One SVG element on white; the same graph gives the same text.
 *
 * @example
 * ```ts
 * import { drawBeforeAfter } from "./before_after.ts";
 * const svg = drawBeforeAfter({
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [{
 *     label: "horse",
 *     labelIndex: 0,
 *     score: 0.8,
 *     box: [0, 0, 50, 90],
 *     given: { label: "sheep", score: 0.4 },
 *   }],
 *   relations: [],
 * });
 * if (!svg.includes(">sheep 0.40 → horse 0.80</text>")) throw new Error();
 * ```
 */
export function drawBeforeAfter(
  graph: SceneGraph,
  options: BeforeAfterOptions = {},
): string {
  checkDrawn(graph, options, "drawBeforeAfter()", CHECKS);
  const comparison = compareSides(graph, options);
  const { before, after, changed } = comparison;
  const { columns = 2 } = options, { width, text } = sideOf(columns);
  const size = pictureSize(graph, width), described = describeComparison(comparison);
  const image = defineImage(options, size, described);
  const isOne = columns === 1;
  const [right, whole] = isOne
    ? [MARGIN, width + 2 * MARGIN]
    : [MARGIN + width + GAP, 2 * (width + MARGIN) + GAP];
  const picture = (side: Comparison["after"], [x, y]: Point) =>
    `<g transform="translate(${round(x + (width - size.width) / 2)} ${
      round(y + TITLE_HEIGHT)
    })">\n${drawSide(side, size, { image, text })}\n</g>`;
  const listTop = MARGIN + TITLE_HEIGHT + size.height;
  const ofChanged = changedList(changed, [MARGIN, listTop], width);
  const ofBefore = relationList(HEADINGS.relationsBefore, before.relations, [
    MARGIN,
    ofChanged.bottom,
  ], width);
  const afterTop = isOne ? ofBefore.bottom + GAP : MARGIN;
  const ofAfter = relationList(HEADINGS.relations, after.relations, [
    right,
    afterTop - MARGIN + listTop,
  ], width);
  const bottom = Math.max(ofBefore.bottom, ofAfter.bottom) + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${
      round(bottom)
    }" role="img" aria-label="${
      escapeXml(described)
    }" font-family="${FONT}" font-size="${FONT_SIZE}" fill="#111111">`,
    `<rect width="${whole}" height="${round(bottom)}" fill="#ffffff"/>`,
    image.definition === "" ? "" : `<defs>${image.definition}</defs>`,
    heading(HEADINGS.before, [MARGIN, MARGIN + FONT_SIZE]),
    heading(HEADINGS.after, [right, afterTop + FONT_SIZE]),
    picture(before, [MARGIN, MARGIN]),
    picture(after, [right, afterTop]),
    ofChanged.svg,
    ofBefore.svg,
    ofAfter.svg,
    "</svg>",
  ].filter((part) => part !== "").join("\n");
}

/** Lines of text below each other. */
interface List {
  svg: string;
  /** Its lower edge. */
  bottom: number;
}

function heading(text: string, [x, y]: Point): string {
  return `<text x="${x}" y="${round(y)}" font-weight="600">${escapeXml(text)}</text>`;
}

/** The changed labels, each with bars of the beliefs before (grey) and after (blue). */
function changedList(
  changed: readonly ChangedLabel[],
  at: Point,
  width: number,
): List {
  const shown = changed.length <= MAX_CHANGED
    ? changed
    : changed.slice(0, MAX_CHANGED - 1);
  const rows = shown.map(({ text, beliefs }) => ({
    text,
    bars: beliefBars(beliefs, ["#767676", "#0072b2"], BAR_WIDTH),
  }));
  const more = changed.length - shown.length;
  if (more > 0) rows.push({ text: `and ${more} more`, bars: "" });
  const title = changed.length > 0 ? HEADINGS.changed : HEADINGS.unchanged;
  return barList(title, rows, { textLeft: BAR_WIDTH + 6, at, width });
}

/** Lists relations with their scores as numbers and as bars; without any it is empty. */
function relationList(
  title: string,
  relations: readonly ListedRelation[],
  at: Point,
  width: number,
): List {
  if (relations.length === 0) return { svg: "", bottom: at[1] };
  const rows = relations.map(({ text, score }) => ({
    text,
    bars: `<rect y="1" width="${round(BAR_WIDTH * score)}" height="12" fill="#0072b2"/>` +
      `<text x="${BAR_WIDTH + 6}" y="12">${score.toFixed(2)}</text>`,
  }));
  return barList(title, rows, { textLeft: TEXT_LEFT, at, width });
}

/** Lines below a heading, with bars before their texts. */
function barList(
  title: string,
  rows: readonly { text: string; bars: string }[],
  { textLeft, at: [x, top], width }: { textLeft: number; at: Point; width: number },
): List {
  const lines = rows.map(({ text, bars }, i) => {
    const y = top + (i + 2.2) * LINE_HEIGHT - 12;
    return `<g transform="translate(${x} ${
      round(y)
    })">${bars}<text x="${textLeft}" y="12">${
      escapeXml(fitText(text, width - textLeft, FONT_SIZE))
    }</text></g>`;
  });
  return {
    svg: [heading(title, [x, top + 1.2 * LINE_HEIGHT]), ...lines].join("\n"),
    bottom: top + (rows.length + 1.5) * LINE_HEIGHT,
  };
}
