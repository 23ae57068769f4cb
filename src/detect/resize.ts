/**
 * Scales photographs to the size that a network wants.
 *
 * @module
 */

import type { Picture } from "./detector.ts";

/** A photograph as the input of a network. */
export interface ScaledPicture {
  /** `[height, width, 3]`: red, green, blue, 0 to 255. */
  pixels: Float32Array;
  width: number;
  height: number;
}

/**
 * Scales a photograph with a triangle filter as wide as the step between pixels, which
 * neither skips pixels where it shrinks nor shows them where it grows ("bilinear with
 * antialiasing", as in Pillow). Transparent parts are shown on white.
 *
 * @param picture The photograph.
 * @param width New width in pixels.
 * @param height New height in pixels.
 * @returns The pixels, of a size that need not keep the shape.
 */
export function resize(picture: Picture, width: number, height: number): ScaledPicture {
  const rows = picture.height;
  const across = tapsOf(picture.width, width), down = tapsOf(rows, height);
  const line = new Float32Array(3 * picture.width);
  const narrow = new Float32Array(3 * rows * width); // [rows, width, 3]
  for (let y = 0; y < rows; y++) {
    readLine(picture, y, line);
    let to = 3 * y * width;
    for (const { from, weights } of across) {
      let r = 0, g = 0, b = 0, at = 3 * from;
      for (const weight of weights) {
        r += weight * line[at++];
        g += weight * line[at++];
        b += weight * line[at++];
      }
      narrow[to++] = r;
      narrow[to++] = g;
      narrow[to++] = b;
    }
  }
  const pixels = new Float32Array(3 * width * height), stride = 3 * width;
  for (const [y, { from, weights }] of down.entries()) {
    const row = pixels.subarray(y * stride, (y + 1) * stride);
    for (let tap = 0; tap < weights.length; tap++) {
      const weight = weights[tap], start = (from + tap) * stride;
      for (let x = 0; x < stride; x++) row[x] += weight * narrow[start + x];
    }
  }
  return { pixels, width, height };
}

/** One line of a photograph on white, `[width, 3]`. */
function readLine({ data, width }: Picture, y: number, line: Float32Array): void {
  for (let x = 0, from = 4 * y * width, to = 0; x < width; x++, from += 4) {
    const alpha = data[from + 3] / 255, white = 255 - data[from + 3];
    line[to++] = data[from] * alpha + white;
    line[to++] = data[from + 1] * alpha + white;
    line[to++] = data[from + 2] * alpha + white;
  }
}

/** The pixels that one new pixel is made of: the first, and the weight of each. */
interface Taps {
  from: number;
  weights: Float64Array;
}

function tapsOf(size: number, newSize: number): Taps[] {
  const step = size / newSize, radius = Math.max(1, step);
  return Array.from({ length: newSize }, (_, i) => {
    const middle = (i + 0.5) * step;
    const from = Math.max(0, Math.floor(middle - radius + 0.5));
    const end = Math.min(size, Math.floor(middle + radius + 0.5));
    const weights = Float64Array.from(
      { length: end - from },
      (_, tap) => Math.max(0, 1 - Math.abs(from + tap + 0.5 - middle) / radius),
    );
    const sum = weights.reduce((sum, weight) => sum + weight, 0);
    return { from, weights: weights.map((weight) => weight / sum) };
  });
}
