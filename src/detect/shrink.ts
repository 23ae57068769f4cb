/**
 * Makes a photograph small enough to lie in a page.
 *
 * @module
 */

import { encodeJpeg } from "../deps/images.ts";
import type { Picture } from "./detector.ts";
import { readPicture } from "./picture.ts";
import { resize } from "./resize.ts";

/** Greatest length of the longer side in pixels, and greatest size of the file in bytes. */
const MAX_SIDE = 640, MAX_BYTES = 120_000;
/** Qualities of JPEG that are tried in turn. */
const QUALITIES = [75, 60, 40, 20];

/** A photograph as a small file. */
export interface SmallPhotograph {
  /** A JPEG of at most {@linkcode MAX_BYTES}, upright. */
  jpeg: Uint8Array<ArrayBuffer>;
  /** Width of the whole photograph in pixels, upright. */
  width: number;
  /** Its height. */
  height: number;
}

/**
 * Scales a photograph down to at most 640 pixels on its longer side, and encodes it in at
 * most 120 kB. A smaller one keeps its size.
 *
 * @param bytes A JPEG, PNG or WebP.
 * @param name Its name, for errors.
 * @returns The small file; the same bytes give the same one.
 * @throws {SyntaxError | RangeError} If it cannot be decoded, or is too large.
 */
export async function shrinkPhotograph(
  bytes: Uint8Array,
  name: string,
): Promise<SmallPhotograph> {
  const picture = await readPicture(bytes, name);
  const { width, height } = picture;
  // Few pictures need a second quality, and only noise a smaller size.
  for (let side = MAX_SIDE;; side /= 2) {
    const small = scaledTo(picture, side);
    for (const quality of QUALITIES) {
      const jpeg = await encodeJpeg(small, quality);
      if (jpeg.length <= MAX_BYTES) return { jpeg, width, height };
    }
  }
}

/** Scales a picture down to this length of its longer side; a smaller one keeps its size. */
function scaledTo(picture: Picture, side: number): Picture {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const [w, h] = [picture.width, picture.height]
    .map((each) => Math.max(1, Math.round(scale * each)));
  const { pixels, width, height } = resize(picture, w, h);
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
    data[to] = pixels[from];
    data[to + 1] = pixels[from + 1];
    data[to + 2] = pixels[from + 2];
  }
  return { width, height, data };
}
