/**
 * Draws what was believed before context above what is believed after it.
 *
 * @module
 */

import { round } from "./_svg.ts";

/** Height of both bars together. */
export const BARS_HEIGHT = 14;

/**
 * Draws two bars, one above the other.
 *
 * @param beliefs Probabilities before and after.
 * @param fills Their colours.
 * @param width Width of the bar of a probability of 1.
 * @returns SVG elements with the upper left corner at 0, 0.
 */
export function beliefBars(
  beliefs: readonly [before: number, after: number],
  fills: readonly [before: string, after: string],
  width: number,
): string {
  return beliefs.map((belief, i) =>
    `<rect y="${i * BARS_HEIGHT / 2 + 1}" width="${round(width * belief)}" height="${
      BARS_HEIGHT / 2 - 2
    }" fill="${fills[i]}"/>`
  ).join("");
}
