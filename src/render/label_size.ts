/**
 * How large the labels of a drawing must be to be read at the size at which it is shown.
 *
 * @module
 */

/** Height of labels in pixels of the screen, and of the smallest text. */
const LABEL_PIXELS = 12, LEAST_PIXELS = 11;
/** Longer side of a drawing in its own units, as of `drawOverImage()`. */
const SIDE = 1000;
/** Least and greatest size of labels in those units; larger ones would hide the picture. */
const LEAST = 16, GREATEST = 36;

/** Sizes of text in units of a drawing. */
export interface TextSizes {
  /** Size of labels of entities with a relation; others are smaller. */
  fontSize: number;
  /** No text is smaller. */
  minFontSize: number;
}

/**
 * The sizes of text in a drawing that is shown at a known size.
 *
 * @param pixel Units of the drawing for each pixel of the screen.
 */
export function sizesAt(pixel: number): TextSizes {
  // Drawings have sizes with one decimal.
  return {
    fontSize: LABEL_PIXELS * pixel,
    minFontSize: Math.ceil(10 * LEAST_PIXELS * pixel) / 10,
  };
}

/**
 * The sizes of text of `drawOverImage()` for a drawing that is shown small.
 *
 * @param image Width and height of the image in pixels.
 * @param width Width of the drawing on the screen, in its pixels.
 */
export function legibleSizes(
  { imageWidth, imageHeight }: { imageWidth: number; imageHeight: number },
  width: number,
): TextSizes {
  const pixel = SIDE * imageWidth / Math.max(imageWidth, imageHeight) / width;
  const { fontSize, minFontSize } = sizesAt(pixel);
  return {
    fontSize: Math.min(GREATEST, Math.max(LEAST, fontSize)),
    minFontSize: Math.min(GREATEST, minFontSize),
  };
}
