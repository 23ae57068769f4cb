/**
 * Confidence intervals: how much a metric depends on the choice of images.
 *
 * Images are drawn with replacement (Efron's bootstrap), the metric is computed on each
 * sample, and the spread of its values gives the interval. Two systems are compared on
 * the same samples, so the difficulty of images cancels.
 *
 * @module
 */

import { Random } from "../../random.ts";
import type { Statistic } from "../metric_values.ts";

/** Settings of the bootstrap. */
export interface BootstrapOptions {
  /** Seed of the samples; default 1. */
  seed?: number;
  /** Number of samples; default 2000. */
  resamples?: number;
}

/** The value of a statistic on all images, and its values on the samples. */
export interface Resampled {
  value: number;
  draws: Float64Array;
}

/** An interval. */
export interface Interval {
  /** Lower end. */
  low: number;
  /** Upper end. */
  high: number;
}

/** A difference with its interval. */
export interface Difference extends Interval {
  /** The difference on all images. */
  value: number;
  /**
   * Two-sided p-value of "no difference": twice the smaller share of samples at or beyond
   * zero. Adding 1 to numerator and denominator keeps it above 0. NaN if no sample has a
   * value.
   */
  pValue: number;
}

/**
 * Computes statistics on the same samples of images.
 *
 * @param statistics The statistics, see {@linkcode RecallEvaluator.statistics}.
 * @param numImages Number of images, which is also the size of each sample.
 * @param options Seed and number of samples.
 * @returns One entry for each statistic.
 * @throws {RangeError} If the number of images is 0, or an option is out of range.
 */
export function resample(
  statistics: readonly Statistic[],
  numImages: number,
  { seed = 1, resamples = 2000 }: BootstrapOptions = {},
): Resampled[] {
  if (!(Number.isInteger(resamples) && resamples >= 1)) {
    throw new RangeError(
      `Cannot resample images as "resamples" must be an integer >= 1: current value is ${resamples}`,
    );
  }
  if (numImages < 1) {
    throw new RangeError(
      `Cannot resample images as there must be one or more: found ${numImages}`,
    );
  }
  const random = new Random(seed, "bootstrap");
  const weights = new Uint32Array(numImages).fill(1);
  const results = statistics.map((statistic) => {
    return { value: statistic(weights), draws: new Float64Array(resamples) };
  });
  for (let draw = 0; draw < resamples; draw++) {
    weights.fill(0);
    for (let i = 0; i < numImages; i++) weights[random.below(numImages)]++;
    for (const [s, statistic] of statistics.entries()) {
      results[s].draws[draw] = statistic(weights);
    }
  }
  return results;
}

/**
 * The interval that holds a share of the samples (percentile method). It leaves out
 * samples without a value, such as zero-shot recall without zero-shot rows.
 *
 * @param draws Values on the samples.
 * @param level Share inside, default 0.95.
 * @returns Both ends; NaN if no sample has a value.
 * @throws {RangeError} If the level is not between 0 and 1.
 */
export function interval(draws: Float64Array, level = 0.95): Interval {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(
      `Cannot compute an interval as "level" must be in (0, 1): current value is ${level}`,
    );
  }
  const sorted = draws.filter((draw) => !Number.isNaN(draw)).sort();
  const at = (share: number) => {
    const position = share * (sorted.length - 1), below = Math.floor(position);
    const next = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (position - below) * (next - sorted[below]);
  };
  if (sorted.length === 0) return { low: NaN, high: NaN };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}

/**
 * The difference of two systems on the same samples.
 *
 * @param system Result of {@linkcode resample} for one system.
 * @param baseline Result of the same call for the other.
 * @returns System minus baseline.
 *
 * @example
 * ```ts
 * import { differenceOf, resample } from "./bootstrap.ts";
 * const better = [1, 1, 0, 1], worse = [1, 0, 0, 1];
 * const mean = (hits: number[]) => (weights: ArrayLike<number>) =>
 *   hits.reduce((sum, hit, image) => sum + hit * weights[image], 0) / 4;
 * const [a, b] = resample([mean(better), mean(worse)], 4);
 * const { value, low } = differenceOf(a, b);
 * if (value !== 0.25 || low !== 0) throw new Error();
 * ```
 */
export function differenceOf(system: Resampled, baseline: Resampled): Difference {
  const draws = system.draws.map((draw, i) => draw - baseline.draws[i]);
  const valid = draws.filter((draw) => !Number.isNaN(draw));
  const below = valid.filter((draw) => draw <= 0).length;
  const above = valid.filter((draw) => draw >= 0).length;
  return {
    value: system.value - baseline.value,
    ...interval(draws),
    pValue: valid.length > 0
      ? Math.min(1, 2 * (Math.min(below, above) + 1) / (valid.length + 1))
      : NaN,
  };
}

/**
 * Mean and standard deviation (n - 1) of a value over several runs.
 *
 * @param values One for each run; at least one.
 * @returns The deviation is 0 for a single run.
 *
 * @example
 * ```ts
 * import { meanAndDeviation } from "./bootstrap.ts";
 * const { mean, deviation } = meanAndDeviation([1, 2, 3]);
 * if (mean !== 2 || deviation !== 1) throw new Error();
 * ```
 */
export function meanAndDeviation(
  values: readonly number[],
): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, deviation: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
