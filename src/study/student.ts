/**
 * Intervals of a mean over few runs.
 *
 * @module
 */

import { meanAndDeviation } from "../eval/comparison/bootstrap.ts";

/** 0.975 quantile of Student's distribution by degrees of freedom, from 1. */
const QUANTILES = [
  ...[12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228],
  ...[2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086],
];

/** 0.975 quantile of the normal distribution, for more degrees of freedom. */
const NORMAL = 1.96;

/** A mean and its 95 % interval. */
export interface MeanInterval {
  mean: number;
  /** Ends of the interval; null for a single run, which has none. */
  low: number | null;
  high: number | null;
}

/**
 * The mean over runs, with the 95 % interval of Student's t.
 *
 * @param values One value for each run; at least one.
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  const { mean, deviation } = meanAndDeviation(values);
  if (values.length < 2) return { mean, low: null, high: null };
  const half = (QUANTILES[values.length - 2] ?? NORMAL) * deviation /
    Math.sqrt(values.length);
  return { mean, low: mean - half, high: mean + half };
}
