/**
 * Compares an operation and all of its gradients with the results of plain loops.
 *
 * @module
 */

import { tf } from "../../src/deps/tf.ts";
import { Groups } from "../../src/kernels/groups.ts";
import { Random } from "../../src/random.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { type Input, input } from "./_gradients.ts";

/** Sizes m, k, n of an operation: rows, columns of the left factor, columns. */
export type Sizes = readonly [m: number, k: number, n: number];

/** Compares an operation at some sizes, on random numbers, one of which may be odd. */
export type Comparison = (sizes: Sizes, seed: number, odd?: Odd) => Promise<void>;

/** A number that is not finite and replaces a random one. */
export class Odd {
  /** Number of arrays drawn so far. */
  numArrays = 0;

  /** @param place Index of the array that gets the number, in the order of drawing. */
  constructor(readonly value: number, readonly place: number) {}

  /** Puts the number in the middle of an array, if it is the array with index `place`. */
  spoil(array: Float32Array): void {
    if (this.numArrays++ === this.place) array[array.length >> 1] = this.value;
  }
}

/** Draws inputs, and the gradient of the output, from a seed. */
export function drawer(
  seed: number,
  odd?: Odd,
): (shape: number[], name: string) => Input {
  return (shape, name) => {
    const drawn = input(shape, seed, name);
    odd?.spoil(drawn.data);
    return drawn;
  };
}

/** The greatest absolute value of the finite numbers. */
function greatestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce(
    (most, value) => Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most,
    0,
  );
}

/**
 * Compares all numbers of a value and its gradients; no tensor may be left behind.
 *
 * @param dy The gradient of the output; without it gradients are not compared.
 * @param expected Differences may be `tolerance` times the greatest number of an array.
 */
export async function compare(
  run: (...tensors: tf.Tensor[]) => tf.Tensor,
  inputs: readonly Input[],
  dy: Float32Array | undefined,
  shape: number[],
  expected: {
    value: ArrayLike<number>;
    gradients: readonly ArrayLike<number>[];
    tolerance?: number;
  },
): Promise<void> {
  // Rounding errors of sums grow as the root of their length.
  const longest = Math.max(...inputs.flatMap(({ shape }) => shape), ...shape);
  const { tolerance = 1e-6 * Math.sqrt(longest + 4) } = expected;
  const check = async (actual: tf.Tensor, expected: ArrayLike<number>, what: string) =>
    assertClose(await actual.data(), expected, tolerance * greatestOf(expected), what);
  await assertNoLeak(async () => {
    const tensors = inputs.map(({ data, shape }) => tf.tensor(data, shape));
    const dyTensor = dy && tf.tensor(dy, shape);
    // Without rows some operations return constants, which have no gradient.
    const isConstant = !dyTensor || inputs.some(({ data }) => data.length === 0);
    const { value, grads } = isConstant
      ? { value: tf.tidy(() => run(...tensors)), grads: [] }
      : tf.valueAndGrads(run)(tensors, dyTensor);
    await check(value, expected.value, "value");
    for (const [i, gradient] of grads.entries()) {
      await check(gradient, expected.gradients[i], `gradient of input ${i}`);
    }
    tf.dispose([...tensors, dyTensor ?? [], value, ...grads]);
  });
}

/** Assigns rows to random groups; the first, the last and other groups are empty. */
export function groups(m: number, seed: number) {
  const numGroups = 7;
  const random = new Random(seed, "groups");
  const group = Int32Array.from({ length: m }, () => 1 + 2 * random.below(3));
  return { numGroups, group, rows: new Groups(group, numGroups) };
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
