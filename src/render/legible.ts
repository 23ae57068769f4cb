/**
 * Keeps the text of drawings in pages legible, where the window is narrow by scrolling.
 *
 * @module
 */

import { escapeXml } from "./_svg.ts";

/** Least size of text in pixels. */
const LEAST_TEXT = 11;
/** Width of one of two columns of a page. */
const COLUMN = 512;

/**
 * Puts a drawing into a page: it shrinks with the window until its smallest text is 11 pixels
 * high; from then on the reader scrolls it.
 *
 * @param svg The drawing; its root has a `viewBox`, and sizes of text are attributes.
 * @param name What it shows, for readers of screens.
 * @returns HTML.
 */
export function drawingInPage(svg: string, name: string): string {
  const [width, height] = leastSize(svg).map((side) => Math.ceil(side));
  const sized = svg.replace(
    "<svg ",
    `<svg style="min-width:${width}px;min-height:${height}px" `,
  );
  return `<div class="drawing" tabindex="0" role="region" aria-label="${
    escapeXml(`Drawing of ${name}`)
  }">${sized}</div>`;
}

/** Makes a figure of a drawing; one that needs more than a column spans both. */
export function drawingFigure(svg: string, name: string, caption: string): string {
  const start = leastSize(svg)[0] > COLUMN ? '<figure class="wide">' : "<figure>";
  return `${start}${
    drawingInPage(svg, name)
  }<figcaption>${caption}</figcaption></figure>`;
}

/**
 * The size at which the smallest text of a drawing is 11 pixels high.
 *
 * @param svg The drawing; its root has a `viewBox`, and sizes of text are attributes.
 * @returns Width and height in pixels; 0 without text.
 */
export function leastSize(svg: string): [width: number, height: number] {
  const [, width, height] = /viewBox="\S+ \S+ (\S+) (\S+)"/.exec(svg)!;
  const sizes = [...svg.matchAll(/ font-size="([\d.]+)/g)].map(([, size]) =>
    Number(size)
  );
  const scale = sizes.length > 0 ? LEAST_TEXT / Math.min(...sizes) : 0;
  return [scale * Number(width), scale * Number(height)];
}
