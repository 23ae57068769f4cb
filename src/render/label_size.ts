/**
 * How large the labels of a drawing must be to be read at the size at which it is shown.
 *
 * @module
 */

/** Height of labels in pixels of the screen. */
const LABEL_PIXELS = 12;
/** Longer side of a drawing in its own units, as of `drawOverImage()`. */
const SIDE = 1000;
/** Least and greatest size of labels in those units; larger ones would hide the picture. */
const LEAST = 16, GREATEST = 36;

/**
 * The `fontSize` of `drawOverImage()` for a drawing that is shown small.
 *
 * @param image Width and height of the image in pixels.
 * @param width Width of the drawing on the screen, in its pixels.
 */
export function legibleSize(
  { imageWidth, imageHeight }: { imageWidth: number; imageHeight: number },
  width: number,
): number {
  const scale = SIDE / Math.max(imageWidth, imageHeight);
  const units = LABEL_PIXELS * imageWidth * scale / width;
  return Math.min(GREATEST, Math.max(LEAST, units));
}
