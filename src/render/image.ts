/**
 * Draws the image that lies under a graph.
 *
 * @module
 */

import { TEXT } from "../check_options.ts";
import type { JsonValue } from "../json_value.ts";
import { escapeXml, round } from "./_svg.ts";

/** An image and how it is drawn. */
export interface ImageOptions {
  /** URL of the image, also `data:`, which is drawn under the graph. */
  imageHref?: string;
  /**
   * How the stored image is turned upright, 1 to 8 by EXIF; default 1: not at all, or as
   * the viewer does it. Browsers turn images on their own, other programs do not; where it
   * is given, all draw the same.
   */
  imageOrientation?: number;
}

/** The checks of {@linkcode ImageOptions}. */
export const IMAGE_CHECKS = {
  imageHref: TEXT,
  imageOrientation: (option: JsonValue) => option.integer({ min: 1, max: 8 }),
} as const;

/**
 * For each orientation the matrix `a b c d` from the stored image to the upright one, and
 * how far it is moved, in widths and heights of the upright image. EXIF 2.32, tag 0x0112.
 */
const TURNS: readonly (readonly number[])[] = [
  [1, 0, 0, 1, 0, 0], // 1: upright
  [-1, 0, 0, 1, 1, 0], // 2: mirrored
  [-1, 0, 0, -1, 1, 1], // 3: upside down
  [1, 0, 0, -1, 0, 1], // 4: upside down, mirrored
  [0, 1, 1, 0, 0, 0], // 5: transposed
  [0, 1, -1, 0, 1, 0], // 6: to be turned by 90 degrees, clockwise
  [0, -1, -1, 0, 1, 1], // 7: transposed along the other diagonal
  [0, -1, 1, 0, 0, 1], // 8: to be turned by 270 degrees
];

/**
 * Draws an image over a plane.
 *
 * @param options The image; without its address nothing is drawn.
 * @param width Width of the plane.
 * @param height Height of the plane.
 * @param attributes Further attributes, as text.
 * @returns One SVG element, or nothing.
 */
export function drawImage(
  { imageHref, imageOrientation = 1 }: ImageOptions,
  width: number,
  height: number,
  attributes = "",
): string {
  if (imageHref === undefined) return "";
  const start = `<image${attributes} href="${escapeXml(imageHref)}"`;
  if (imageOrientation === 1) {
    return `${start} width="${round(width)}" height="${
      round(height)
    }" preserveAspectRatio="none"/>`;
  }
  const [a, b, c, d, right, down] = TURNS[imageOrientation - 1];
  const [w, h] = a === 0 ? [height, width] : [width, height];
  const matrix = [a, b, c, d, round(right * width), round(down * height)].join(" ");
  return `${start} width="${round(w)}" height="${
    round(h)
  }" preserveAspectRatio="none" style="image-orientation:none" transform="matrix(${matrix})"/>`;
}
