import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rankCorrelation } from "../../../src/eval/comparison/rank_correlation.ts";

Deno.test("rankCorrelation() is Spearman's", () => {
  // The example of Wikipedia's article: IQ beside hours of television, rho = -29/165.
  const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
  assertAlmostEquals(rankCorrelation(iq, hours), -29 / 165, 1e-12);
  assertEquals(rankCorrelation([3, 1, 2], [-3, -1, -2]), -1);
  // Ranks 1.5, 1.5, 3 and 1, 2, 3: covariance 1.5, squares 1.5 and 2.
  assertAlmostEquals(rankCorrelation([5, 5, 9], [1, 2, 3]), 1.5 / Math.sqrt(3), 1e-12);
});

Deno.test("rankCorrelation() of equal values is NaN, of unequal lengths refused", () => {
  assertEquals(rankCorrelation([1, 1], [1, 2]), NaN);
  assertEquals(rankCorrelation([1], [2]), NaN);
  assertThrows(() => rankCorrelation([1], []), RangeError, "found 1 and 0");
});
