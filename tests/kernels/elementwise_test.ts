import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { composeAdam, updateByAdam } from "../../src/kernels/adam.ts";
import { dropout, maskTensor } from "../../src/kernels/dropout.ts";
import {
  composeLogProbabilities,
  crossEntropy,
  logProbabilities,
} from "../../src/kernels/softmax.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { assertGradients, input, randomArray } from "./_gradients.ts";
import { inner, softmaxPlain } from "./_plain.ts";

const rowsOf = (x: Float64Array, width: number) =>
  Array.from(
    { length: x.length / width },
    (_, r) => x.subarray(r * width, r * width + width),
  );

testOnEachBackend(
  "logProbabilities() has the gradients of finite differences",
  async () => {
    const m = 4, width = 5, choices = width - 1;
    const weight = randomArray(m * width, "weight"), best = randomArray(m, "best");
    const constants = [tf.tensor2d(weight, [m, width]), tf.tensor2d(best, [m, 1])];
    for (const epsilon of [1e-10, 1e-2]) {
      await assertGradients(
        (x) => {
          const { logs, greatest } = logProbabilities(x as tf.Tensor2D, choices, epsilon);
          return tf.add(
            tf.sum(tf.mul(logs, constants[0])),
            tf.sum(tf.mul(greatest, constants[1])),
          );
        },
        (x) => {
          const p = rowsOf(x, width).map(softmaxPlain);
          const logs = p.flatMap((
            row,
          ) => [...row.map((value) => Math.log(value + epsilon))]);
          const greatest = p.map((row) => Math.max(...row.subarray(0, choices)));
          return inner(logs, weight) + inner(greatest, best);
        },
        [input([m, width], width)],
      );
    }
    tf.dispose(constants);
  },
);

testOnEachBackend("crossEntropy() has the gradients of finite differences", async () => {
  const m = 5, width = 8;
  const targets = Float32Array.from({ length: m * width }, (_, i) => {
    // Row 0 has two labels in equal shares, the others one.
    const row = Math.floor(i / width), column = i % width;
    if (row === 0) return column < 2 ? 0.5 : 0;
    return column === (row * 3) % width ? 1 : 0;
  });
  const weights = randomArray(m, "weights").map(Math.abs);
  const constants = [tf.tensor2d(targets, [m, width]), tf.tensor1d(weights)] as const;
  await assertGradients(
    (x) => crossEntropy(x as tf.Tensor2D, ...constants),
    (x) =>
      -rowsOf(x, width).reduce((sum, row, r) => {
        const logs = softmaxPlain(row).map(Math.log);
        return sum +
          weights[r] * inner(logs, targets.subarray(r * width, (r + 1) * width));
      }, 0),
    [input([m, width], "entropy")],
  );
  tf.dispose([...constants]);
});

testOnEachBackend(
  "logProbabilities() takes the first of equal labels, and not the last",
  async () => {
    const x = tf.tensor2d([0, 2, 2, 9, 1, 1, 1, 1], [2, 4]);
    await assertNoLeak(async () => {
      for (const form of [logProbabilities, composeLogProbabilities]) {
        const { logs, labels, greatest } = form(x, 3);
        assertEquals([...await labels.data()], [1, 0]);
        const p = softmaxPlain([0, 2, 2, 9]);
        assertClose(await greatest.data(), [p[1], 0.25], 1e-6);
        const quarter = Math.log(0.25);
        const expected = [...p.map(Math.log), quarter, quarter, quarter, quarter];
        assertClose(await logs.data(), expected, 1e-4);
        tf.dispose([logs, labels, greatest]);
      }
    });
    x.dispose();
  },
);

testOnEachBackend(
  "logProbabilities() stays finite where a probability is zero",
  async () => {
    const x = tf.tensor2d([1000, 0, -1000, 0], [1, 4]);
    const { logs, labels, greatest } = logProbabilities(x, 4);
    const least = Math.log(1e-10);
    assertClose(await logs.data(), [0, least, least, least], 1e-4);
    tf.dispose([x, logs, labels, greatest]);
  },
);

testOnEachBackend(
  "dropout() multiplies with its mask, and so does its gradient",
  async () => {
    for (const width of [1, 4, 7]) {
      const mask = {
        rate: 0.3,
        offsets: Int32Array.of(0, 3, 3, 8),
        seeds: [[1, "a"], [2, "a"], [3, "a"]],
      };
      const x = tf.tensor2d(randomArray(8 * width, width), [8, width]);
      const factors = maskTensor(width, mask);
      const expected = tf.mul(x, factors);
      const { value, grad } = tf.valueAndGrad((t: tf.Tensor) =>
        dropout(t as tf.Tensor2D, mask)
      )(x);
      assertClose(await value.data(), await expected.data(), 1e-6);
      assertClose(await grad.data(), await factors.data(), 1e-6);
      tf.dispose([x, factors, expected, value, grad]);
    }
  },
);

testOnEachBackend("dropout() keeps the expectation", async () => {
  const x = tf.ones<tf.Rank.R2>([400, 50]);
  const seeds = [[5]], offsets = Int32Array.of(0, 400);
  const y = dropout(x, { rate: 0.1, offsets, seeds });
  const mean = tf.mean(y);
  // 20,000 draws of 0 or 1 / 0.9: five standard deviations of the mean are 0.012.
  assertClose(await mean.data(), [1], 0.012);
  tf.dispose([x, y, mean]);
});

testOnEachBackend("updateByAdam() equals the composed form, twice", async () => {
  const size = 37;
  const make = () => [1, 2, 3].map(() => tf.variable(tf.zeros([size])));
  const [ours, theirs] = [make(), make()];
  const start = tf.tensor1d(randomArray(size, "start"));
  ours[0].assign(start.clone());
  theirs[0].assign(tf.tensor1d(await start.data()));
  const numbers = { beta1: 0.9, beta2: 0.999, rate: 1e-2, epsilon: 1e-8 };
  for (const seed of [1, 2]) {
    const gradient = tf.tensor1d(randomArray(size, seed));
    await assertNoLeak(() => {
      const [value, first, second] = ours;
      updateByAdam({ value, first, second, gradient }, numbers);
    });
    const [value, first, second] = theirs;
    composeAdam({ value, first, second, gradient }, numbers);
    gradient.dispose();
  }
  for (const i of [0, 1, 2]) {
    assertClose(await ours[i].data(), await theirs[i].data(), 1e-6, `tensor ${i}`);
  }
  // Without a gradient the moments decay.
  updateByAdam({ value: ours[0], first: ours[1], second: ours[2] }, numbers);
  const decayed = (await theirs[1].data()).map((m) => 0.9 * m);
  assertClose(await ours[1].data(), decayed, 1e-6, "first moment");
  tf.dispose([...ours, ...theirs, start]);
});

testOnEachBackend("element-wise operations refuse sizes that do not fit", () => {
  const x = tf.zeros<tf.Rank.R2>([2, 3]), one = tf.zeros<tf.Rank.R1>([1]);
  assertThrows(
    () => logProbabilities(x, 4),
    RangeError,
    "Cannot find the likeliest label as their number must be in [1, 3]: current value is 4",
  );
  assertThrows(
    () => crossEntropy(x, x, one),
    RangeError,
    "Cannot take the cross-entropy as targets and weights must fit logits [2,3]",
  );
  for (
    const [offsets, seeds] of [
      ...[[[0, 3], [[1]]], [[0, 3, 2], [[1], [2]]], [[0, 2], []], [[1, 2], [[1]]]],
    ]
  ) {
    assertThrows(
      () =>
        dropout(x, {
          rate: 0.1,
          offsets: Int32Array.from(offsets as number[]),
          seeds: seeds as number[][],
        }),
      RangeError,
      "Cannot drop numbers of [2,3] as a mask for 2 rows must have ascending offsets " +
        `from 0, one more than seeds: found [${offsets}] and ${seeds.length}`,
    );
  }
  const [value, moment] = [tf.variable(x), tf.variable(one)];
  assertThrows(
    () =>
      updateByAdam({ value, first: moment, second: moment }, {
        ...{ beta1: 0, beta2: 0, rate: 0, epsilon: 0 },
      }),
    RangeError,
    "Cannot update [2,3] as moments and gradient must have its shape: found [1]",
  );
  tf.dispose([x, one, value, moment]);
}, ["wasm"]);
