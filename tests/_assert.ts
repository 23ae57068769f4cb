/**
 * Assertions beyond those of `@std/assert`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { tf } from "../src/deps/tf.ts";

/** Fails unless all numbers are within `tolerance`; the message has the worst one. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "values",
): void {
  assertEquals(actual.length, expected.length, `${what}: number of values`);
  let worst = 0, at = -1;
  for (let i = 0; i < actual.length; i++) {
    const distance = Object.is(actual[i], expected[i])
      ? 0
      : Math.abs(actual[i] - expected[i]);
    if (!(distance <= worst)) [worst, at] = [distance, i];
    if (Number.isNaN(distance)) break;
  }
  assert(
    worst <= tolerance,
    `${what}: at ${at} ${actual[at]} is not within ${tolerance} of ${expected[at]}`,
  );
}

/** Fails unless a function leaves exactly `kept` tensors behind, those that it returns. */
export async function assertNoLeak(
  run: () => unknown | Promise<unknown>,
  kept = 0,
): Promise<void> {
  const before = tf.memory().numTensors;
  await run();
  assertEquals(tf.memory().numTensors - before, kept, "tensors left behind");
}
