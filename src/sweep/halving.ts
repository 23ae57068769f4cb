/**
 * Successive halving: hopeless settings are stopped early (Jamieson and Talwalkar,
 * AISTATS 2016).
 *
 * All settings train for a few epochs; the best of them, one of `factor`, train `factor`
 * times as long, and so on, until those that are left have trained to the end. A run that
 * is paused and continued gives the same bytes as one that was not.
 *
 * @module
 */

import type { Halving } from "./sweep_file.ts";

/**
 * The epochs at which runs pause.
 *
 * @param halving The first pause and the factor.
 * @param longest Epochs of the longest run, which the last entry is.
 */
export function pausesOf({ epochs, factor }: Halving, longest: number): number[] {
  const pauses: number[] = [];
  for (let pause = epochs; pause < longest; pause *= factor) pauses.push(pause);
  return [...pauses, longest];
}

/**
 * Chooses what goes on after a pause: one of `factor`, rounded up.
 *
 * @param scores One for each setting, higher is better; NaN is worse than all.
 * @param factor Of how many one goes on.
 * @returns Indices in ascending order; of equal scores the first goes on.
 */
export function bestOf(scores: readonly number[], factor: number): number[] {
  const rank = (score: number) => Number.isNaN(score) ? -Infinity : score;
  const order = scores.map((_, i) => i).sort((a, b) => {
    const [x, y] = [rank(scores[a]), rank(scores[b])];
    return x === y ? a - b : y - x;
  });
  return order.slice(0, Math.ceil(scores.length / factor)).sort((a, b) => a - b);
}
