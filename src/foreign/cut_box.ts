/**
 * Cuts a box to its image.
 *
 * @module
 */

import type { Corners, Size } from "./box_forms.ts";

/** Rounding sticks out by a share of the image's side no greater than this. */
const ROUNDING = 1e-7;

/** A box in its image, and what was done to it. */
export interface CutBox {
  box: [left: number, top: number, right: number, bottom: number];
  /** By how many pixels it stuck out, on the side where most; rounding counts as 0. */
  overhang: number;
  /** Which share of its area is left; 1 for a box that had none. */
  left: number;
  /** Whether a side was too thin and was made a pixel wide. */
  isWidened: boolean;
}

/**
 * Cuts a box to its image. A side of which nothing is left, or because of the cut less than
 * a pixel, is made a pixel wide, inwards, so that no relation is lost with its box.
 *
 * @param corners The box, left <= right and top <= bottom.
 * @param size Of the image, above 0.
 * @param leastSide A side that is thinner than this is widened in any case; default 0.
 * @returns Numbers as float32 holds them, within the image.
 */
export function cutBox(
  [x1, y1, x2, y2]: Corners,
  { width, height }: Size,
  leastSide = 0,
): CutBox {
  const across = cutSide(x1, x2, width, leastSide);
  const down = cutSide(y1, y2, height, leastSide);
  return {
    box: [across.low, down.low, across.high, down.high],
    overhang: Math.max(across.overhang, down.overhang),
    left: across.left * down.left,
    isWidened: across.isWidened || down.isWidened,
  };
}

function cutSide(low: number, high: number, size: number, leastSide: number) {
  const beyond = Math.max(-low, high - size);
  const overhang = beyond > ROUNDING * size ? beyond : 0;
  const start = Math.max(0, low), end = Math.min(high, size);
  const left = high > low ? Math.max(0, end - start) / (high - low) : 1;
  const most = Math.min(1, size);
  const least = overhang > 0 ? most : Math.min(leastSide, most);
  const isThin = end - start < least || !(Math.fround(start) < Math.fround(end));
  if (!isThin) {
    return { low: start, high: inside(end, size), overhang, left, isWidened: false };
  }
  const top = Math.min(Math.max(end, most), size);
  return {
    low: Math.max(0, Math.min(start, top - most)),
    high: inside(top, size),
    overhang,
    left,
    isWidened: end - start < most * (1 - ROUNDING),
  };
}

/** The nearest float32 that is not beyond a limit. */
function inside(end: number, limit: number): number {
  const rounded = Math.fround(end);
  return rounded > limit ? Math.fround(rounded * (1 - 2 ** -24)) : rounded;
}
