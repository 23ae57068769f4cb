/**
 * Boxes of other people's files that stick out of their images, or have no area.
 *
 * @module
 */

/**
 * Cuts a box to its image and leaves at least one pixel of it, so that no relation is lost
 * with its box.
 *
 * @param box Left, top, right, bottom.
 * @param width Of the image, above 0.
 * @param height Of the image, above 0.
 */
export function clipBox(
  [x1, y1, x2, y2]: readonly number[],
  width: number,
  height: number,
): [number, number, number, number] {
  const [left, right] = clip(x1, x2, width);
  const [top, bottom] = clip(y1, y2, height);
  return [left, top, right, bottom];
}

function clip(low: number, high: number, size: number): [number, number] {
  const least = Math.min(1, size);
  const end = Math.max(Math.min(high, size), least);
  return [Math.max(0, Math.min(low, end - least)), end];
}
