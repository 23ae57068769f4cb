/**
 * Makes a page of what a detector said beside what context made of it.
 *
 * @module
 */

import type { SceneGraph } from "../scene_graph.ts";
import type { ListedRelation, Side } from "./_comparison.ts";
import { drawingInPage } from "./legible.ts";
import { htmlPage } from "./_page.ts";
import {
  changedText,
  defineImage,
  describeComparison,
  drawSide,
  HEADINGS,
  pictureSize,
} from "./_side.ts";
import { escapeXml, FONT, round } from "./_svg.ts";
import { type BeforeAfterOptions, compareSides } from "./before_after.ts";

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
  const size = pictureSize(graph), described = describeComparison(comparison);
  const image = defineImage(options, size, described);
  const picture = (side: Side, name: string, defined: string) => {
    const svg = `<svg viewBox="0 0 ${round(size.width)} ${round(size.height)}" width="${
      round(2 * size.width)
    }" role="img" aria-label="${
      escapeXml(described)
    }" font-family="${FONT}">${defined}\n${drawSide(side, size, image)}\n</svg>`;
    return `<figure>${drawingInPage(svg, name)}</figure>`;
  };
  return htmlPage(
    title,
    `<div class="columns">
<section><h2>${HEADINGS.before}</h2>
${picture(before, HEADINGS.before, image.definition)}
${listOf(HEADINGS.changed, changed.map(changedText)) || `<p>${HEADINGS.unchanged}.</p>`}
${relationList(HEADINGS.relationsBefore, before.relations)}</section>
<section><h2>${HEADINGS.after}</h2>
${picture(after, HEADINGS.after, "")}
${relationList(HEADINGS.relations, after.relations)}</section>
</div>
<p class="note">Labels that context changed are struck through before and framed after. The
number beside a label is its probability, the number beside a relation the probability that
it and both its labels are right.</p>`,
  );
}

function relationList(title: string, relations: readonly ListedRelation[]): string {
  return listOf(
    title,
    relations.map(({ text, score }) => `${score.toFixed(2)} ${text}`),
  );
}

/** A list with a title, or nothing if it is empty. */
function listOf(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const items = lines.map((line) => `<li>${escapeXml(line)}</li>`);
  return `<h3>${title}</h3>\n<ul>${items.join("\n")}</ul>`;
}
