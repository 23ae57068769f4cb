/**
 * Who takes part in a bench.
 *
 * @module
 */

import type { System } from "./row.ts";

/** A system to time. */
export interface Contender {
  system: System;
  form: string;
  /** Workers or threads; default 1. */
  workers?: number;
  /** Images of one run, if not the part's. */
  batch?: number;
  /** Useful floating-point operations of one run; none: no rate. */
  flops?: number;
  /** How far outputs may be from the first contender's; default 1e-3. */
  tolerance?: number;
  /** Makes it ready. */
  start(): Runner | Promise<Runner>;
}

/** A system that is ready. */
export interface Runner {
  /** What is timed. */
  run(): unknown;
  /** What its memory is measured by; default: two runs, one if that takes a second. */
  alone?(): Promise<void>;
  /** What must agree with the first contender's. */
  outputs?(): Promise<readonly ArrayLike<number>[]>;
}

/** Numbers of workers, or threads, that are timed: one, and one a core. */
export const WORKERS: readonly number[] = [
  ...new Set([1, navigator.hardwareConcurrency]),
];

/** Default of {@linkcode Contender.tolerance}. */
const TOLERANCE = 1e-3;

/**
 * Fails if a system computes something else than ours: then its time means nothing.
 *
 * @param contender Its name is for the message.
 * @param actual What it gives.
 * @param expected What the first contender gives. Arrays are compared one by one: the
 * root mean square of what they differ by, in proportion to their own, as rounding may turn
 * a relu on or off here and there. Their own counts as 1e-5 of the greatest at least: where
 * ours leaves out what cancels, a peer has rounding noise.
 * @throws {Error} If they differ by more than the tolerance.
 */
export function checkOutputs(
  { system, form, tolerance = TOLERANCE }: Contender,
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): void {
  const scales = expected.map((array) => rootMeanSquare(array));
  const floor = Math.max(...scales) * 1e-5;
  for (const [i, array] of expected.entries()) {
    const apart = actual[i]?.length === array.length
      ? rootMeanSquare(array, actual[i])
      : Infinity;
    const proportion = apart / Math.max(scales[i], floor);
    if (proportion <= tolerance) continue; // not so if it is NaN
    throw new Error(
      `Cannot time ${system} (${form}) as output ${i} must be within ${tolerance} ` +
        `of ours: it is ${proportion} away, in proportion`,
    );
  }
}

/** Of numbers, or of what they differ by from others. */
function rootMeanSquare(numbers: ArrayLike<number>, others?: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < numbers.length; k++) {
    sum += (numbers[k] - (others ? others[k] : 0)) ** 2;
  }
  return Math.sqrt(sum / numbers.length);
}
