/**
 * Writes the report of one training and its evaluation as one self-contained HTML page.
 *
 * @module
 */

import type { ReportRow } from "../eval/comparison/comparison.ts";
import { type SceneGraph, tripletOf } from "../scene_graph.ts";
import {
  definitionInPage,
  drawingFigure,
  NARROW_GRAPH,
  NARROW_WIDTH,
} from "./legible.ts";
import { idOf } from "./_ids.ts";
import { htmlPage } from "./_page.ts";
import { escapeXml, percent } from "./_svg.ts";
import { chooseRelations, leastDrawnScore } from "./choice.ts";
import { chartFigure, type DrawnChart } from "./charts/chart.ts";
import { drawGraph } from "./graph_svg.ts";
import { resultsTable } from "./results_table.ts";
import { type Photograph, placePhotograph } from "./photograph.ts";
import { type DrawOptions, drawOverImage } from "./svg.ts";

/** Size of labels in drawings over images: 11 pixels or more in half of a page's width. */
const FONT_SIZE = 27;

/** One image with the predicted and the annotated graph of the same boxes. */
export interface ReportExample {
  /** Name of the image. */
  id: string;
  /** The predicted graph. */
  predicted: SceneGraph;
  /** The annotated graph. */
  annotated: SceneGraph;
  /** The graph of the label predictor alone, if it is to be shown. */
  before?: SceneGraph;
  /** Why it is shown, such as "among the worst"; stands in the heading. */
  why?: string;
  /** A sentence below its list of triplets. */
  note?: string;
  /** Background of both: SVG elements in pixels of the image, from a trusted source. */
  background?: string;
  /** The photograph, instead of the background. */
  photograph?: Photograph;
}

/** The results of one model. */
export interface ResultsOf {
  /** What the table is; default: the model's name is in its heading alone. */
  title?: string;
  rows: readonly ReportRow[];
}

/** Charts with a heading. */
export interface ChartSection {
  title: string;
  charts: readonly DrawnChart[];
}

/** The content of a report as plain data. */
export interface Report {
  /** Title, such as `gpi_linguistic on synthetic`. */
  title: string;
  /** The result in a sentence. */
  headline: string;
  /** Results: a table for each model, one row for each figure and baseline. */
  tables: readonly ResultsOf[];
  /** Charts in sections. */
  charts: readonly ChartSection[];
  /** Images with their graphs. */
  examples: readonly ReportExample[];
  /** Every setting by name. */
  settings: Readonly<Record<string, unknown>>;
  /** The command that made the report. */
  command: string;
  /** Whether the label predictor's logits were drawn from stated confusions. */
  isSimulated: boolean;
  /** Number of relations in a drawing; default 10. */
  topK?: number;
}

/** The words of the table. */
const TERMS = `
<p class="note">sgcls: boxes are given, labels and relations are asked for; predcls: labels are
given, too. R@K: share of the annotated triplets among the K best. The protocol (motifs, vrd, ...)
says whose program counts so. The label predictor looks at each box and each pair alone; the
control gpi_no_context is the same network without the other boxes. Gain: difference to it.</p>`;

/**
 * Writes a report as an HTML page with headline, results, curves, graphs, settings and
 * command. The page loads no other file and runs no script.
 *
 * @param report The content.
 * @returns The page; the same report gives the same text.
 */
export function reportPage(report: Report): string {
  const { title, headline, tables, charts, examples, settings, command } = report;
  const topK = report.topK ?? 10;
  const simulated = report.isSimulated
    ? `<p class="notice"><strong>Simulated label predictor.</strong> The logits that the model
starts from were drawn from stated confusions between classes and predicates, not made by a
detector that looked at pixels. The figures tell what context adds, not how well images are
understood.</p>`
    : "";
  return htmlPage(
    title,
    `<p class="headline">${escapeXml(headline)}</p>
${simulated}
${section("Results", tables.length > 0 ? tables.map(tableOf).join("\n") + TERMS : "")}
${charts.map(({ title, charts }) => section(title, charts.map(chartFigure))).join("\n")}
${examples.map((example) => exampleSection(example, topK)).join("\n")}
${section("Settings", settingsTable(settings))}
<section><h2>Command</h2>
<pre tabindex="0"><code>${escapeXml(command)}</code></pre></section>`,
  );
}

function tableOf({ title, rows }: ResultsOf): string {
  const heading = title === undefined ? "" : `<h3>${escapeXml(title)}</h3>\n`;
  return heading + resultsTable(rows);
}

/** Makes a section, or nothing if it would be empty; a list is shown side by side. */
function section(title: string, content: string | readonly string[]): string {
  if (content.length === 0) return "";
  const inside = typeof content === "string"
    ? content
    : `<div class="columns">${content.join("\n")}</div>`;
  return `<section><h2>${escapeXml(title)}</h2>\n${inside}</section>`;
}

function exampleSection(example: ReportExample, topK: number): string {
  const { id, predicted, annotated, before, why, note } = example;
  const { background, definition } = groundOf(example);
  const figure = (caption: string, svg: string, narrow?: string) =>
    drawingFigure(svg, { name: `image ${id}: ${caption}`, caption, narrow });
  const over = (caption: string, graph: SceneGraph) => {
    const draw = (size: Pick<DrawOptions, "fontSize" | "width">) =>
      drawOverImage(graph, { topK, background, ...size });
    const narrow = draw({ width: NARROW_WIDTH });
    return figure(caption, draw({ fontSize: FONT_SIZE }), narrow);
  };
  const shown = chooseRelations(predicted, {
    topK,
    minScore: leastDrawnScore(predicted),
  });
  return section(`Image ${id}${why ? `, ${why}` : ""}`, [
    definition + over("Annotated", annotated),
    ...(before ? [over("The label predictor alone, without context", before)] : []),
    over(
      shown.length === 1
        ? "Predicted, the best relation"
        : `Predicted, the best ${shown.length} relations`,
      predicted,
    ),
    figure("The predicted graph", drawGraph(predicted, { topK, maxWidth: NARROW_GRAPH })),
    tripletList(predicted, annotated, topK, note),
  ]);
}

/** What lies under all drawings of an image, which is in the page once. */
function groundOf({ id, photograph, background, predicted }: ReportExample) {
  if (!photograph && background === undefined) return { background, definition: "" };
  const name = photograph
    ? idOf("photograph", photograph.href, id)
    : idOf("background", background!, id);
  const ground = photograph
    ? placePhotograph(photograph, predicted, name)
    : `<g id="${name}">${background}</g>`;
  return { background: `<use href="#${name}"/>`, definition: definitionInPage(ground) };
}

/**
 * Draws a graph of an image over what is known of its pixels, as a file of its own.
 *
 * @param example The image.
 * @param graph Its graph.
 * @param topK Number of relations.
 * @returns One SVG element.
 */
export function drawExample(
  { photograph, background }: ReportExample,
  graph: SceneGraph,
  topK: number,
): string {
  const ground = photograph ? placePhotograph(photograph, graph) : background;
  return drawOverImage(graph, { topK, background: ground });
}

/** Lists the best relations in words, with a tick at the annotated ones. */
function tripletList(
  predicted: SceneGraph,
  annotated: SceneGraph,
  topK: number,
  note?: string,
): string {
  const known = new Set(
    annotated.relations.map((relation) => keyOfRelation(annotated, relation)),
  );
  const items = predicted.relations.slice(0, topK).map((relation) => {
    const { subject, predicate, object } = tripletOf(predicted, relation);
    const isHit = known.has(keyOfRelation(predicted, relation));
    return `<li class="${isHit ? "hit" : "miss"}">${escapeXml(subject)} <b>${
      escapeXml(predicate)
    }</b> ${escapeXml(object)} <small>${percent(relation.score)}</small></li>`;
  });
  return `<div><ol class="triplets">${items.join("\n")}</ol>
<p class="note">✓ annotated with the same labels and boxes. Annotators leave relations out, so
one without ✓ can still be right. The percentage is the probability of both labels and the
predicate together.</p>${note ? `<p class="note">${escapeXml(note)}</p>` : ""}</div>`;
}

/**
 * A text that is the same for relations of two graphs if their boxes (by index), labels
 * and predicate are.
 */
export function keyOfRelation(
  graph: SceneGraph,
  relation: SceneGraph["relations"][number],
): string {
  const { subject, predicate, object } = tripletOf(graph, relation);
  return JSON.stringify([
    relation.subject,
    relation.object,
    subject,
    predicate,
    object,
  ]);
}

function settingsTable(settings: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(settings).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
    return `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(text)}</td></tr>`;
  });
  if (rows.length === 0) return "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="Settings"><table class="settings">${
    rows.join("\n")
  }</table></div>`;
}
