import { assertAlmostEquals, assertEquals } from "@std/assert";
import { meanInterval } from "../../src/study/student.ts";

Deno.test("meanInterval() has the interval of Student's t", () => {
  // Deviation 1, two degrees of freedom: 4.303 / sqrt(3) = 2.4843.
  const { mean, low, high } = meanInterval([1, 2, 3]);
  assertEquals(mean, 2);
  assertAlmostEquals(high!, 2 + 2.4843, 1e-4);
  assertAlmostEquals(low!, 2 - 2.4843, 1e-4);
  // One degree of freedom: the values 0 and 2 have deviation sqrt(2), and 12.706 * 1.
  assertAlmostEquals(meanInterval([0, 2]).high!, 1 + 12.706, 1e-9);
});

Deno.test("meanInterval() of one run has no interval", () => {
  assertEquals(meanInterval([0.5]), { mean: 0.5, low: null, high: null });
});
