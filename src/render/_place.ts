/**
 * Places labels so that they hide as little as possible.
 *
 * @module
 */

import type { Rect } from "./_svg.ts";

/** Area of the overlap of two rectangles. */
function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Places labels one after another, without overlap where there is room. */
export class LabelPlacer {
  readonly #placed: Rect[] = [];
  readonly #width: number;
  readonly #height: number;

  /** @param width Width of the drawing. @param height Height of the drawing. */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /** Keeps labels away from a place, such as the head of an arrow. */
  reserve(rect: Rect): void {
    this.#placed.push(rect);
  }

  /**
   * Chooses the candidate that hides least, the first one if several are equal.
   *
   * @param candidates Upper left corners, best first.
   * @param size Width and height of the label.
   * @returns The place of the label, inside the drawing.
   */
  place(
    candidates: Iterable<readonly [number, number]>,
    size: readonly [number, number],
  ): Rect {
    const [width, height] = size;
    let best: Rect | undefined;
    let least = Infinity;
    for (const [left, top] of candidates) {
      const x = Math.max(0, Math.min(left, this.#width - width));
      const y = Math.max(0, Math.min(top, this.#height - height));
      const rect = { x, y, width, height };
      // Moving a label back into the drawing has a cost, as it leaves its thing.
      let cost = 0.2 * (Math.abs(x - left) * height + Math.abs(y - top) * width);
      for (const other of this.#placed) cost += overlap(rect, other);
      if (cost < least) [best, least] = [rect, cost];
      if (cost === 0) break;
    }
    const rect = best ?? { x: 0, y: 0, width, height };
    this.#placed.push(rect);
    return rect;
  }
}
