import { assertAlmostEquals, assertEquals } from "@std/assert";
import { logSumExp, softmaxRows } from "../src/softmax.ts";

Deno.test("softmaxRows() divides exp by the sum of exp in each row", () => {
  const [a, b, c, d] = softmaxRows([Math.log(1), Math.log(3), 5, 5], 2);
  assertAlmostEquals(a, 0.25, 1e-15);
  assertAlmostEquals(b, 0.75, 1e-15);
  assertEquals([c, d], [0.5, 0.5]);
});

Deno.test("softmaxRows() does not overflow for large logits", () => {
  const [a, b] = softmaxRows([1000, 1000 - Math.log(3)], 2);
  assertAlmostEquals(a, 0.75, 1e-12);
  assertAlmostEquals(b, 0.25, 1e-12);
});

Deno.test("logSumExp() is the logarithm of the sum, also of large logits and of a part", () => {
  assertAlmostEquals(logSumExp([Math.log(2), Math.log(3)]), Math.log(5), 1e-15);
  assertAlmostEquals(logSumExp([1000, 1000]), 1000 + Math.log(2), 1e-12);
  assertAlmostEquals(logSumExp([7, 0, 0, 7], 1, 3), Math.log(2), 1e-15);
  assertEquals(logSumExp([]), -Infinity);
});
