import { assertAlmostEquals, assertEquals } from "@std/assert";
import { worthOf } from "../../src/sweep/worth.ts";

const run = (a: number, b: number, seed: number, score: number) => ({
  configuration: { a, b },
  ...{ seed, score },
});

Deno.test("worthOf() compares runs of a full grid in pairs", () => {
  // 10 more for b = 2 and for seed 1, both of which cancel; a = 1 is 1 or 3 better.
  const runs = [
    ...[run(0, 1, 0, 0), run(1, 1, 0, 1), run(0, 2, 0, 10), run(1, 2, 0, 13)],
    ...[run(0, 1, 1, 10), run(1, 1, 1, 11), run(0, 2, 1, 20), run(1, 2, 1, 23)],
  ];
  const [, one] = worthOf(runs);
  assertEquals([one.setting, one.value, one.runs, one.isPaired], ["a", "1", 4, true]);
  assertEquals([one.mean, one.difference], [12, 2]);
  // Differences 1, 3, 1, 3: deviation sqrt(4/3), t of 3 is 3.182: 3.182 * sqrt(1/3).
  assertAlmostEquals(one.high!, 2 + 1.8373, 1e-3);
  assertAlmostEquals(one.low!, 2 - 1.8373, 1e-3);
});

Deno.test("worthOf() divides many numbers into three intervals, unpaired", () => {
  const runs = [6, 1, 5, 2, 4, 3].map((a) => run(a, 0, 0, a < 3 ? 1 : 2));
  const worth = worthOf(runs);
  assertEquals(
    worth.map(({ value, runs, mean, isPaired }) => [value, runs, mean, isPaired]),
    [
      ["1 to 2", 2, 1, false],
      ["3 to 4", 2, 2, false],
      ["5 to 6", 2, 2, false],
    ],
  );
});

Deno.test("worthOf() leaves out blocks with a diverged run", () => {
  const runs = [run(0, 0, 0, 1), run(1, 0, 0, 2), run(0, 0, 1, 5), run(1, 0, 1, NaN)];
  const [zero, one] = worthOf(runs);
  assertEquals([zero.runs, one.runs], [2, 1]);
  assertEquals([one.difference, one.low], [1, null]);
});
