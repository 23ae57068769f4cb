/**
 * Repairs boxes of imported files that leave their image or have no area.
 *
 * @module
 */

/**
 * Clips a box to its image, but keeps it at least one pixel wide and high, so that no
 * relation is lost with its box.
 *
 * @param box Left, top, right, bottom in pixels.
 * @param width Width of the image in pixels, above 0.
 * @param height Height of the image in pixels, above 0.
 * @returns The clipped box.
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
