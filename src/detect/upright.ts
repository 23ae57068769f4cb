/**
 * Turns photographs upright.
 *
 * @module
 */

import type { Picture } from "./detector.ts";

/**
 * Where a pixel of the upright picture lies in the stored one, by orientation 1 to 8 (EXIF
 * 2.32): from which corner (1: right, 1: bottom), and whether its lines are the stored
 * columns.
 */
const PLACES: readonly [right: 0 | 1, bottom: 0 | 1, isTransposed: boolean][] = [
  [0, 0, false], // 1: upright
  [1, 0, false], // 2: mirrored
  [1, 1, false], // 3: upside down
  [0, 1, false], // 4: upside down, mirrored
  [0, 0, true], // 5: transposed
  [0, 1, true], // 6: to be turned by 90 degrees, clockwise
  [1, 1, true], // 7: transposed along the other diagonal
  [1, 0, true], // 8: to be turned by 270 degrees
];

/**
 * The size of a picture when it is upright.
 *
 * @param stored Its size as stored, and its orientation, 1 to 8, by EXIF.
 * @returns Width and height in pixels.
 */
export function uprightSize(
  { width, height, orientation }: { width: number; height: number; orientation: number },
): { width: number; height: number } {
  const [, , isTransposed] = PLACES[orientation - 1];
  return isTransposed ? { width: height, height: width } : { width, height };
}

/**
 * Turns a picture upright.
 *
 * @param picture The picture as stored.
 * @param orientation 1 to 8, by EXIF.
 * @returns The upright picture; the same one if it is upright.
 */
export function uprightPicture(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const [right, bottom, isTransposed] = PLACES[orientation - 1];
  const { width: w, height: h, data } = picture;
  const [width, height] = isTransposed ? [h, w] : [w, h];
  const from = new Uint32Array(data.buffer, data.byteOffset, w * h);
  const to = new Uint32Array(w * h);
  const alongRow = right ? -1 : 1, alongColumn = bottom ? -w : w;
  const [dx, dy] = isTransposed ? [alongColumn, alongRow] : [alongRow, alongColumn];
  const start = right * (w - 1) + bottom * (h - 1) * w;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) to[i++] = from[start + x * dx + y * dy];
  }
  return { width, height, data: new Uint8ClampedArray(to.buffer) };
}
