/**
 * Places the photograph of an image beneath a drawing of its graph.
 *
 * @module
 */

import { escapeXml, round } from "./_svg.ts";

/** A photograph for a drawing. */
export interface Photograph {
  /** Its address, such as `data:image/jpeg;base64,...`; the file may be a smaller one. */
  href: string;
  /** Width of the whole photograph in pixels, upright. */
  width: number;
  /** Its height. */
  height: number;
}

/**
 * Draws a photograph in the plane of a graph.
 *
 * Boxes may have been measured in a larger or smaller copy: a photograph of the same shape is
 * scaled to the plane. One of another shape is drawn pixel by pixel from the upper left
 * corner, as some datasets do not know the sizes of their images and take the greatest edge
 * of a box instead.
 *
 * @param photograph The photograph.
 * @param plane The graph, of whose plane only the size counts.
 * @param id Its id, if it is used by others; default: none.
 * @returns One SVG element in pixels of the plane.
 */
export function placePhotograph(
  { href, width, height }: Photograph,
  { imageWidth, imageHeight }: { imageWidth: number; imageHeight: number },
  id?: string,
): string {
  const [w, h] = isScaled(width / imageWidth, height / imageHeight, imageWidth)
    ? [imageWidth, imageHeight]
    : [width, height];
  return `<image${id === undefined ? "" : ` id="${id}"`} href="${
    escapeXml(href)
  }" width="${round(w)}" height="${round(h)}" preserveAspectRatio="none"/>`;
}

/** Whether both sides differ by the same factor, to a pixel of the plane. */
function isScaled(across: number, down: number, imageWidth: number): boolean {
  return Math.abs(across / down - 1) * imageWidth <= 1;
}
