import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { dense, packWeights } from "../../src/kernels/dense.ts";
import { Groups } from "../../src/kernels/groups.ts";
import { crossEntropy, logProbabilities } from "../../src/kernels/softmax.ts";
import { Random } from "../../src/random.ts";
import { assertClose } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { assertGradients, input, randomArray } from "./_gradients.ts";
import { densePlain, inner } from "./_plain.ts";

function groupsOf(m: number, numGroups: number, seed: number): Int32Array {
  const random = new Random(seed, "groups");
  return Int32Array.from({ length: m }, () => random.below(numGroups));
}

for (const isRelu of [false, true]) {
  testOnEachBackend(`dense() has the right gradients, relu ${isRelu}`, async () => {
    const [m, k, n] = [13, 9, 11];
    const a = groupsOf(m, 3, 1), b = groupsOf(m, 4, 2), labels = groupsOf(m, 5, 3);
    const weight = randomArray(m * n, "weight");
    const rows = [new Groups(a, 3), new Groups(b, 4)];
    const labelTensor = tf.tensor1d(labels, "int32");
    const weightTensor = tf.tensor2d(weight, [m, n]);
    await assertGradients(
      (x, w, biases, table0, table1, table, scales) => {
        const y = dense(x as tf.Tensor2D, w as tf.Tensor2D, {
          biases: biases as tf.Tensor1D,
          groups: [
            { table: table0 as tf.Tensor2D, rows: rows[0] },
            { table: table1 as tf.Tensor2D, rows: rows[1] },
          ],
          scaled: {
            table: table as tf.Tensor2D,
            labels: labelTensor,
            scales: scales as tf.Tensor1D,
          },
          isRelu,
        });
        return tf.sum(tf.mul(y, weightTensor));
      },
      (x, w, biases, table0, table1, table, scales) =>
        inner(
          densePlain(x, w, [m, k, n], {
            biases,
            groups: [{ table: table0, group: a }, { table: table1, group: b }],
            scaled: { table, labels, scales },
            isRelu,
          }),
          weight,
        ),
      [[m, k], [k, n], [n], [3, n], [4, n], [5, n], [m]].map((shape, i) =>
        input(shape, i, "gradient")
      ),
    );
    tf.dispose([labelTensor, weightTensor]);
    for (const r of rows) r.dispose();
  });
}

testOnEachBackend(
  "dense() has the right gradients for more rows and columns than a block has",
  async () => {
    const [m, k, n] = [521, 70, 9]; // 256 rows at a time, 32 columns
    const weight = randomArray(m * n, "weight");
    const weightTensor = tf.tensor2d(weight, [m, n]);
    await assertGradients(
      (x, w) => tf.sum(tf.mul(dense(x as tf.Tensor2D, w as tf.Tensor2D), weightTensor)),
      (x, w) => inner(densePlain(x, w, [m, k, n]), weight),
      [input([m, k], 1), input([k, n], 2)],
    );
    weightTensor.dispose();
  },
);

testOnEachBackend("dense() of an input without columns gives the biases", async () => {
  const y = tf.tidy(() =>
    dense(tf.zeros([3, 0]), tf.zeros([0, 2]), { biases: tf.tensor1d([1, -2]) })
  );
  assertEquals([...await y.data()], [1, -2, 1, -2, 1, -2]);
  y.dispose();
}, ["wasm"]);

testOnEachBackend("dense() is right when its output makes the heap grow", async () => {
  const before = heapBytes();
  const held: tf.Tensor[] = [];
  const x = tf.ones<tf.Rank.R2>([600, 3]), w = tf.ones<tf.Rank.R2>([3, 2000]);
  while (heapBytes() === before) {
    const y = dense(x, w);
    held.push(y);
  }
  assertClose(await tf.unique(tf.reshape(held.at(-1)!, [-1])).values.data(), [3], 0);
  tf.dispose([x, w, ...held]);
}, ["wasm"]);

function heapBytes(): number {
  const { wasm } = tf.backend() as unknown as {
    wasm: { asm: { memory: WebAssembly.Memory } };
  };
  return wasm.asm.memory.buffer.byteLength;
}

testOnEachBackend("kernels refuse tensors of another type", () => {
  tf.tidy(() => {
    const x = tf.ones<tf.Rank.R2>([2, 3]), whole = tf.ones<tf.Rank.R2>([2, 3], "int32");
    const labels = tf.zeros<tf.Rank.R1>([2]), scales = tf.ones<tf.Rank.R1>([2]);
    const refuse = (message: string, run: () => unknown) =>
      assertThrows(run, TypeError, message);
    refuse(
      'Cannot run SgpDense as "x" must be float32: found int32',
      () => dense(whole, tf.ones([3, 4])),
    );
    refuse(
      'Cannot run SgpDenseScaled as "labels" must be int32: found float32',
      () => dense(x, tf.ones([3, 3]), { scaled: { table: x, labels, scales } }),
    );
    refuse('Cannot run SgpPackWeights as "weights"', () => packWeights(whole));
    refuse('Cannot run SgpLogProbabilities as "x"', () => logProbabilities(whole, 3));
    refuse(
      'Cannot run SgpCrossEntropy as "targets"',
      () => crossEntropy(x, whole, scales),
    );
  });
}, ["wasm"]);

testOnEachBackend("dense() refuses sizes that do not fit", () => {
  const x = tf.zeros<tf.Rank.R2>([2, 3]), w = tf.zeros<tf.Rank.R2>([3, 4]);
  const odd = tf.zeros<tf.Rank.R2>([4, 4]), short = tf.zeros<tf.Rank.R1>([3]);
  const rows = new Groups(Int32Array.of(0, 1), 2);
  const table = tf.zeros<tf.Rank.R2>([2, 4]);
  const labels = tf.tensor1d([0, 9], "int32"), scales = tf.ones<tf.Rank.R1>([2]);
  const refuse = (message: string, run: () => unknown) =>
    assertThrows(run, RangeError, message);
  const start = "Cannot apply a dense layer to [2,3] as ";
  refuse(
    `${start}weights must have shape [3,4]: found [4,4]`,
    () => dense(x, odd),
  );
  refuse(
    `${start}biases must have shape [4]: found [3]`,
    () => dense(x, w, { biases: short }),
  );
  refuse(
    `${start}a table must have shape [2,4]: found [4,4]`,
    () => dense(x, w, { groups: [{ table: odd, rows }] }),
  );
  const group = { table, rows };
  refuse(
    "Cannot apply a dense layer as at most 2 groups can be added: found 3",
    () => dense(x, w, { groups: [group, group, group] }),
  );
  refuse(
    "Cannot look up rows as each label must be in [0, 2): found 9",
    () => dense(x, w, { scaled: { table, labels, scales } }),
  );
  tf.dispose([x, w, odd, short, table, labels, scales]);
  rows.dispose();
}, ["wasm"]);
