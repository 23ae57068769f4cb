/**
 * The legend of a chart.
 *
 * @module
 */

import type { Chart } from "./chart.ts";
import { colorAt, dashAt, FONT_SIZE, SYMBOLS, WIDTH } from "./_style.ts";
import { escapeXml, fitText, isolate, round, textWidth } from "../_svg.ts";

/** Widest name beside a sign. */
const NAME_WIDTH = 350;
/** Height of a line of the legend. */
const LINE_HEIGHT = 20;

/** Names of the series with their colours, in as many lines as they need. */
export function legendOf(
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
  const height = (line + 1) * LINE_HEIGHT + 8;
  const parts = places.map(({ text, x, line }, i) => {
    const y = -height + (line + 0.6) * LINE_HEIGHT, color = colorAt(i);
    const dash = dashAt(i);
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
