/**
 * Draws line charts, over the epochs of training or other positions.
 *
 * @module
 */

import { escapeXml, FONT, round, seriesColor, textWidth } from "./_svg.ts";

const WIDTH = 480;
const HEIGHT = 240;
const FONT_SIZE = 13;
/** Room for the axes and their labels. */
const MARGIN = { left: 52, right: 14, top: 36, bottom: 40 };

/** Vertical position of the title and the names of the lines. */
const LEGEND_Y = 10;

/** Height of a row of names. */
const LEGEND_ROW = 18;

/** Share of the width that names may take beside the title. */
const LEGEND_SHARE = 0.6;

/** One line of a chart. */
export interface Series {
  name: string;
  /** One value per position, from the first; a value that is not finite leaves a gap. */
  values: readonly number[];
  /** The interval of each value, drawn as a vertical line; a value may have none. */
  intervals?: readonly (ValueInterval | undefined)[];
}

/** The ends of an interval. */
export interface ValueInterval {
  low: number;
  high: number;
}

/** A chart of one or more lines. */
export interface Curve {
  /** Name of the values, such as `loss per image`. */
  title: string;
  series: readonly Series[];
  /** The positions of the values, equally far apart; by default the epochs from 1. */
  positions?: Positions;
  /** The best position, counted from 1, which is marked: of epochs that of the best one. */
  best?: number;
}

/** Names of positions. */
export interface Positions {
  /** What they are, such as `epoch`. */
  title: string;
  names: readonly string[];
}

/**
 * Draws one or more lines over epochs or other positions. The text has the colour of the surrounding text.
 *
 * @param curve Names and values.
 * @returns One SVG element; the same curve gives the same text.
 *
 * @example
 * ```ts
 * import { drawCurve } from "./curve.ts";
 * const svg = drawCurve({ title: "loss", series: [{ name: "train", values: [3, 2, 1] }] });
 * if (!svg.startsWith("<svg")) throw new Error();
 * ```
 */
export function drawCurve(curve: Curve): string {
  const { title, series, best } = curve;
  const numPositions = Math.max(1, ...series.map(({ values }) => values.length));
  const positions = curve.positions ?? {
    title: "epoch",
    names: Array.from({ length: numPositions }, (_, i) => String(i + 1)),
  };
  const all = series.flatMap(({ values, intervals = [] }) => [
    ...values,
    ...intervals.flatMap((interval) => interval ? [interval.low, interval.high] : []),
  ]).filter(Number.isFinite);
  const ticks = niceTicks(Math.min(...all, Infinity), Math.max(...all, -Infinity));
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const legend = drawLegend(series, right);
  const top = MARGIN.top + legend.height;
  const x = (position: number) =>
    numPositions === 1
      ? (MARGIN.left + right) / 2
      : MARGIN.left + (right - MARGIN.left) * (position - 1) / (numPositions - 1);
  const y = (value: number) =>
    bottom - (bottom - top) * (value - low) / (high - low || 1);

  const digits = Math.max(0, -Math.floor(Math.log10(high - low || 1)) + 1);
  const grid = ticks.map((tick) =>
    `<path d="M${MARGIN.left} ${
      round(y(tick))
    }H${right}" stroke="currentColor" opacity="0.15"/>` +
    text(MARGIN.left - 8, y(tick), "end", tick.toFixed(Math.min(digits, 6)))
  );
  const step = Math.max(1, Math.ceil(numPositions / 10));
  const names = positions.names.map((name, i) => ({ name, position: i + 1 }))
    .filter(({ position }) => position === 1 || position % step === 0)
    .map(({ name, position }) => {
      const most = WIDTH - textWidth(name, FONT_SIZE) / 2; // within the drawing
      return text(Math.min(x(position), most), bottom + 14, "middle", name);
    });
  const mark = best === undefined ? [] : [
    `<path d="M${
      round(x(best))
    } ${top}V${bottom}" stroke="currentColor" stroke-dasharray="3 4" opacity="0.6"><title>best: ${
      escapeXml(`${positions.title} ${positions.names[best - 1]}`)
    }</title></path>`,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${
      escapeXml(describe(curve))
    }" font-family="${FONT}" font-size="${FONT_SIZE}">`,
    ...grid,
    ...names,
    text((MARGIN.left + right) / 2, HEIGHT - 9, "middle", positions.title),
    text(0, LEGEND_Y, "start", title),
    ...mark,
    ...series.map((one, i) => drawSeries(one, positions, seriesColor(i), x, y)),
    ...legend.parts,
    "</svg>",
  ].join("\n");
}

function text(x: number, y: number, anchor: string, content: string): string {
  return `<text x="${round(x)}" y="${
    round(y)
  }" dy="0.35em" text-anchor="${anchor}" fill="currentColor">${
    escapeXml(content)
  }</text>`;
}

function drawSeries(
  { values, intervals = [] }: Series,
  positions: Positions,
  color: string,
  x: (epoch: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let dots = "";
  let bars = "";
  let isDown = false;
  for (const [i, value] of values.entries()) {
    if (Number.isFinite(value)) {
      const [px, py] = [round(x(i + 1)), round(y(value))];
      path += `${isDown ? "L" : "M"}${px} ${py}`;
      dots += `<circle cx="${px}" cy="${py}" r="3" fill="${color}"><title>${
        escapeXml(positions.title)
      } ${escapeXml(positions.names[i])}: ${
        Number(value.toPrecision(4))
      }</title></circle>`;
      const interval = intervals[i];
      if (interval) {
        bars += `M${px} ${round(y(interval.low))}V${round(y(interval.high))}`;
      }
    }
    isDown = Number.isFinite(value);
  }
  return `<path d="${path || "M0 0"}" fill="none" stroke="${color}" stroke-width="2"/>${
    values.length <= 60 ? dots : ""
  }${bars && `<path d="${bars}" stroke="${color}" stroke-width="1.2" opacity="0.7"/>`}`;
}

/**
 * Draws the names of the lines in the upper right corner, right-aligned; in rows of their
 * own below the title if there are more than fit beside it.
 */
function drawLegend(
  series: readonly Series[],
  right: number,
): { parts: string[]; height: number } {
  const width = (name: string) => textWidth(name, FONT_SIZE) + 26;
  const total = series.reduce((sum, { name }) => sum + width(name), 0);
  let y = total > right * LEGEND_SHARE ? LEGEND_Y + LEGEND_ROW : LEGEND_Y;
  let end = right;
  const parts = series.map(({ name }, i) => ({ name, color: seriesColor(i) })).reverse()
    .map(({ name, color }) => {
      if (end < right && end - width(name) < 0) [end, y] = [right, y + LEGEND_ROW];
      const label = text(end, y, "end", name);
      end -= textWidth(name, FONT_SIZE) + 8;
      const dot = `<circle cx="${round(end)}" cy="${round(y)}" r="4" fill="${color}"/>`;
      end -= 18;
      return dot + label;
    });
  return { parts, height: y - LEGEND_Y };
}

function describe({ title, series, positions }: Curve): string {
  const parts = series.filter(({ values }) => values.length > 0).map(({ name, values }) =>
    `${name} from ${values[0].toPrecision(3)} to ${
      values[values.length - 1].toPrecision(3)
    }`
  );
  return `${title} over ${positions?.title ?? "epochs"}: ${parts.join("; ")}`;
}

/** Round numbers that span the values, at steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number): number[] {
  if (!(low <= high)) return [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from(
    { length: last - first + 1 },
    (_, i) => Number(((first + i) * step).toPrecision(12)),
  );
}
