/**
 * Draws line charts over the epochs of training.
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

/** One line of a chart. */
export interface Series {
  name: string;
  /** One value per epoch, from the first; a value that is not finite leaves a gap. */
  values: readonly number[];
}

/** A chart of one or more lines. */
export interface Curve {
  /** Name of the values, such as `loss per image`. */
  title: string;
  series: readonly Series[];
  /** Epoch of the best checkpoint, from 1, which is marked. */
  best?: number;
}

/**
 * Draws one or more lines over epochs. The text has the colour of the surrounding text.
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
  const numEpochs = Math.max(1, ...series.map(({ values }) => values.length));
  const all = series.flatMap(({ values }) => values.filter(Number.isFinite));
  const ticks = niceTicks(Math.min(...all, Infinity), Math.max(...all, -Infinity));
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (epoch: number) =>
    numEpochs === 1
      ? (MARGIN.left + right) / 2
      : MARGIN.left + (right - MARGIN.left) * (epoch - 1) / (numEpochs - 1);
  const y = (value: number) =>
    bottom - (bottom - MARGIN.top) * (value - low) / (high - low || 1);

  const digits = Math.max(0, -Math.floor(Math.log10(high - low || 1)) + 1);
  const grid = ticks.map((tick) =>
    `<path d="M${MARGIN.left} ${
      round(y(tick))
    }H${right}" stroke="currentColor" opacity="0.15"/>` +
    text(MARGIN.left - 8, y(tick), "end", tick.toFixed(Math.min(digits, 6)))
  );
  const step = Math.max(1, Math.ceil(numEpochs / 10));
  const epochs = Array.from({ length: numEpochs }, (_, i) => i + 1)
    .filter((epoch) => epoch === 1 || epoch % step === 0)
    .map((epoch) => text(x(epoch), bottom + 14, "middle", String(epoch)));
  const mark = best === undefined ? [] : [
    `<path d="M${
      round(x(best))
    } ${MARGIN.top}V${bottom}" stroke="currentColor" stroke-dasharray="3 4" opacity="0.6"><title>best: epoch ${best}</title></path>`,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${
      escapeXml(describe(curve))
    }" font-family="${FONT}" font-size="${FONT_SIZE}">`,
    ...grid,
    ...epochs,
    text((MARGIN.left + right) / 2, HEIGHT - 9, "middle", "epoch"),
    text(0, LEGEND_Y, "start", title),
    ...mark,
    ...series.map(({ values }, i) => drawSeries(values, seriesColor(i), x, y)),
    ...drawLegend(series, right),
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
  values: readonly number[],
  color: string,
  x: (epoch: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let dots = "";
  let isDown = false;
  for (const [i, value] of values.entries()) {
    if (Number.isFinite(value)) {
      const [px, py] = [round(x(i + 1)), round(y(value))];
      path += `${isDown ? "L" : "M"}${px} ${py}`;
      dots += `<circle cx="${px}" cy="${py}" r="3" fill="${color}"><title>epoch ${
        i + 1
      }: ${Number(value.toPrecision(4))}</title></circle>`;
    }
    isDown = Number.isFinite(value);
  }
  return `<path d="${path || "M0 0"}" fill="none" stroke="${color}" stroke-width="2"/>${
    values.length <= 60 ? dots : ""
  }`;
}

/** Draws the names of the lines in the upper right corner, right-aligned. */
function drawLegend(series: readonly Series[], right: number): string[] {
  let end = right;
  return series.map(({ name }, i) => ({ name, color: seriesColor(i) })).reverse()
    .map(({ name, color }) => {
      const label = text(end, LEGEND_Y, "end", name);
      end -= textWidth(name, FONT_SIZE) + 8;
      const dot = `<circle cx="${round(end)}" cy="${LEGEND_Y}" r="4" fill="${color}"/>`;
      end -= 18;
      return dot + label;
    });
}

function describe({ title, series }: Curve): string {
  const parts = series.filter(({ values }) => values.length > 0).map(({ name, values }) =>
    `${name} from ${values[0].toPrecision(3)} to ${
      values[values.length - 1].toPrecision(3)
    }`
  );
  return `${title} over epochs: ${parts.join("; ")}`;
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
