import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { gatherRows, Groups, poolByScores, sumRows } from "../../src/kernels/groups.ts";
import { splitRows } from "../../src/kernels/split.ts";
import { poolRows } from "../../src/model/pool.ts";
import { Random } from "../../src/random.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { assertGradients, input, randomArray } from "./_gradients.ts";
import { inner, poolPlain } from "./_plain.ts";

/** Unordered groups of 13 rows; the second and the last are empty. */
const GROUP = Int32Array.of(3, 0, 0, 3, 2, 3, 0, 0, 0, 3, 2, 0, 3);
const NUM_GROUPS = 5;

for (const scoreWidth of [1, 5]) {
  testOnEachBackend(
    `poolByScores() by ${scoreWidth} has the gradients of finite differences`,
    async () => {
      const width = 5;
      const weight = randomArray(NUM_GROUPS * width, "weight");
      const weightTensor = tf.tensor2d(weight, [NUM_GROUPS, width]);
      const rows = new Groups(GROUP, NUM_GROUPS);
      const shape = { group: GROUP, numGroups: NUM_GROUPS, width, scoreWidth };
      await assertGradients(
        (values, scores) => {
          const { value } = poolByScores(
            values as tf.Tensor2D,
            scores as tf.Tensor2D,
            rows,
          );
          return tf.sum(tf.mul(value, weightTensor));
        },
        (values, scores) => inner(poolPlain(values, scores, shape).out, weight),
        [input([13, width], 1), input([13, scoreWidth], 2)],
      );
      rows.dispose();
      weightTensor.dispose();
    },
  );
}

/** What sums the rows of each group, and how much of a row it takes. */
const SUMS = {
  "sumRows()": { run: sumRows, share: () => 1 },
  "poolRows() by the mean": {
    run: (x: tf.Tensor2D, rows: Groups) => poolRows(x, undefined, rows).value,
    share: (group: number) => 1 / GROUP.filter((g) => g === group).length,
  },
};

for (const [name, { run, share }] of Object.entries(SUMS)) {
  testOnEachBackend(`${name} has the gradients of finite differences`, async () => {
    const width = 3, weight = randomArray(NUM_GROUPS * width, "weight");
    const weightTensor = tf.tensor2d(weight, [NUM_GROUPS, width]);
    const rows = new Groups(GROUP, NUM_GROUPS);
    await assertGradients(
      (x) => tf.sum(tf.mul(tf.square(run(x as tf.Tensor2D, rows)), weightTensor)),
      (x) => {
        const sums = new Float64Array(weight.length);
        x.forEach((value, i) => {
          const group = GROUP[Math.floor(i / width)];
          sums[group * width + i % width] += share(group) * value;
        });
        return inner(sums.map((sum) => sum ** 2), weight);
      },
      [input([13, width], 1)],
    );
    rows.dispose();
    weightTensor.dispose();
  });
}

testOnEachBackend("gatherRows() has the gradients of finite differences", async () => {
  const width = 3, weight = randomArray(13 * width, "weight");
  const weightTensor = tf.tensor2d(weight, [13, width]);
  const rows = new Groups(GROUP, NUM_GROUPS);
  await assertGradients(
    (x) => tf.sum(tf.mul(tf.square(gatherRows(x as tf.Tensor2D, rows)), weightTensor)),
    (x) =>
      inner(
        weight.map((_, i) => x[GROUP[Math.floor(i / width)] * width + i % width] ** 2),
        weight,
      ),
    [input([NUM_GROUPS, width], 1)],
  );
  rows.dispose();
  weightTensor.dispose();
});

testOnEachBackend(
  "poolByScores() gives weights that sum to 1, whatever the scores",
  async () => {
    const scores = Float32Array.from(GROUP, (_, r) => [1000, -1000, 88, -200, 0][r % 5]);
    const rows = new Groups(GROUP, NUM_GROUPS);
    const shape = { group: GROUP, numGroups: NUM_GROUPS, width: 1, scoreWidth: 1 };
    const { weights: expected } = poolPlain(scores, scores, shape);
    for (const width of [1, 3]) {
      const x = randomArray(13 * width, "values");
      await assertNoLeak(async () => {
        const { value, weights } = tf.tidy(() => ({
          ...poolByScores(
            tf.tensor2d(x, [13, width]),
            tf.tensor2d(scores, [13, 1]),
            rows,
          ),
        }));
        assertClose(await weights!.data(), expected, 1e-6);
        tf.dispose([value, weights]);
      });
    }
    rows.dispose();
  },
);

testOnEachBackend(
  "splitRows() gives blocks of rows, and its gradient concatenates them",
  async () => {
    const weight = randomArray(7 * 3, "weight");
    const weightTensor = tf.tensor2d(weight, [7, 3]);
    await assertGradients(
      (x) => {
        // The middle block is not used.
        const [a, , c] = splitRows(x as tf.Tensor2D, [2, 1, 4]);
        const w = splitRows(weightTensor, [2, 1, 4]);
        return tf.add(tf.sum(tf.mul(a, w[0])), tf.sum(tf.mul(c, w[2])));
      },
      (x) => inner(x, weight.map((w, i) => i >= 6 && i < 9 ? 0 : w)),
      [input([7, 3], 1)],
    );
    weightTensor.dispose();
  },
);

testOnEachBackend("row operations refuse sizes that do not fit", () => {
  const rows = new Groups(GROUP, NUM_GROUPS);
  const x = tf.zeros<tf.Rank.R2>([4, 3]), full = tf.zeros<tf.Rank.R2>([13, 3]);
  const narrow = tf.zeros<tf.Rank.R2>([13, 2]);
  assertThrows(() => new Groups(Int32Array.of(0, 5), 5), RangeError, "found 5");
  assertThrows(
    () => sumRows(x, rows),
    RangeError,
    "Cannot sum rows as there must be 13 rows",
  );
  assertThrows(() => gatherRows(x, rows), RangeError, "Cannot gather rows as there must");
  assertThrows(
    () => poolByScores(x, full, rows),
    RangeError,
    "Cannot pool rows as there",
  );
  assertThrows(
    () => poolByScores(full, narrow, rows),
    RangeError,
    "Cannot pool rows as scores must be 1 or 3 wide: found 2",
  );
  assertThrows(
    () => splitRows(x, [1, 2]),
    RangeError,
    "Cannot split [4,3] as sizes must be integers >= 0 that sum to 4: found [1,2]",
  );
  assertThrows(() => splitRows(x, [-1, 5]), RangeError, "that sum to 4: found [-1,5]");
  assertThrows(() => splitRows(x, [1.5, 2.5]), RangeError, "must be integers >= 0");
  tf.dispose([x, full, narrow]);
  rows.dispose();
}, ["wasm"]);

testOnEachBackend(
  "poolByScores() of many rows is a mean where scores are equal",
  async () => {
    const random = new Random("rows");
    const group = Int32Array.from({ length: 600 }, () => random.below(7));
    const rows = new Groups(group, 7);
    const x = tf.ones<tf.Rank.R2>([600, 9]), scores = tf.zeros<tf.Rank.R2>([600, 9]);
    const { value, weights } = poolByScores(x, scores, rows);
    assertClose(await value.data(), new Float32Array(63).fill(1), 1e-5);
    assertEquals(weights!.shape, [600, 9]);
    tf.dispose([x, scores, value, weights]);
    rows.dispose();
  },
);
