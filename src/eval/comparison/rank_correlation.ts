/**
 * Rank correlation: how alike two rankings of the same things are.
 *
 * @module
 */

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks. Equal values share the
 * mean of their ranks.
 *
 * @param a Values, one for each thing.
 * @param b Other values of the same things.
 * @returns From -1 to 1; NaN if there are fewer than two things, or all values of one side
 * are equal.
 * @throws {RangeError} If the lengths differ.
 *
 * @example
 * ```ts
 * import { rankCorrelation } from "./rank_correlation.ts";
 * if (rankCorrelation([1, 5, 3], [10, 90, 20]) !== 1) throw new Error();
 * ```
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) {
    throw new RangeError(
      `Cannot correlate ranks as both lists must be of one length: found ${a.length} and ${b.length}`,
    );
  }
  const x = ranksOf(a), y = ranksOf(b), mean = (a.length + 1) / 2;
  const product = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, rank, i) => sum + (rank - mean) * (v[i] - mean), 0);
  const scale = Math.sqrt(product(x, x) * product(y, y));
  return scale === 0 ? NaN : product(x, y) / scale;
}

/** The ranks of values, from 1. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}
