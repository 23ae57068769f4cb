/**
 * Puts labels where they hide as little as possible.
 *
 * @module
 */

import type { Rect } from "./_svg.ts";

/** Area that two rectangles share. */
function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Places labels one after another, each clear of those before it where there is room. */
export class LabelPlacer {
  readonly #placed: Rect[] = [];
  readonly #width: number;
  readonly #height: number;

  /** @param width Width of the drawing. @param height Height of the drawing. */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /** Keeps labels off a place, such as the head of an arrow. */
  reserve(rect: Rect): void {
    this.#placed.push(rect);
  }

  /**
   * Takes the candidate that hides least, the first of equals.
   *
   * @param candidates Left upper corners, best first.
   * @param size Width and height of the label.
   * @returns Where the label goes, inside the drawing.
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
      // Pushed back into the drawing it stands away from what it names: worse than not.
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
