/**
 * Keeps the text of drawings in pages legible, where the window is narrow, too.
 *
 * @module
 */

import { escapeXml } from "./_svg.ts";

/** Least size of text in pixels. */
const LEAST_TEXT = 11;
/** Width of one of two columns of a page. */
const COLUMN = 512;
/** Width of a drawing in a window of 360 pixels. */
export const NARROW_WIDTH = 328;
/**
 * Width in units of a drawing whose text is 17 units high, at which that is 11 pixels in such
 * a window.
 */
export const NARROW_GRAPH = 500;

/**
 * Puts a drawing into a page: it shrinks with its place until its smallest text is 11 pixels
 * high; from then on the reader scrolls it, and a line below says so.
 *
 * @param svg The drawing; its root has a `viewBox`, and sizes of text are attributes.
 * @param name What it shows, for readers of screens.
 * @param narrow The same for places narrower than 500 pixels, with larger text; default: none.
 * @returns HTML.
 */
export function drawingInPage(svg: string, name: string, narrow?: string): string {
  if (narrow === undefined) return placed(svg, name);
  return `<div class="drawings">${placed(svg, name, " if-wide")}
${placed(narrow, name, " if-narrow")}</div>`;
}

function placed(svg: string, name: string, when = ""): string {
  const [width, height] = leastSize(svg).map((side) => Math.ceil(side));
  const sized = svg.replace(
    "<svg ",
    `<svg style="min-width:${width}px;min-height:${height}px" `,
  );
  return pannedInPage(sized, { name: `Drawing of ${name}`, width, when });
}

/**
 * Lets the reader scroll what may be wider than the page; where it is, a line below says so.
 *
 * @param html The content.
 * @param about What it is, for readers of screens; its width in pixels; further classes.
 */
export function pannedInPage(
  html: string,
  { name, width, when = "" }: { name: string; width: number; when?: string },
): string {
  return `<div class="drawing${when}" style="--least:${width}px"><div class="pan" tabindex="0" role="region" aria-label="${
    escapeXml(name)
  }">${html}</div><p class="hint" aria-hidden="true">Scroll sideways to see all</p></div>`;
}

/** Makes a figure of a drawing; one that needs more than a column spans both. */
export function drawingFigure(
  svg: string,
  { name, caption, narrow }: { name: string; caption: string; narrow?: string },
): string {
  const isWide = narrow === undefined && leastSize(svg)[0] > COLUMN;
  return `${isWide ? '<figure class="wide">' : "<figure>"}${
    drawingInPage(svg, name, narrow)
  }<figcaption>${caption}</figcaption></figure>`;
}

/** Defines what several drawings of a page use by its id. */
export function definitionInPage(svg: string): string {
  return `<svg class="definition" width="0" height="0" aria-hidden="true"><defs>${svg}</defs></svg>`;
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
