import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { tf } from "../../src/deps/tf.ts";
import { dense, packWeights } from "../../src/kernels/dense.ts";
import { Groups } from "../../src/kernels/groups.ts";
import { Random } from "../../src/random.ts";
import { assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";

function randomMatrix(rows: number, columns: number, seed: string): tf.Tensor2D {
  const random = new Random(seed, rows, columns);
  const data = Float32Array.from({ length: rows * columns }, () => random.between(-1, 1));
  return tf.tensor2d(data, [rows, columns]);
}

/** Sizes around those of a panel and of the steps of a tile. */
const size = (least: number) => fc.integer({ min: least, max: 70 });

testOnEachBackend("dense() gives the same bits with packed weights", async () => {
  const check = async ([m, k, n]: readonly number[]) => {
    const x = randomMatrix(m, k, "x"), weights = randomMatrix(k, n, "weights");
    const table = randomMatrix(2, n, "table");
    const rows = new Groups(Int32Array.from({ length: m }, (_, i) => i % 2), 2);
    const options = { groups: [{ table, rows }], isRelu: true };
    await assertNoLeak(async () => {
      const packed = packWeights(weights);
      const [y, expected] = [dense(x, packed, options), dense(x, weights, options)];
      assertEquals(await y.data(), await expected.data(), `${[m, k, n]}`);
      tf.dispose([y, expected, packed as unknown as tf.TensorContainer]);
    });
    rows.dispose();
    tf.dispose([x, weights, table]);
  };
  for (const sizes of [[1, 1, 1], [0, 3, 9], [11, 33, 31], [3, 500, 12]]) {
    await check(sizes);
  }
  const property = fc.asyncProperty(fc.tuple(size(0), size(1), size(1)), check);
  await fc.assert(property, { seed: 1, numRuns: 20 });
});

testOnEachBackend("dense() refuses packed weights of another shape", () => {
  tf.tidy(() => {
    const packed = packWeights(tf.ones([3, 9]));
    assertThrows(
      () => dense(tf.ones([2, 4]), packed),
      RangeError,
      "weights must have shape [4,9]: found [3,9]",
    );
  });
}, ["wasm"]);

testOnEachBackend("dense() refuses to differentiate packed weights", () => {
  tf.tidy(() => {
    const packed = packWeights(tf.ones([3, 9]));
    assertThrows(
      () => tf.grad((x) => tf.sum(dense(x as tf.Tensor2D, packed)))(tf.ones([2, 3])),
      TypeError,
      'Cannot differentiate a dense layer as its "weights" must not be packed',
    );
  });
}, ["wasm"]);
