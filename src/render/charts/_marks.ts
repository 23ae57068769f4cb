/**
 * What Observable Plot is asked to draw: scales and marks of each kind of chart.
 *
 * @module
 */

import type { Mark, Plotting } from "../../deps/plot.ts";
import type { Cell, Chart } from "./chart.ts";
import { colorAt, dashAt, FONT_SIZE, SYMBOLS, WIDTH } from "./_style.ts";
import { fitText, isolate, textWidth } from "../_svg.ts";

/** Widest name of a block. */
const FACET_WIDTH = 124;
/** Height of a line of an interval, and of the room between blocks of lines. */
const LINE_HEIGHT = 18, BLOCK_GAP = 22;
/** Width of the axis of x with names, and the least room between two of them. */
const NAMES_WIDTH = WIDTH - 70, NAME_GAP = 8;
/** Height of a cell, and of the name of its block above it. */
const CELL_HEIGHT = 22, NAME_HEIGHT = 30;
/** Room above an axis of y for its title. */
const LABEL_ROOM = 32;

type Row = Readonly<Record<string, Cell>>;

/** Settings of Plot. */
export type PlotOptions = Record<string, unknown> & { marks: Mark[] };

/**
 * Asks for the marks of a chart.
 *
 * @param chart The chart.
 * @param plot The packages.
 * @param names Names of its series.
 */
export function plotOptions(
  chart: Chart,
  plot: Plotting,
  names: readonly string[],
): PlotOptions {
  const optionsOf = {
    line: lineOptions,
    interval: intervalOptions,
    scatter: scatterOptions,
    heat: heatOptions,
  }[chart.kind];
  return optionsOf(chart, plot, names);
}

/** A title of an axis. */
function titleOf({ columns }: Chart, key: string): string {
  return columns.find((column) => column.key === key)!.title;
}

/** The scale of x: whole numbers stay whole, and others are written without prefixes. */
function scaleOf({ rows, x, isNamed, isLogarithmic }: Chart): Record<string, unknown> {
  if (isNamed) {
    const domain = distinct(rows, x);
    const widest = Math.max(0, ...domain.map((name) => textWidth(name, FONT_SIZE)));
    const most = Math.max(1, Math.floor(NAMES_WIDTH / (widest + NAME_GAP)));
    const step = Math.ceil(domain.length / most);
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
  return { domain: names, range: names.map((_, i) => colorAt(i)) };
}

function lineOptions(chart: Chart, plot: Plotting, names: readonly string[]) {
  const { x, y, series, low, high, domain, range, best, hasDiagonal } = chart;
  const has = (row: Row, key: string) => typeof row[key] === "number";
  const marks: Mark[] = names.flatMap((name, i) => {
    const color = colorAt(i);
    const rows = chart.rows.filter((row) => row[series!] === name);
    const known = rows.filter((row) => has(row, y) && (chart.isNamed || has(row, x)));
    const wide = known.filter((row) => low && high && has(row, low) && has(row, high));
    return [
      plot.ruleX(wide, {
        ...{ x, y1: low, y2: high, stroke: color, strokeWidth: 1.5, strokeOpacity: 0.7 },
      }),
      plot.line(rows, {
        ...{ x, y, stroke: color, strokeWidth: 2 },
        strokeDasharray: dashAt(i),
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
    height: 292,
    marginTop: LABEL_ROOM,
    marginLeft: 52,
    marginBottom: 46,
    x: {
      ...{ label: titleOf(chart, x), labelAnchor: "center", domain },
      ...scaleOf(chart),
    },
    y: {
      ...{ label: titleOf(chart, y), grid: true, nice: !range },
      domain: range ?? aroundOne(chart.rows.map((row) => row[y])),
    },
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

/** Limits around values that are all the same, which have none of their own. */
function aroundOne(cells: readonly Cell[]): [number, number] | undefined {
  const [value, ...others] = new Set(cells.filter((cell) => typeof cell === "number"));
  if (value === undefined || others.length > 0) return undefined;
  const margin = Math.abs(value) / 10 || 1;
  return [value - margin, value + margin];
}

function intervalOptions(chart: Chart, plot: Plotting, names: readonly string[]) {
  const { x, y, low, high, facet, series } = chart;
  const fill = (row: Row) => String(row[series!]);
  const facets = new Set(chart.rows.map((row) => row[facet!])).size;
  const lines = new Set(chart.rows.map((row) => row[y])).size;
  const fy = (row: Row) => short(row[facet!], FACET_WIDTH);
  return {
    height: 56 + facets * (BLOCK_GAP + LINE_HEIGHT * lines),
    marginLeft: 14,
    marginRight: 130,
    marginBottom: 46,
    x: { label: titleOf(chart, x), labelAnchor: "center", grid: true, nice: true },
    y: { axis: null, domain: names, padding: 0.5, type: "point" },
    fy: {
      ...{ label: null, axis: "right", paddingOuter: 0 },
      paddingInner: BLOCK_GAP / (BLOCK_GAP + LINE_HEIGHT * lines),
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
    height: 312,
    marginTop: LABEL_ROOM,
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
  const nameOf = (text: unknown) => short(text, 84);
  const left = Math.max(...ys.map((each) => textWidth(nameOf(each), FONT_SIZE))) + 14;
  const top = Math.max(1, ...rows.map((row) => Number(row[value!])));
  // On full colour dark text is legible, whatever the ground of the page.
  const inkOn = (row: Row) =>
    Number(row[value!]) > 0.75 * top ? "#111111" : "currentColor";
  const blocks = distinct(chart.rows, facet!), block = CELL_HEIGHT * ys.length;
  return {
    height: 96 + blocks.length * (block + NAME_HEIGHT),
    marginTop: NAME_HEIGHT,
    marginLeft: left,
    marginRight: 4,
    marginBottom: 96,
    x: {
      label: null,
      domain: xs,
      padding: 0.04,
      tickRotate: -50,
      tickFormat: nameOf,
      tickSize: 0,
    },
    y: { label: null, domain: ys, tickFormat: nameOf, tickSize: 0 },
    fy: {
      ...{ axis: null, domain: blocks, paddingOuter: 0 },
      paddingInner: NAME_HEIGHT / (NAME_HEIGHT + block),
    },
    marks: [
      plot.cell(rows, {
        ...{ x, y, fy: facet, inset: 0.5, fill: "#c97c00" },
        fillOpacity: (row: Row) => 0.15 + 0.85 * Number(row[value!]) / top,
        title: (row: Row) => `${row[y]} taken for ${row[x]}: ${row[value!]}`,
      }),
      plot.text(rows, {
        ...{ x, y, fy: facet, fill: inkOn },
        text: (row: Row) => shortCount(Number(row[value!])),
      }),
      plot.text(blocks, {
        ...{ fy: (name: string) => name, frameAnchor: "top-left", dy: -18, dx: -left },
        ...{ text: (name: string) => short(name, 300), fill: "currentColor" },
        fontWeight: 600,
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
