import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/deps.ts";
import { composeLookUp, lookUp } from "../../src/kernels/look_up.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";

/** Five columns, so that a vector and a part of one are used. */
const TABLE = [[1, 2, 3, 4, 5], [10, 20, 30, 40, 50], [-1, -2, -3, -4, -5]];
const LABELS = [2, 0, 0], SCALES = [0.5, 2, -1];

testOnEachBackend("lookUp() gives rows times their scales", async () => {
  await assertNoLeak(async () => {
    const expected = [-0.5, -1, -1.5, -2, -2.5, 2, 4, 6, 8, 10, -1, -2, -3, -4, -5];
    const results = tf.tidy(() => {
      const args = [
        tf.tensor2d(TABLE),
        tf.tensor1d(LABELS, "int32"),
        tf.tensor1d(SCALES),
      ] as const;
      return [lookUp(...args), composeLookUp(...args)];
    });
    for (const result of results) {
      assertEquals(result.shape, [3, 5]);
      assertEquals(Array.from(await result.data()), expected);
    }
    tf.dispose(results);
  });
});

testOnEachBackend("lookUp() has the gradients of table and scales", async () => {
  const labels = tf.tensor1d(LABELS, "int32");
  const [ofTable, ofScales] = tf.grads((table, scales) =>
    tf.sum(
      tf.mul(lookUp(table as tf.Tensor2D, labels, scales as tf.Tensor1D), [
        [1, 0, 0, 0, 2],
        [0, 1, 0, 0, 0],
        [0, 0, 1, 0, 1],
      ]),
    )
  )([tf.tensor2d(TABLE), tf.tensor1d(SCALES)]);
  // By hand: row 2 of the table is used with 0.5, row 0 with 2 and with -1, row 1 not.
  const expected = [0, 2, -1, 0, -1, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 1];
  assertClose(await ofTable.data(), expected, 1e-6);
  // -1 - 10; 2; 3 + 5.
  assertClose(await ofScales.data(), [-11, 2, 8], 1e-5);
  tf.dispose([labels, ofTable, ofScales]);
});

testOnEachBackend("lookUp() refuses labels without a scale or a row", () => {
  tf.tidy(() => {
    const table = tf.tensor2d(TABLE), scales = tf.tensor1d(SCALES);
    assertThrows(
      () => lookUp(table, tf.tensor1d([0, 1], "int32"), scales),
      RangeError,
      "there must be one scale for each of 2 labels: found 3",
    );
    assertThrows(
      () => lookUp(table, tf.tensor1d([0, 1, 3], "int32"), scales),
      RangeError,
      "each label must be in [0, 3): found 3",
    );
    assertThrows(
      () => lookUp(table, tf.tensor1d([0, 1, 2]), scales),
      TypeError,
      "labels must be int32: they are float32",
    );
  });
}, ["wasm"]);
