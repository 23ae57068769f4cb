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

/** A rectangle with more room on each side. */
export function grow({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

/** A place that labels keep away from. */
interface Reserved {
  rect: Rect;
  /** Cost of each unit of area that is covered. */
  weight: number;
  /** Labels of this owner may cover it. */
  owner?: string;
}

/** Places labels one after another, without overlap where there is room. */
export class LabelPlacer {
  readonly #reserved: Reserved[] = [];
  readonly #width: number;
  readonly #height: number;

  /** @param width Width of the drawing. @param height Height of the drawing. */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /**
   * Keeps labels away from a place, such as the head of an arrow.
   *
   * @param rect The place.
   * @param weight How much, beside 1 for another label; default 1.
   * @param owner Whose label may cover it.
   */
  reserve(rect: Rect, weight = 1, owner?: string): void {
    this.#reserved.push({ rect, weight, owner });
  }

  /**
   * Chooses the candidate that hides least, the first one if several are equal.
   *
   * @param candidates Upper left corners, best first.
   * @param size Width and height of the label.
   * @param options `gap`: room to keep to other labels where there is any; `owner`: whose
   * label it is.
   * @returns The place of the label, inside the drawing.
   */
  place(
    candidates: Iterable<readonly [number, number]>,
    size: readonly [number, number],
    options: { gap?: number; owner?: string } = {},
  ): Rect {
    const { gap = 0, owner } = options;
    const [width, height] = size;
    let best: Rect | undefined;
    let least = Infinity;
    for (const [left, top] of candidates) {
      const x = Math.max(0, Math.min(left, this.#width - width));
      const y = Math.max(0, Math.min(top, this.#height - height));
      const rect = { x, y, width, height };
      // Moving a label back into the drawing has a cost, as it leaves its thing.
      let cost = 0.2 * (Math.abs(x - left) * height + Math.abs(y - top) * width);
      for (const other of this.#reserved) {
        if (owner !== undefined && other.owner === owner) continue;
        cost += other.weight * overlap(rect, other.rect);
      }
      if (cost < least) [best, least] = [rect, cost];
      if (cost === 0) break;
    }
    const rect = best ?? { x: 0, y: 0, width, height };
    this.reserve(rect);
    if (gap > 0) this.reserve(grow(rect, gap), 0.1);
    return rect;
  }
}
