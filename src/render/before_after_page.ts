/**
 * Makes a page of what a detector said beside what context made of it.
 *
 * @module
 */

import type { SceneGraph } from "../scene_graph.ts";
import { BARS_HEIGHT, beliefBars } from "./_belief_bars.ts";
import type { ChangedLabel, ListedRelation, Side } from "./_comparison.ts";
import { definitionInPage, drawingInPage, leastSize, NARROW_WIDTH } from "./legible.ts";
import { htmlPage } from "./_page.ts";
import {
  defineImage,
  describeComparison,
  drawSide,
  HEADINGS,
  pictureSize,
  sideOf,
} from "./_side.ts";
import { escapeXml, FONT, round } from "./_svg.ts";
import { sizesAt, type TextSizes } from "./label_size.ts";
import { type BeforeAfterOptions, compareSides } from "./before_after.ts";

/** Width of the bar of a belief of 1, in pixels. */
const BAR_WIDTH = 60;

/**
 * Makes a page with the content of {@linkcode drawBeforeAfter}. Its sides stand below each
 * other where the window is narrow.
 *
 * @param title Title of the page.
 * @param graph The graph; an entity without a label from before counts as unchanged.
 * @param options Which relations, the image, and the graph without context.
 * @returns The whole HTML document, which loads no other file and runs no script; the same
 * graph gives the same text.
 */
export function beforeAfterPage(
  title: string,
  graph: SceneGraph,
  options: BeforeAfterOptions = {},
): string {
  const comparison = compareSides(graph, options);
  const { before, after, changed } = comparison;
  const { width, text } = sideOf(2), described = describeComparison(comparison);
  const size = pictureSize(graph, width), image = defineImage(options, size, described);
  const inNarrow = sizesAt(size.width / NARROW_WIDTH);
  const svgOf = (side: Side, text: TextSizes) =>
    `<svg viewBox="0 0 ${round(size.width)} ${round(size.height)}" width="${
      round(2 * size.width)
    }" role="img" aria-label="${escapeXml(described)}" font-family="${FONT}">\n${
      drawSide(side, size, { image, text })
    }\n</svg>`;
  const drawings = [before, after].map((side) => svgOf(side, text));
  // Sides whose text would be too small in a column stand below each other.
  const least = Math.max(420, ...drawings.map((svg) => Math.ceil(leastSize(svg)[0])));
  const [first, second] = [before, after].map((side, i) => {
    const name = i === 0 ? HEADINGS.before : HEADINGS.after;
    return `<figure>${drawingInPage(drawings[i], name, svgOf(side, inNarrow))}</figure>`;
  });
  return htmlPage(
    title,
    `${image.definition === "" ? "" : definitionInPage(image.definition)}
<div class="columns" style="--least: ${least}px">
<section><h2>${HEADINGS.before}</h2>
${first}
${listOf(HEADINGS.changed, changed.map(changedItem)) || `<p>${HEADINGS.unchanged}.</p>`}
${relationList(HEADINGS.relationsBefore, before.relations)}</section>
<section><h2>${HEADINGS.after}</h2>
${second}
${relationList(HEADINGS.relations, after.relations)}</section>
</div>
<p class="note">Labels that context changed are struck through before and framed after; of
the two bars the upper one is the belief before, the lower one after. The number beside a
label is its probability, the number beside a relation the probability that
it and both its labels are right.</p>`,
  );
}

function relationList(title: string, relations: readonly ListedRelation[]): string {
  return listOf(
    title,
    relations.map(({ text, score }) => escapeXml(`${score.toFixed(2)} ${text}`)),
  );
}

/** A changed label with bars of the beliefs before and after, as HTML. */
function changedItem({ text, beliefs }: ChangedLabel): string {
  const bars = beliefBars(beliefs, ["var(--muted)", "var(--accent)"], BAR_WIDTH);
  return `<svg class="mark" width="${BAR_WIDTH}" height="${BARS_HEIGHT}" aria-hidden="true">${bars}</svg> ${
    escapeXml(text)
  }`;
}

/** A list of HTML with a title, or nothing if it is empty. */
function listOf(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const items = lines.map((line) => `<li>${line}</li>`);
  return `<h3>${title}</h3>\n<ul>${items.join("\n")}</ul>`;
}
