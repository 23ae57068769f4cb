import { assertEquals } from "@std/assert";
import { useBackend } from "../../src/kernels/backend.ts";
import { tf } from "../../src/deps/tf.ts";

Deno.test("tf.clone() on WASM shares the numbers until both tensors are disposed", async () => {
  await useBackend("wasm");
  const before = tf.memory();
  const x = tf.tensor2d([[1, 2], [3, 4]]), y = tf.clone(x);
  assertEquals(tf.memory().numDataBuffers, before.numDataBuffers + 1);
  assertEquals([y.shape, y.dtype], [[2, 2], "float32"]);
  x.dispose();
  tf.ones([2, 2]).dispose(); // would overwrite the numbers if they were freed
  assertEquals(Array.from(await y.data()), [1, 2, 3, 4]);
  y.dispose();
  assertEquals(tf.memory().numDataBuffers, before.numDataBuffers);
});
