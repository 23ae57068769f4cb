/**
 * How far a number could be off, had other images of the same kind been drawn.
 *
 * Images are drawn again with replacement (Efron's bootstrap), the metric is taken
 * anew each time, and the spread is read off. Two systems are compared on the same
 * draws, so what makes an image hard for both cancels.
 *
 * @module
 */

import { Random } from "../../random.ts";
import type { Statistic } from "../metric_values.ts";

/** Settings of the bootstrap. */
export interface BootstrapOptions {
  /** Seed of the draws; default 1. */
  seed?: number;
  /** How often images are drawn anew; default 2000. */
  resamples?: number;
  /** Share of the draws inside the interval; default 0.95. */
  level?: number;
}

/** A number with its interval. */
export interface Interval {
  /** The number itself, on the images as they are. */
  value: number;
  /** Lower end. */
  low: number;
  /** Upper end. */
  high: number;
}

/** A difference with its interval. */
export interface Difference extends Interval {
  /**
   * Two-sided p-value of "no difference": twice the smaller share of draws at or beyond
   * zero, 1 added above and below so that it is never 0.
   */
  pValue: number;
}

/**
 * Takes statistics on the same draws of images.
 *
 * @param statistics What is computed.
 * @param numImages How many images there are, and are drawn each time.
 * @param options Seed and number of draws.
 * @returns For each statistic its value on all images, then its values on the draws.
 * @throws {RangeError} If there are no images, or the options are out of range.
 */
export function resample(
  statistics: readonly Statistic[],
  numImages: number,
  { seed = 1, resamples = 2000 }: BootstrapOptions = {},
): { value: number; draws: Float64Array }[] {
  if (!(Number.isInteger(resamples) && resamples >= 1)) {
    throw new RangeError(
      `Cannot resample images as "resamples" must be an integer >= 1: current value is ${resamples}`,
    );
  }
  if (numImages < 1) throw new RangeError("Cannot resample images as there are none");
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
 * The interval that holds a share of the draws (percentile method). Draws without a
 * value, such as zero-shot recall of a draw without zero-shot rows, are left out.
 *
 * @param draws Values on the draws.
 * @param level Share inside, default 0.95.
 * @returns Both ends; NaN if no draw has a value.
 * @throws {RangeError} If the level is not between 0 and 1.
 */
export function interval(
  draws: Float64Array,
  level = 0.95,
): { low: number; high: number } {
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
 * The interval of a metric.
 *
 * @param statistic The metric, see {@linkcode RecallEvaluator.statistics}.
 * @param numImages How many images there are.
 * @param options Seed, draws and level.
 */
export function bootstrap(
  statistic: Statistic,
  numImages: number,
  options: BootstrapOptions = {},
): Interval {
  const [{ value, draws }] = resample([statistic], numImages, options);
  return { value, ...interval(draws, options.level) };
}

/**
 * The difference of two systems on the same images.
 *
 * @param system Its metric.
 * @param baseline The same metric of the other, over the same images in the same order.
 * @param numImages How many images there are.
 * @param options Seed, draws and level.
 * @returns System minus baseline.
 *
 * @example
 * ```ts
 * import { bootstrapDifference } from "./bootstrap.ts";
 * const better = [1, 1, 0, 1], worse = [1, 0, 0, 1];
 * const mean = (hits: number[]) => (weights: ArrayLike<number>) =>
 *   hits.reduce((sum, hit, image) => sum + hit * weights[image], 0) / 4;
 * const { value, low } = bootstrapDifference(mean(better), mean(worse), 4);
 * if (value !== 0.25 || low !== 0) throw new Error();
 * ```
 */
export function bootstrapDifference(
  system: Statistic,
  baseline: Statistic,
  numImages: number,
  options: BootstrapOptions = {},
): Difference {
  const [a, b] = resample([system, baseline], numImages, options);
  return differenceOf(a, b, options.level);
}

/**
 * The difference of two of {@linkcode resample}'s results.
 *
 * @param system Value and draws.
 * @param baseline Value and draws, of the same call.
 * @param level Share of draws inside the interval.
 */
export function differenceOf(
  system: { value: number; draws: Float64Array },
  baseline: { value: number; draws: Float64Array },
  level?: number,
): Difference {
  const draws = system.draws.map((draw, i) => draw - baseline.draws[i]);
  const valid = draws.filter((draw) => !Number.isNaN(draw));
  const below = valid.filter((draw) => draw <= 0).length;
  const above = valid.filter((draw) => draw >= 0).length;
  return {
    value: system.value - baseline.value,
    ...interval(draws, level),
    pValue: Math.min(1, 2 * (Math.min(below, above) + 1) / (valid.length + 1)),
  };
}

/**
 * Mean and standard deviation (n - 1) of one number over several runs.
 *
 * @param values One a seed; at least one.
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
