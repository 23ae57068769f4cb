/**
 * Compares an operation and all of its gradients with numbers worked out by plain loops.
 *
 * @module
 */

import { tf } from "../../src/deps.ts";
import { Rows } from "../../src/kernels/rows.ts";
import { Random } from "../../src/random.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { type Input, input } from "./_gradients.ts";

/** Rows, columns of a left factor, columns: those that an operation has. */
export type Sizes = readonly [m: number, k: number, n: number];

/**
 * Compares an operation at some sizes, with numbers from a seed; `odd`, if it is given, is
 * one of the numbers of its main input.
 */
export type Comparison = (sizes: Sizes, seed: number, odd?: number) => Promise<void>;

/** Random numbers, the one in the middle being `odd`. */
export function mainInput(shape: number[], seed: number, odd?: number): Input {
  const main = input(shape, seed, "main");
  if (odd !== undefined) main.data[main.data.length >> 1] = odd;
  return main;
}

/** Compares a value and its gradients, wholly; no tensor may be left behind. */
export async function compare(
  run: (...tensors: tf.Tensor[]) => tf.Tensor,
  inputs: readonly Input[],
  dy: Float32Array,
  shape: number[],
  expected: { value: ArrayLike<number>; gradients: readonly ArrayLike<number>[] },
): Promise<void> {
  // Rounding errors of sums grow as the root of their length.
  const longest = Math.max(...inputs.flatMap(({ shape }) => shape), ...shape);
  const tolerance = 3e-5 * Math.sqrt(longest + 4);
  await assertNoLeak(async () => {
    const tensors = inputs.map(({ data, shape }) => tf.tensor(data, shape));
    const dyTensor = tf.tensor(dy, shape);
    // Of no rows some operations are constants, which have no gradient.
    const isEmpty = inputs.some(({ data }) => data.length === 0);
    const { value, grads } = isEmpty
      ? { value: tf.tidy(() => run(...tensors)), grads: [] }
      : tf.valueAndGrads(run)(tensors, dyTensor);
    assertClose(await value.data(), expected.value, tolerance, "value");
    for (const [i, gradient] of grads.entries()) {
      const what = `gradient of input ${i}`;
      assertClose(await gradient.data(), expected.gradients[i], tolerance, what);
    }
    tf.dispose([...tensors, dyTensor, value, ...grads]);
  });
}

/** Rows in groups at random: the first, the last and others are empty. */
export function groups(m: number, seed: number) {
  const numGroups = 7;
  const random = new Random(seed, "groups");
  const group = Int32Array.from({ length: m }, () => 1 + 2 * random.below(3));
  return { numGroups, group, rows: new Rows(group, numGroups) };
}

/** Sums of the rows of each group. */
export function rowSums(
  x: ArrayLike<number>,
  group: Int32Array,
  numGroups: number,
  n: number,
) {
  const sums = new Float64Array(numGroups * n);
  group.forEach((g, r) => {
    for (let c = 0; c < n; c++) sums[g * n + c] += x[r * n + c];
  });
  return sums;
}

/** The row of its group for each row. */
export function spread(x: ArrayLike<number>, group: Int32Array, n: number): Float64Array {
  const rows = new Float64Array(group.length * n);
  return rows.map((_, i) => x[group[Math.floor(i / n)] * n + i % n]);
}
