/**
 * Comparisons of every operation of `src/kernels/`, its values and all of its gradients,
 * with plain loops in double precision, at any size.
 *
 * @module
 */

import { tf } from "../../src/deps/tf.ts";
import { updateByAdam } from "../../src/kernels/adam.ts";
import { dropout, levels } from "../../src/kernels/dropout.ts";
import { gatherRows, sumRows } from "../../src/kernels/groups.ts";
import { crossEntropy, logProbabilities } from "../../src/kernels/softmax.ts";
import { splitRows } from "../../src/kernels/split.ts";
import { poolRows } from "../../src/model/pool.ts";
import { Random } from "../../src/random.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import {
  compare,
  type Comparison,
  drawer,
  groups,
  type Odd,
  rowSums,
  type Sizes,
  spread,
} from "./_compare.ts";
import { DENSE_OPERATIONS } from "./_dense_operations.ts";
import { randomArray } from "./_gradients.ts";
import { inner, poolPlain, softmaxPlain } from "./_plain.ts";

/** Comparisons by the names of the operations. */
export const OPERATIONS: Readonly<Record<string, Comparison>> = {
  ...DENSE_OPERATIONS,
  "poolRows() by feature": (...args) => comparePool("feature", ...args),
  "poolRows() by row": (...args) => comparePool("row", ...args),
  "poolRows() by the mean": (...args) => comparePool("mean", ...args),
  "sumRows()": async ([m, , n], seed, odd) => {
    const { rows, group, numGroups } = groups(m, seed);
    const draw = drawer(seed, odd);
    const x = draw([m, n], "x"), dy = draw([numGroups, n], "dy").data;
    await compare((x) => sumRows(x as tf.Tensor2D, rows), [x], dy, [numGroups, n], {
      value: rowSums(x.data, group, numGroups, n),
      gradients: [spread(dy, group, n)],
    });
    rows.dispose();
  },
  "gatherRows()": async ([m, , n], seed, odd) => {
    const { rows, group, numGroups } = groups(m, seed);
    const draw = drawer(seed, odd);
    const x = draw([numGroups, n], "x"), dy = draw([m, n], "dy").data;
    await compare((x) => gatherRows(x as tf.Tensor2D, rows), [x], dy, [m, n], {
      value: spread(x.data, group, n),
      gradients: [rowSums(dy, group, numGroups, n)],
    });
    rows.dispose();
  },
  "splitRows()": async ([m, , n], seed, odd) => {
    // Blocks of half the rows, 1 row and the other half, concatenated in reverse.
    const half = (m - 1) / 2;
    const sizes = m < 2 ? [m] : [Math.floor(half), 1, Math.ceil(half)];
    const swap = (x: Float32Array, sizes: readonly number[]) => {
      let from = 0;
      const blocks = sizes.map((size) => x.subarray(from * n, (from += size) * n));
      return Float32Array.from(blocks.reverse().flatMap((block) => [...block]));
    };
    const draw = drawer(seed, odd);
    const x = draw([m, n], "x"), dy = draw([m, n], "dy").data;
    await compare(
      (x) => tf.concat(splitRows(x as tf.Tensor2D, sizes).reverse(), 0),
      [x],
      dy,
      [m, n],
      {
        value: swap(x.data, sizes),
        gradients: [swap(dy, sizes.toReversed())],
        tolerance: 0,
      },
    );
  },
  "logProbabilities()": compareLogProbabilities,
  "crossEntropy()": compareCrossEntropy,
  "dropout()": async ([m, , n], seed, odd) => {
    const middle = Math.floor(m / 2), rate = 0.3;
    const offsets = Int32Array.of(0, middle, middle, m); // the second block is empty
    const seeds = [[seed, 1], [seed, 2], [seed, 3]];
    const { threshold, kept } = levels(rate);
    const mask = new Float64Array(m * n);
    for (const [b, of] of seeds.entries()) {
      const random = new Random(...of);
      for (let i = offsets[b] * n; i < offsets[b + 1] * n; i += 2) {
        const bits = random.uint32();
        [bits & 0xffff, bits >>> 16].forEach((draw, lane) => {
          if (i + lane < offsets[b + 1] * n && draw >= threshold) mask[i + lane] = kept;
        });
      }
    }
    const draw = drawer(seed, odd);
    const x = draw([m, n], "x"), dy = draw([m, n], "dy").data;
    await compare(
      (x) => dropout(x as tf.Tensor2D, { rate, offsets, seeds }),
      [x],
      dy,
      [m, n],
      {
        value: mask.map((factor, i) => factor * x.data[i]),
        gradients: [mask.map((factor, i) => factor * dy[i])],
        tolerance: 1e-7,
      },
    );
  },
  // The third update of either form; rate and epsilon have the bias corrections.
  "updateByAdam() with epsilon on the corrected root": (...args) =>
    compareAdam(1e-7 * Math.sqrt(1 - 0.999 ** 3), ...args),
  "updateByAdam() with epsilon on the plain root": (...args) =>
    compareAdam(1e-8, ...args),
};

async function comparePool(
  by: "feature" | "row" | "mean",
  [m, , n]: Sizes,
  seed: number,
  odd?: Odd,
): Promise<void> {
  const { rows, group, numGroups } = groups(m, seed);
  const scoreWidth = by === "feature" ? n : 1;
  const draw = drawer(seed, odd);
  const values = draw([m, n], "values"), dy = draw([numGroups, n], "dy").data;
  const scores = draw([m, scoreWidth], "scores");
  // Equal scores give the mean.
  const plain = by === "mean" ? new Float32Array(m) : scores.data;
  const pool = { group, numGroups, width: n, scoreWidth };
  const { out, weights } = poolPlain(values.data, plain, pool);
  const weightOf = (r: number, c: number) =>
    weights[scoreWidth === 1 ? r : r * scoreWidth + c];
  const dValues = new Float64Array(m * n), dScores = new Float64Array(m * scoreWidth);
  for (let r = 0; r < m; r++) {
    const of = (x: ArrayLike<number>, row: number) =>
      Array.from({ length: n }, (_, c) => x[row * n + c]);
    const [value, sum, dSum] = [of(values.data, r), of(out, group[r]), of(dy, group[r])];
    dSum.forEach((d, c) => dValues[r * n + c] = weightOf(r, c) * d);
    if (scoreWidth === 1) {
      dScores[r] = weightOf(r, 0) * (inner(value, dSum) - inner(sum, dSum));
    } else {
      value.forEach((v, c) => dScores[r * n + c] = dValues[r * n + c] * (v - sum[c]));
    }
  }
  await compare(
    (values, scores) =>
      tf.tidy(() =>
        poolRows(values as tf.Tensor2D, scores as tf.Tensor2D | undefined, rows).value
      ),
    by === "mean" ? [values] : [values, scores],
    dy,
    [numGroups, n],
    { value: out, gradients: by === "mean" ? [dValues] : [dValues, dScores] },
  );
  // Only the sums, as in prediction.
  await compare(
    (values, scores) =>
      poolRows(values as tf.Tensor2D, scores as tf.Tensor2D | undefined, rows, false)
        .value,
    by === "mean" ? [values] : [values, scores],
    undefined,
    [numGroups, n],
    { value: out, gradients: [] },
  );
  rows.dispose();
}

async function compareLogProbabilities(
  [m, , n]: Sizes,
  seed: number,
  odd?: Odd,
): Promise<void> {
  const choices = Math.max(1, n - 1);
  const draw = drawer(seed, odd);
  const x = draw([m, n], "x");
  x.data = x.data.map((value) => 3 * value);
  const dy = draw([m, n + 1], "dy").data; // of the logs, then of the greatest
  const epsilon = seed % 2 === 0 ? 1e-10 : 1e-2;
  const value = new Float64Array(dy.length), dx = new Float64Array(m * n);
  for (let r = 0; r < m; r++) {
    const p = softmaxPlain(x.data.subarray(r * n, r * n + n));
    const first = p.subarray(0, choices), label = first.indexOf(Math.max(...first));
    const from = r * (n + 1);
    value.set(p.map((q) => Math.log(q + epsilon)), from);
    value[from + n] = p[label];
    const dp = p.map((q, c) =>
      dy[from + c] / (q + epsilon) + (c === label ? dy[from + n] : 0)
    );
    const mean = inner(p, dp);
    dx.set(p.map((q, c) => q * (dp[c] - mean)), r * n);
  }
  await compare(
    (x) => {
      const { logs, greatest } = logProbabilities(x as tf.Tensor2D, choices, epsilon);
      return tf.concat([logs, greatest], 1);
    },
    [x],
    dy,
    [m, n + 1],
    { value, gradients: [dx] },
  );
}

async function compareCrossEntropy(
  [m, , n]: Sizes,
  seed: number,
  odd?: Odd,
): Promise<void> {
  const draw = drawer(seed, odd);
  const x = draw([m, n], "x"), dy = draw([1], "dy").data;
  const weights = draw([m], "weights").data.map(Math.abs);
  const targets = new Float32Array(m * n), dx = new Float64Array(m * n);
  let loss = 0;
  for (let r = 0; r < m; r++) {
    // Every other row has one label, the rest have a share of each.
    const shares = softmaxPlain(randomArray(n, seed, r));
    const target = r % 2 === 0 ? shares.map((_, c) => c === r % n ? 1 : 0) : shares;
    targets.set(target, r * n);
  }
  odd?.spoil(targets);
  for (let r = 0; r < m; r++) {
    const target = targets.subarray(r * n, r * n + n);
    const p = softmaxPlain(x.data.subarray(r * n, r * n + n));
    target.forEach((share, c) => {
      if (share !== 0) loss -= weights[r] * share * Math.log(p[c]);
    });
    const total = target.reduce((sum, share) => sum + share, 0);
    dx.set(
      p.map((q, c) => dy[0] * (weights[r] * total * q - weights[r] * target[c])),
      r * n,
    );
  }
  const constants = [tf.tensor2d(targets, [m, n]), tf.tensor1d(weights)] as const;
  await compare(
    (x) => crossEntropy(x as tf.Tensor2D, ...constants),
    [x],
    dy,
    [],
    { value: [loss], gradients: [dx] },
  );
  tf.dispose([...constants]);
}

async function compareAdam(
  epsilon: number,
  [m, , n]: Sizes,
  seed: number,
  odd?: Odd,
): Promise<void> {
  const size = m * n, beta1 = 0.9, beta2 = 0.999, rate = 0.01;
  // So small that epsilon matters.
  const scale = 1e-8;
  const draw = drawer(seed, odd);
  const value = draw([size], "value").data;
  const first = draw([size], "first").data.map((v) => scale * v);
  const gradient = draw([size], "gradient").data.map((g) => scale * g);
  const second = draw([size], "second").data.map((v) => scale ** 2 * Math.abs(v));
  const m1 = Float64Array.from(first, (v, i) => beta1 * v + (1 - beta1) * gradient[i]);
  const m2 = Float64Array.from(
    second,
    (v, i) => beta2 * v + (1 - beta2) * gradient[i] ** 2,
  );
  const moved = m1.map((v, i) => value[i] - rate * v / (Math.sqrt(m2[i]) + epsilon));
  await assertNoLeak(async () => {
    const variables = [value, first, second].map((data) =>
      tf.tidy(() => tf.variable(tf.tensor2d(data, [m, n])))
    );
    const of = tf.tensor2d(gradient, [m, n]);
    updateByAdam(
      { value: variables[0], first: variables[1], second: variables[2], gradient: of },
      { beta1, beta2, rate, epsilon },
    );
    const results: [string, Float64Array, number][] = [
      ["value", moved, 1],
      ["first moment", m1, scale],
      ["second moment", m2, scale ** 2],
    ];
    for (const [i, [what, expected, unit]] of results.entries()) {
      assertClose(await variables[i].data(), expected, 1e-5 * unit, what);
    }
    tf.dispose([...variables, of]);
  });
}
