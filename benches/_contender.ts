/**
 * The systems of a bench, and the check that they compute the same.
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
  /** Images of one run; default: the batch of the part. */
  batch?: number;
  /** Useful floating-point operations of one run; without it no rate is computed. */
  flops?: number;
  /** Largest relative difference from the first contender's outputs; default 1e-3. */
  tolerance?: number;
  /** Gets the system ready. */
  start(): Runner | Promise<Runner>;
}

/** A system that is ready to run. */
export interface Runner {
  /** Runs once; this is timed. */
  run(): unknown;
  /** Does the work whose memory is measured; default: two runs, or one if it takes over a second. */
  alone?(): Promise<void>;
  /** Computes outputs, which must agree with the first contender's. */
  outputs?(): Promise<readonly ArrayLike<number>[]>;
}

/** Numbers of workers or threads to time: one, and one for each core. */
export const WORKERS: readonly number[] = [
  ...new Set([1, navigator.hardwareConcurrency]),
];

/** Default of {@linkcode Contender.tolerance}. */
const TOLERANCE = 1e-3;

/**
 * Checks that a system computes the same as the first contender; otherwise its time would
 * mean nothing.
 *
 * Arrays are compared one by one: the root mean square of the difference relative to that of
 * the expected array, since rounding may turn single relus on or off. Expected arrays with a
 * root mean square below 1e-5 of the largest are measured against that: where terms cancel,
 * our form leaves them out, and a peer has rounding noise.
 *
 * @param contender The system; the message names it.
 * @param actual Its outputs.
 * @param expected Outputs of the first contender.
 * @throws {Error} If an array differs by more than the tolerance.
 */
export function checkOutputs(
  { system, form, tolerance = TOLERANCE }: Contender,
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): void {
  const scales = expected.map((array) => rootMeanSquare(array));
  const floor = Math.max(...scales) * 1e-5;
  for (const [i, array] of expected.entries()) {
    const difference = actual[i]?.length === array.length
      ? rootMeanSquare(array, actual[i])
      : Infinity;
    const relative = difference / Math.max(scales[i], floor);
    if (relative <= tolerance) continue; // false for NaN
    throw new Error(
      `Cannot time ${system} (${form}) as output ${i} must be within ${tolerance} ` +
        `of ours: the relative difference is ${relative}`,
    );
  }
}

/** Root mean square of numbers, or of their differences from others. */
function rootMeanSquare(numbers: ArrayLike<number>, others?: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < numbers.length; k++) {
    sum += (numbers[k] - (others ? others[k] : 0)) ** 2;
  }
  return Math.sqrt(sum / numbers.length);
}
