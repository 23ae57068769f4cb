/**
 * Brings photographs into the square that a network wants.
 *
 * @module
 */

import type { Picture } from "./detector.ts";
import { resize } from "./resize.ts";

/** Gray of what lies beside a photograph; that of YOLO. */
const BESIDE = 114;

/** Where a photograph lies in the square. */
export interface Placement {
  /** Width and height of the photograph in pixels. */
  imageWidth: number;
  imageHeight: number;
  /** Pixels of the square left of the photograph, and above. */
  left: number;
  top: number;
  /** Pixels of the photograph for one of the square, across and down. */
  scaleX: number;
  scaleY: number;
}

/** A photograph in a square, `[side, side, 3]`: red, green, blue, 0 to 255. */
export interface PlacedPicture extends Placement {
  pixels: Float32Array;
}

/**
 * Scales a photograph to a square, or a rectangle.
 *
 * @param picture The photograph.
 * @param width Width of the input in pixels.
 * @param height Its height.
 * @param fit `"stretch"` fills it; `"letterbox"` keeps the shape of the photograph and
 * fills the rest with gray, as does `"corner"`, with the photograph not in the middle but in
 * the upper left corner.
 * @returns The pixels, and where the photograph lies in them.
 */
export function place(
  picture: Picture,
  [width, height]: readonly [width: number, height: number],
  fit: "stretch" | "letterbox" | "corner",
): PlacedPicture {
  const { width: imageWidth, height: imageHeight } = picture;
  const size = { imageWidth, imageHeight };
  if (fit === "stretch") {
    const { pixels } = resize(picture, width, height);
    const [scaleX, scaleY] = [imageWidth / width, imageHeight / height];
    return { ...size, pixels, left: 0, top: 0, scaleX, scaleY };
  }
  const scale = Math.min(width / imageWidth, height / imageHeight);
  const w = Math.max(1, Math.round(imageWidth * scale));
  const h = Math.max(1, Math.round(imageHeight * scale));
  const [left, top] = [width - w, height - h]
    .map((rest) => fit === "corner" ? 0 : Math.floor(rest / 2));
  const { pixels: inner } = resize(picture, w, h);
  const pixels = new Float32Array(3 * width * height).fill(BESIDE);
  for (let y = 0; y < h; y++) {
    const row = inner.subarray(3 * y * w, 3 * (y + 1) * w);
    pixels.set(row, 3 * ((y + top) * width + left));
  }
  return {
    ...{ ...size, pixels, left, top },
    ...{ scaleX: imageWidth / w, scaleY: imageHeight / h },
  };
}
