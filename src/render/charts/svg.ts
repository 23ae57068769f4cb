/**
 * Draws charts by Observable Plot.
 *
 * @module
 */

import type { Plotting } from "../../deps/plot.ts";
import { plotOptions } from "./_marks.ts";
import { CELLS_WIDTH, FONT_SIZE, WIDTH } from "./_style.ts";
import type { Cell, Chart, DrawnChart } from "./chart.ts";
import { legendOf } from "./_legend.ts";
import { escapeXml, FONT, xmlText } from "../_svg.ts";

/**
 * Draws a chart.
 *
 * @param chart The chart.
 * @param plot The packages, from `loadPlotting`.
 * @returns The chart with one SVG element, whose text has the colour of the page's; the same
 * chart gives the same text.
 */
export function drawChart(chart: Chart, plot: Plotting): DrawnChart {
  return { chart, svg: svgOf(withPlainText(chart), plot) };
}

/** Plot escapes text, but keeps characters that XML cannot contain. */
function withPlainText(chart: Chart): Chart {
  const plain = (cell: Cell) => typeof cell === "string" ? xmlText(cell) : cell;
  const rows = chart.rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, plain(cell)]))
  );
  const columns = chart.columns.map((each) => ({ ...each, title: xmlText(each.title) }));
  return { ...chart, rows, columns };
}

function svgOf(chart: Chart, plot: Plotting): string {
  const names = chart.series === undefined
    ? []
    : [...new Set(chart.rows.map((row) => String(row[chart.series!])))];
  const legend = legendOf(names, chart.kind);
  const width = chart.kind === "heat" ? CELLS_WIDTH : WIDTH;
  const svg = plot.draw({ width, ...plotOptions(chart, plot, names) });
  const [, height] = /viewBox="0 0 \S+ (\S+)"/.exec(svg)!;
  // The legend stands above what Plot has drawn. Plot's style and font are for pages of its
  // own; a style attribute would have no effect under a content-security policy.
  const inner = svg.replace("<svg ", '<svg aria-hidden="true" overflow="visible" ')
    .replace(/<style>[^]*?<\/style>/, "")
    .replace(/ font-size="10" font-family="[^"]*"/, "");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${-legend.height} ${width} ${
    Number(height) + legend.height
  }" width="${width}" role="img" aria-label="${
    escapeXml(chart.title)
  }" font-family="${FONT}" font-size="${FONT_SIZE}" fill="currentColor">${legend.svg}${inner}</svg>`;
}
