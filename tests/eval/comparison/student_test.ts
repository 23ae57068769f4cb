import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  meanInterval,
  studentQuantile,
  welchInterval,
} from "../../../src/eval/comparison/student.ts";
import { Random } from "../../../src/random.ts";

Deno.test("studentQuantile() has the values of printed tables", () => {
  const table = [
    ...[[1, 12.706], [2, 4.303], [3, 3.182], [4, 2.776], [5, 2.571], [10, 2.228]],
    ...[[30, 2.042], [120, 1.98], [1e6, 1.96]],
  ];
  for (const [freedom, quantile] of table) {
    assertAlmostEquals(studentQuantile(freedom), quantile, 6e-4, `${freedom}`);
  }
  assertThrows(
    () => studentQuantile(0.5),
    RangeError,
    'Cannot compute a quantile as "freedom" must be 1 or more: current value is 0.5',
  );
});

Deno.test("meanInterval() has the interval of Student's t", () => {
  // Deviation 1, two degrees of freedom: 4.303 / sqrt(3) = 2.4843.
  const { mean, low, high } = meanInterval([1, 2, 3]);
  assertEquals(mean, 2);
  assertAlmostEquals(high!, 2 + 2.4843, 1e-3);
  assertAlmostEquals(low!, 2 - 2.4843, 1e-3);
  // One degree of freedom: the values 0 and 2 have deviation sqrt(2), and 12.706 * 1.
  assertAlmostEquals(meanInterval([0, 2]).high!, 1 + 12.706, 1e-3);
});

Deno.test("meanInterval() of one run has no interval", () => {
  assertEquals(meanInterval([0.5]), { mean: 0.5, low: null, high: null });
});

Deno.test("welchInterval() compares groups of other sizes and variances", () => {
  // Variances 1 and 4 over 3 and 3 values: (1/3 + 4/3)^2 / ((1/9 + 16/9) / 2) = 2.941
  // degrees of freedom; half = t * sqrt(5/3), and t is between those of 2 and of 3.
  const { mean, low, high } = welchInterval([4, 5, 6], [0, 2, 4]);
  assertEquals(mean, 3);
  const t = (high! - 3) / Math.sqrt(5 / 3);
  assertEquals(t > 3.182 && t < 3.3, true, `${t}`);
  assertAlmostEquals(low! + high!, 6, 1e-9);
  assertEquals(welchInterval([1], [2, 3]).low, null);
  assertEquals(welchInterval([2, 2], [1, 1]), { mean: 1, low: 1, high: 1 });
});

Deno.test("intervals of few runs hold the truth in about 95 of 100 experiments", () => {
  const random = new Random(3), experiments = 4000;
  const draw = (n: number, mean: number, deviation: number) =>
    Array.from({ length: n }, () => mean + deviation * random.normal());
  let held = 0, heldByWelch = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const few = meanInterval(draw(3, 7, 2));
    if (few.low! <= 7 && 7 <= few.high!) held++;
    // Groups of other sizes and spreads: the true difference is 1.
    const groups = welchInterval(draw(5, 4, 3), draw(8, 3, 1));
    if (groups.low! <= 1 && 1 <= groups.high!) heldByWelch++;
  }
  // The standard error of a share of 4,000 is 0.34 points; Welch's interval is approximate.
  assertAlmostEquals(held / experiments, 0.95, 0.012);
  assertAlmostEquals(heldByWelch / experiments, 0.95, 0.02);
});
