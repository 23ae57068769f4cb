/**
 * Draws charts by Observable Plot.
 *
 * @module
 */

import type { Mark, Plotting } from "../deps/plot.ts";
import type { Cell, Chart, DrawnChart } from "./chart.ts";
import { escapeXml, fitText, FONT, isolate, round, textWidth, xmlText } from "./_svg.ts";

/** Width of a chart, and of one of cells, and the size of text: 11 pixels on a phone. */
const WIDTH = 410, CELLS_WIDTH = 500, FONT_SIZE = 14;
/** Colours that are visible on light and dark grounds and apart for every vision. */
const COLORS = ["#0b84c6", "#c97c00", "#0a9b70", "#c0699a", "#8171d6", "#888888"];
/** Dashes of lines, so that they differ without colours. */
const DASHES = ["", "7 4", "2 4", "10 3 2 3", "4 2", "1 3"];
/** Symbols of dots and how a legend writes them, so that they differ without colours. */
const SYMBOLS = [
  ...[["circle", "○"], ["plus", "+"], ["times", "×"], ["square", "□"], ["diamond", "◇"]],
  ["triangle", "△"],
];
/** Widest name beside a chart. */
const NAME_WIDTH = 190;
/** Widest name of a block. */
const FACET_WIDTH = 124;
/** Most names at the axis of x. */
const MOST_NAMES = 10;
/** Height of a line of the legend. */
const LEGEND_HEIGHT = 20;

type Row = Readonly<Record<string, Cell>>;

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
  const options = {
    line: lineOptions,
    interval: intervalOptions,
    scatter: scatterOptions,
    heat: heatOptions,
  }[chart.kind](chart, plot, names);
  const svg = plot.draw({
    width,
    style: { fontFamily: FONT, fontSize: `${FONT_SIZE}px`, background: "transparent" },
    ...options,
  });
  const [, height] = /viewBox="0 0 \S+ (\S+)"/.exec(svg)!;
  // The legend stands above what Plot has drawn; Plot's style is for pages of its own.
  const inner = svg.replace("<svg ", '<svg aria-hidden="true" overflow="visible" ')
    .replace(/<style>[^]*?<\/style>/, "");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${-legend.height} ${width} ${
    Number(height) + legend.height
  }" width="${width}" role="img" aria-label="${
    escapeXml(chart.title)
  }" font-family="${FONT}" font-size="${FONT_SIZE}" fill="currentColor">${legend.svg}${inner}</svg>`;
}

/** A title of an axis. */
function titleOf({ columns }: Chart, key: string): string {
  return columns.find((column) => column.key === key)!.title;
}

/** The scale of x: whole numbers stay whole, and others are written without prefixes. */
function scaleOf({ rows, x, isNamed, isLogarithmic }: Chart): Record<string, unknown> {
  if (isNamed) {
    const domain = distinct(rows, x), step = Math.ceil(domain.length / MOST_NAMES);
    return { type: "point", domain, ticks: domain.filter((_, i) => i % step === 0) };
  }
  if (isLogarithmic) return { type: "log", ticks: 4, tickFormat: String };
  const values = rows.map((row) => Number(row[x]));
  if (values.length === 0 || !values.every(Number.isInteger)) return { ticks: 6 };
  const low = Math.min(...values), high = Math.max(...values);
  const step = Math.max(1, Math.ceil((high - low) / 8));
  const count = Math.floor((high - low) / step) + 1;
  return {
    ticks: Array.from({ length: count }, (_, i) => low + i * step),
    tickFormat: String,
  };
}

/** Colours of series by name. */
function colorsOf(names: readonly string[]) {
  return { domain: names, range: names.map((_, i) => COLORS[i % COLORS.length]) };
}

function lineOptions(chart: Chart, plot: Plotting, names: readonly string[]) {
  const { x, y, series, low, high, domain, range, best, hasDiagonal } = chart;
  const has = (row: Row, key: string) => typeof row[key] === "number";
  const marks: Mark[] = names.flatMap((name, i) => {
    const color = COLORS[i % COLORS.length];
    const rows = chart.rows.filter((row) => row[series!] === name);
    const known = rows.filter((row) => has(row, y) && (chart.isNamed || has(row, x)));
    const wide = known.filter((row) => low && high && has(row, low) && has(row, high));
    return [
      plot.ruleX(wide, {
        ...{ x, y1: low, y2: high, stroke: color, strokeWidth: 1.5, strokeOpacity: 0.7 },
      }),
      plot.line(rows, {
        ...{ x, y, stroke: color, strokeWidth: 2 },
        strokeDasharray: DASHES[i % DASHES.length],
      }),
      plot.dot(known, {
        ...{ x, y, fill: color, r: 2.5 },
        title: (row: Row) => `${name}, ${row[x]}: ${row[y]}`,
      }),
    ];
  });
  if (best !== undefined) {
    marks.unshift(plot.ruleX([best], {
      ...{ stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "3 4" },
      title: () => `best: ${titleOf(chart, x)} ${best}`,
    }));
  }
  const ends = domain ?? [0, 1];
  return {
    height: 286,
    marginTop: 26,
    marginLeft: 52,
    marginBottom: 46,
    x: {
      ...{ label: titleOf(chart, x), labelAnchor: "center", domain },
      ...scaleOf(chart),
    },
    y: { label: titleOf(chart, y), grid: true, domain: range, nice: !range },
    marks: hasDiagonal
      ? [
        plot.line([{ x: ends[0], y: ends[0] }, { x: ends[1], y: ends[1] }], {
          ...{ x: "x", y: "y", stroke: "currentColor", strokeOpacity: 0.4 },
        }),
        ...marks,
      ]
      : marks,
  };
}

function intervalOptions(chart: Chart, plot: Plotting, names: readonly string[]) {
  const { x, y, low, high, facet, series } = chart;
  const fill = (row: Row) => String(row[series!]);
  const facets = new Set(chart.rows.map((row) => row[facet!])).size;
  const lines = new Set(chart.rows.map((row) => row[y])).size;
  const fy = (row: Row) => short(row[facet!], FACET_WIDTH);
  return {
    height: 50 + facets * (14 + 17 * lines),
    marginLeft: 14,
    marginRight: 130,
    marginBottom: 46,
    x: { label: titleOf(chart, x), labelAnchor: "center", grid: true, nice: true },
    y: { axis: null, domain: names, padding: 0.3, type: "point" },
    fy: {
      ...{ label: null, padding: 0.15, axis: "right" },
      domain: distinct(chart.rows, facet!).map((each) => short(each, FACET_WIDTH)),
    },
    color: colorsOf(names),
    marks: [
      plot.ruleY(chart.rows, { x1: low, x2: high, y, fy, stroke: fill, strokeWidth: 3 }),
      plot.dot(chart.rows, {
        ...{ x, y, fy, fill, r: 4.5 },
        title: (row: Row) => `${row[y]}: ${row[x]} [${row[low!]}, ${row[high!]}]`,
      }),
    ],
  };
}

function scatterOptions(chart: Chart, plot: Plotting, names: readonly string[]) {
  const { x, y, series, name, isLogarithmic, range, least = -Infinity } = chart;
  const xOf = (row: Row) => Math.max(least, Number(row[x]));
  return {
    height: 300,
    marginLeft: 52,
    marginBottom: 46,
    x: {
      ...{ label: titleOf(chart, x), labelAnchor: "center", nice: true, ticks: 5 },
      tickFormat: String,
      type: isLogarithmic ? "log" : "linear",
    },
    y: { label: titleOf(chart, y), grid: true, domain: range },
    color: colorsOf(names),
    symbol: { domain: names, range: SYMBOLS.map(([name]) => name) },
    marks: [
      plot.dot(chart.rows, {
        ...{ x: xOf, y, stroke: series, symbol: series, r: 4, strokeWidth: 1.5 },
        title: (row: Row) => `${row[name!]}, ${row[series!]}: ${row[y]}`,
      }),
    ],
  };
}

function heatOptions(chart: Chart, plot: Plotting) {
  const { x, y, value, facet } = chart;
  const rows = chart.rows.filter((row) => Number(row[value!]) > 0);
  const xs = distinct(chart.rows, x), ys = distinct(chart.rows, y);
  const nameOf = (text: unknown) => short(text, 100);
  const left = Math.min(
    128,
    Math.max(...ys.map((each) => textWidth(nameOf(each), FONT_SIZE))) + 18,
  );
  const top = Math.max(1, ...rows.map((row) => Number(row[value!])));
  const blocks = distinct(chart.rows, facet!).length;
  return {
    height: 100 + blocks * (22 * ys.length + 26),
    marginLeft: left,
    marginRight: 62,
    marginBottom: 96,
    x: { label: null, domain: xs, tickRotate: -50, tickFormat: nameOf, tickSize: 0 },
    y: { label: null, domain: ys, tickFormat: nameOf, tickSize: 0 },
    fy: { label: null, domain: distinct(chart.rows, facet!), padding: 0.06 },
    marks: [
      plot.cell(rows, {
        ...{ x, y, fy: facet, inset: 0.5, fill: "#c97c00" },
        fillOpacity: (row: Row) => 0.15 + 0.85 * Number(row[value!]) / top,
        title: (row: Row) => `${row[y]} taken for ${row[x]}: ${row[value!]}`,
      }),
      plot.text(rows, {
        ...{ x, y, fy: facet, fill: "currentColor" },
        text: (row: Row) => shortCount(Number(row[value!])),
      }),
    ],
  };
}

/** A count that fits in a cell of twelve: 2500 is 3k; the table has all digits. */
function shortCount(count: number): string {
  return count < 1000 ? String(count) : `${Math.round(count / 1000)}k`;
}

function distinct(rows: readonly Row[], key: string): string[] {
  return [...new Set(rows.map((row) => String(row[key])))];
}

function short(text: unknown, width: number): string {
  return fitText(isolate(String(text)), width, 12);
}

/** Names of the series with their colours, in as many lines as they need. */
function legendOf(
  names: readonly string[],
  kind: Chart["kind"],
): { svg: string; height: number } {
  if (names.length === 0) return { svg: "", height: 0 };
  let x = 0, line = 0;
  const places = names.map((name) => {
    const text = fitText(isolate(name), NAME_WIDTH, FONT_SIZE);
    const width = 30 + textWidth(text, FONT_SIZE) + 16;
    if (x > 0 && x + width > WIDTH) [x, line] = [0, line + 1];
    const place = { text, x, line };
    x += width;
    return place;
  });
  const height = (line + 1) * LEGEND_HEIGHT + 8;
  const parts = places.map(({ text, x, line }, i) => {
    const y = -height + (line + 0.6) * LEGEND_HEIGHT, color = COLORS[i % COLORS.length];
    const dash = DASHES[i % DASHES.length];
    const [, symbol] = SYMBOLS[i % SYMBOLS.length];
    const sign = kind === "scatter"
      ? `<text x="${round(x + 12)}" y="${
        round(y)
      }" dy="0.35em" text-anchor="middle" fill="${color}">${symbol}</text>`
      : kind === "line"
      ? `<path d="M${round(x)} ${round(y)}h24" stroke="${color}" stroke-width="2.5"${
        dash === "" ? "" : ` stroke-dasharray="${dash}"`
      }/>`
      : `<circle cx="${round(x + 12)}" cy="${round(y)}" r="4.5" fill="${color}"/>`;
    return `${sign}<text x="${round(x + 30)}" y="${round(y)}" dy="0.35em">${
      escapeXml(text)
    }</text>`;
  });
  return { svg: parts.join(""), height };
}
