import { assertAlmostEquals, assertEquals } from "@std/assert";
import { softmaxRows } from "../src/softmax.ts";

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
