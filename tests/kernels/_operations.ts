/**
 * Every operation of `src/kernels/` beside plain loops in double precision: its values and
 * all of its gradients, at any size.
 *
 * @module
 */

import { tf } from "../../src/deps.ts";
import { updateByAdam } from "../../src/kernels/adam.ts";
import { dense } from "../../src/kernels/dense.ts";
import { dropout, levels } from "../../src/kernels/dropout.ts";
import { gatherRows, Rows, sumRows } from "../../src/kernels/rows.ts";
import { crossEntropy, logProbabilities } from "../../src/kernels/softmax.ts";
import { splitRows } from "../../src/kernels/split.ts";
import { poolRows } from "../../src/model/pool.ts";
import { Random } from "../../src/random.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { type Input, input, randomArray } from "./_gradients.ts";
import { densePlain, inner, poolPlain, softmaxPlain, transposed } from "./_plain.ts";

/** Rows, columns of a left factor, columns: those that an operation has. */
export type Sizes = readonly [m: number, k: number, n: number];

/** Compares an operation at some sizes, with numbers from a seed. */
export type Comparison = (sizes: Sizes, seed: number) => Promise<void>;

/** What is added to a product, alone and together. */
const EPILOGUES = {
  "alone": [],
  "with relu": ["relu"],
  "with biases": ["biases"],
  "with one table": ["first table"],
  "with two tables": ["first table", "second table"],
  "with a scaled table": ["scaled"],
  "with everything": ["biases", "first table", "second table", "scaled", "relu"],
};

/** The operations by name. */
export const OPERATIONS: Readonly<Record<string, Comparison>> = {
  ...Object.fromEntries(
    Object.entries(EPILOGUES).map(([name, parts]): [string, Comparison] => [
      `dense() ${name}`,
      (sizes, seed) => compareDense(sizes, seed, parts),
    ]),
  ),
  "poolRows() by feature": (sizes, seed) => comparePool(sizes, seed, "feature"),
  "poolRows() by row": (sizes, seed) => comparePool(sizes, seed, "row"),
  "poolRows() by the mean": (sizes, seed) => comparePool(sizes, seed, "mean"),
  "sumRows()": async ([m, , n], seed) => {
    const { rows, group, numGroups } = groups(m, seed);
    const x = input([m, n], seed, "x"), dy = randomArray(numGroups * n, seed, "dy");
    await compare((x) => sumRows(x as tf.Tensor2D, rows), [x], dy, [numGroups, n], {
      value: rowSums(x.data, group, numGroups, n),
      gradients: [spread(dy, group, n)],
    });
    rows.dispose();
  },
  "gatherRows()": async ([m, , n], seed) => {
    const { rows, group, numGroups } = groups(m, seed);
    const x = input([numGroups, n], seed, "x"), dy = randomArray(m * n, seed, "dy");
    await compare((x) => gatherRows(x as tf.Tensor2D, rows), [x], dy, [m, n], {
      value: spread(x.data, group, n),
      gradients: [rowSums(dy, group, numGroups, n)],
    });
    rows.dispose();
  },
  "splitRows()": async ([m, , n], seed) => {
    // Blocks of a, 1 and the rest, put together in reverse.
    const sizes = m === 1 ? [1] : [Math.floor((m - 1) / 2), 1, Math.ceil((m - 1) / 2)];
    const swap = (x: Float32Array, sizes: readonly number[]) => {
      let from = 0;
      const blocks = sizes.map((size) => x.subarray(from * n, (from += size) * n));
      return Float32Array.from(blocks.reverse().flatMap((block) => [...block]));
    };
    const x = input([m, n], seed, "x"), dy = randomArray(m * n, seed, "dy");
    await compare(
      (x) => tf.concat(splitRows(x as tf.Tensor2D, sizes).reverse(), 0),
      [x],
      dy,
      [m, n],
      { value: swap(x.data, sizes), gradients: [swap(dy, sizes.toReversed())] },
    );
  },
  "logProbabilities()": compareLogProbabilities,
  "crossEntropy()": compareCrossEntropy,
  "dropout()": async ([m, , n], seed) => {
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
    const x = input([m, n], seed, "x"), dy = randomArray(m * n, seed, "dy");
    await compare(
      (x) => dropout(x as tf.Tensor2D, { rate, offsets, seeds }),
      [x],
      dy,
      [m, n],
      {
        value: mask.map((factor, i) => factor * x.data[i]),
        gradients: [mask.map((factor, i) => factor * dy[i])],
      },
    );
  },
  // The third update of either form: what corrects the moments is in rate and epsilon.
  "updateByAdam() with epsilon on the corrected root": (sizes, seed) =>
    compareAdam(sizes, seed, 1e-7 * Math.sqrt(1 - 0.999 ** 3)),
  "updateByAdam() with epsilon on the plain root": (sizes, seed) =>
    compareAdam(sizes, seed, 1e-8),
};

/** Compares a value and its gradients, wholly; no tensor may be left behind. */
async function compare(
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
    const { value, grads } = tf.valueAndGrads(run)(tensors, dyTensor);
    assertClose(await value.data(), expected.value, tolerance, "value");
    for (const [i, gradient] of grads.entries()) {
      const what = `gradient of input ${i}`;
      assertClose(await gradient.data(), expected.gradients[i], tolerance, what);
    }
    tf.dispose([...tensors, dyTensor, value, ...grads]);
  });
}

/** Rows in groups at random: the first, the last and others are empty. */
function groups(m: number, seed: number) {
  const numGroups = 7;
  const random = new Random(seed, "groups");
  const group = Int32Array.from({ length: m }, () => 1 + 2 * random.below(3));
  return { numGroups, group, rows: new Rows(group, numGroups) };
}

function rowSums(x: ArrayLike<number>, group: Int32Array, numGroups: number, n: number) {
  const sums = new Float64Array(numGroups * n);
  group.forEach((g, r) => {
    for (let c = 0; c < n; c++) sums[g * n + c] += x[r * n + c];
  });
  return sums;
}

function spread(x: ArrayLike<number>, group: Int32Array, n: number): Float64Array {
  const rows = new Float64Array(group.length * n);
  return rows.map((_, i) => x[group[Math.floor(i / n)] * n + i % n]);
}

async function compareDense(
  [m, k, n]: Sizes,
  seed: number,
  parts: readonly string[],
): Promise<void> {
  const added = ["first table", "second table"].filter((part) => parts.includes(part))
    .map((part, i) => ({ part, ...groups(m, seed + i) }));
  const labels = groups(m, seed + 2);
  const isScaled = parts.includes("scaled"), isRelu = parts.includes("relu");
  const inputs: Record<string, Input> = {
    x: input([m, k], seed, "x"),
    w: input([k, n], seed, "w"),
    ...(parts.includes("biases") && { biases: input([n], seed, "biases") }),
    ...Object.fromEntries(
      added.map(({ part, numGroups }) => [part, input([numGroups, n], seed, part)]),
    ),
    ...(isScaled && {
      scaled: input([labels.numGroups, n], seed, "scaled"),
      scales: input([m], seed, "scales"),
    }),
  };
  const { x, w, biases, scaled, scales } = inputs;
  const value = densePlain(x.data, w.data, [m, k, n], {
    biases: biases?.data,
    groups: added.map(({ part, group }) => ({ table: inputs[part].data, group })),
    scaled: isScaled
      ? { table: scaled.data, labels: labels.group, scales: scales.data }
      : undefined,
    isRelu,
  });
  // Where the sum is nearly zero, rounding decides whether the gradient runs through.
  const dy = randomArray(m * n, seed, "dy")
    .map((d, i) => isRelu && Math.abs(value[i]) < 1e-4 ? 0 : d);
  const through = dy.map((d, i) => isRelu && value[i] <= 0 ? 0 : d);
  const gradients: Record<string, ArrayLike<number>> = {
    x: densePlain(through, transposed(w.data, k, n), [m, n, k]),
    w: densePlain(transposed(x.data, m, k), through, [k, m, n]),
    biases: rowSums(through, new Int32Array(m), 1, n),
    ...Object.fromEntries(
      added.map(({ part, group, numGroups }) =>
        [part, rowSums(through, group, numGroups, n)] as const
      ),
    ),
  };
  if (isScaled) {
    const times = through.map((d, i) => d * scales.data[Math.floor(i / n)]);
    gradients.scaled = rowSums(times, labels.group, labels.numGroups, n);
    gradients.scales = scales.data.map((_, r) =>
      inner(
        through.subarray(r * n, r * n + n),
        scaled.data.subarray(labels.group[r] * n, labels.group[r] * n + n),
      )
    );
  }
  const names = Object.keys(inputs);
  const labelTensor = tf.tensor1d(labels.group, "int32");
  await compare(
    (...tensors) => {
      const of = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
      return dense(of.x as tf.Tensor2D, of.w as tf.Tensor2D, {
        biases: of.biases as tf.Tensor1D | undefined,
        groups: added.map(({ part, rows }) => ({ table: of[part] as tf.Tensor2D, rows })),
        scaled: isScaled
          ? {
            table: of.scaled as tf.Tensor2D,
            labels: labelTensor,
            scales: of.scales as tf.Tensor1D,
          }
          : undefined,
        isRelu,
      });
    },
    Object.values(inputs),
    dy,
    [m, n],
    { value, gradients: names.map((name) => gradients[name]) },
  );
  labelTensor.dispose();
  for (const { rows } of [...added, labels]) rows.dispose();
}

async function comparePool(
  [m, , n]: Sizes,
  seed: number,
  by: "feature" | "row" | "mean",
): Promise<void> {
  const { rows, group, numGroups } = groups(m, seed);
  const scoreWidth = by === "feature" ? n : 1;
  const values = input([m, n], seed, "values");
  const scores = input([m, scoreWidth], seed, "scores");
  const dy = randomArray(numGroups * n, seed, "dy");
  // Equal scores give the mean.
  const plain = by === "mean" ? new Float32Array(m) : scores.data;
  const pool = { group, numGroups, width: n, scoreWidth };
  const { out, weights } = poolPlain(values.data, plain, pool);
  const weightOf = (r: number, c: number) =>
    weights[scoreWidth === 1 ? r : r * scoreWidth + c];
  const dValues = new Float64Array(m * n), dScores = new Float64Array(m * scoreWidth);
  for (let r = 0; r < m; r++) {
    for (let c = 0; c < n; c++) {
      const at = group[r] * n + c, i = r * n + c;
      dValues[i] = weightOf(r, c) * dy[at];
      dScores[scoreWidth === 1 ? r : i] += dValues[i] * (values.data[i] - out[at]);
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
  rows.dispose();
}

async function compareLogProbabilities([m, , n]: Sizes, seed: number): Promise<void> {
  const choices = Math.max(1, n - 1);
  const x = input([m, n], seed, "x");
  x.data = x.data.map((value) => 3 * value);
  const dy = randomArray(m * (n + 1), seed, "dy"); // of the logs, then of the greatest
  const value = new Float64Array(dy.length), dx = new Float64Array(m * n);
  for (let r = 0; r < m; r++) {
    const p = softmaxPlain(x.data.subarray(r * n, r * n + n));
    const first = p.subarray(0, choices), label = first.indexOf(Math.max(...first));
    const from = r * (n + 1);
    value.set(p.map((q) => Math.log(q + 1e-10)), from);
    value[from + n] = p[label];
    const dp = p.map((q, c) =>
      dy[from + c] / (q + 1e-10) + (c === label ? dy[from + n] : 0)
    );
    const mean = inner(p, dp);
    dx.set(p.map((q, c) => q * (dp[c] - mean)), r * n);
  }
  await compare(
    (x) => {
      const { logs, greatest } = logProbabilities(x as tf.Tensor2D, choices);
      return tf.concat([logs, greatest], 1);
    },
    [x],
    dy,
    [m, n + 1],
    { value, gradients: [dx] },
  );
}

async function compareCrossEntropy([m, , n]: Sizes, seed: number): Promise<void> {
  const x = input([m, n], seed, "x"), dy = Float32Array.of(0.7);
  const weights = randomArray(m, seed, "weights").map((w) => Math.abs(w) / m);
  const targets = new Float32Array(m * n), dx = new Float64Array(m * n);
  let loss = 0;
  for (let r = 0; r < m; r++) {
    // Every other row has one label, the others have shares of all.
    const shares = softmaxPlain(randomArray(n, seed, r));
    const target = r % 2 === 0 ? shares.map((_, c) => c === r % n ? 1 : 0) : shares;
    targets.set(target, r * n);
    const p = softmaxPlain(x.data.subarray(r * n, r * n + n));
    loss -= weights[r] * inner(target, p.map(Math.log));
    dx.set(p.map((q, c) => dy[0] * weights[r] * (q - target[c])), r * n);
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
  [m, , n]: Sizes,
  seed: number,
  epsilon: number,
): Promise<void> {
  const size = m * n, beta1 = 0.9, beta2 = 0.999, rate = 0.01;
  const draw = (name: string) => randomArray(size, seed, name);
  const [value, first, gradient] = [draw("value"), draw("first"), draw("gradient")];
  const second = draw("second").map(Math.abs);
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
    for (const [i, expected] of [moved, m1, m2].entries()) {
      const what = ["value", "first moment", "second moment"][i];
      assertClose(await variables[i].data(), expected, 1e-5, what);
    }
    tf.dispose([...variables, of]);
  });
}
