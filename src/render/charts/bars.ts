/**
 * Draws counts as horizontal bars, and makes a page of bar charts.
 *
 * @module
 */

import { drawingInPage, pannedInPage } from "../legible.ts";
import { htmlPage } from "../_page.ts";
import { escapeXml, fitText, FONT, round, seriesColor } from "../_svg.ts";

/** Width in units of the drawing, with which its text is 11 pixels high on a phone. */
const WIDTH = 356;
/** Width in pixels where there is room. */
const SHOWN_WIDTH = 480;
const BAR_HEIGHT = 16;
const GAP = 3;
const FONT_SIZE = 12;
const TITLE_HEIGHT = 28, LINE_HEIGHT = 15;
/** Room for names on the left and counts on the right. */
const LEFT = 118, RIGHT = 48;

/** Counts by name. */
export interface BarChart {
  /** Name of the counted things. */
  title: string;
  /** The bars in the order of drawing. */
  bars: readonly { name: string; count: number }[];
  /** If true, lengths are logarithmic, which keeps a long tail visible; default false. */
  isLogarithmic?: boolean;
}

/**
 * Draws a bar chart. Its text has the colour of the surrounding text.
 *
 * @param chart Names and counts.
 * @returns One SVG element; the same chart gives the same text.
 *
 * @example
 * ```ts
 * import { drawBars } from "./bars.ts";
 * const svg = drawBars({ title: "predicates", bars: [{ name: "on", count: 3 }] });
 * if (!svg.startsWith("<svg") || !svg.includes(">3<")) throw new Error();
 * ```
 */
export function drawBars({ title, bars, isLogarithmic = false }: BarChart): string {
  const top = TITLE_HEIGHT + (isLogarithmic ? LINE_HEIGHT : 0);
  const height = top + bars.length * (BAR_HEIGHT + GAP);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  // log1p, so a count of one is visible on a logarithmic scale too.
  const share = (count: number) =>
    isLogarithmic ? Math.log1p(count) / Math.log1p(most) : count / most;
  const rows = bars.map(({ name, count }, i) => {
    const y = top + i * (BAR_HEIGHT + GAP);
    const length = share(count) * (WIDTH - LEFT - RIGHT);
    const middle = round(y + BAR_HEIGHT / 2 + FONT_SIZE * 0.35);
    const label = fitText(name, LEFT - 8, FONT_SIZE);
    return `<text x="${LEFT - 6}" y="${middle}" text-anchor="end">${
      escapeXml(label)
    }</text>
<rect x="${LEFT}" y="${round(y)}" width="${round(length)}" height="${BAR_HEIGHT}" fill="${
      seriesColor(1)
    }"/>
<text x="${round(LEFT + length + 5)}" y="${middle}">${count}</text>`;
  });
  const scale = isLogarithmic
    ? `\n<text x="0" y="${14 + LINE_HEIGHT}">logarithmic</text>`
    : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${
    round(height)
  }" width="${SHOWN_WIDTH}" role="img" aria-label="${
    escapeXml(title)
  }" font-family="${FONT}" font-size="${FONT_SIZE}" fill="currentColor">
<text x="0" y="14" font-weight="600">${
    escapeXml(fitText(title, WIDTH, FONT_SIZE))
  }</text>${scale}
${rows.join("\n")}
</svg>`;
}

/**
 * Makes a page of charts, which loads no other file and runs no script.
 *
 * @param title Title of the page.
 * @param text Preformatted lines above the charts: a table, and after an empty line others.
 * @param charts The charts, side by side where there is room.
 * @returns HTML; the same arguments give the same text.
 */
export function chartPage(
  title: string,
  text: string,
  charts: readonly BarChart[],
): string {
  const figures = charts.map((chart) =>
    `<figure class="chart">${drawingInPage(drawBars(chart), chart.title)}</figure>`
  );
  return htmlPage(
    title,
    `${textInPage(text)}
<div class="columns">
${figures.join("\n")}
</div>`,
  );
}

/** Width in pixels of a character of preformatted text, and of the margins. */
const CHARACTER = 10, MARGINS = 32;

/** The first paragraph is a table, which is as wide as it is; later lines may be broken. */
function textInPage(text: string): string {
  const [table, ...others] = text.split("\n\n");
  const widest = Math.max(...table.split("\n").map((line) => line.length));
  const lines = others.join("\n\n");
  return pannedInPage(`<pre><code>${escapeXml(table)}</code></pre>`, {
    name: "Numbers",
    width: CHARACTER * widest + MARGINS,
  }) +
    (lines === "" ? "" : `\n<pre class="lines"><code>${escapeXml(lines)}</code></pre>`);
}
