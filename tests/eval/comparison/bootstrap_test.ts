import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  differenceOf,
  interval,
  meanAndDeviation,
  resample,
} from "../../../src/eval/comparison/bootstrap.ts";
import type { Statistic } from "../../../src/eval/metric_values.ts";
import { Random } from "../../../src/random.ts";

const mean = (values: ArrayLike<number>): Statistic => (weights) => {
  let sum = 0, count = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    count += weights[i];
  }
  return sum / count;
};

function intervalOf(
  statistic: Statistic,
  numImages: number,
  options?: { seed?: number; resamples?: number },
) {
  const [{ value, draws }] = resample([statistic], numImages, options);
  return { value, ...interval(draws) };
}

Deno.test("interval() of a share is as wide as the normal approximation says", () => {
  // 400 of 1000: standard error sqrt(0.4 x 0.6 / 1000) = 0.01549, times 1.96 = 0.0304.
  const hits = Array.from({ length: 1000 }, (_, i) => i < 400 ? 1 : 0);
  const { value, low, high } = intervalOf(mean(hits), 1000, { resamples: 4000 });
  assertEquals(value, 0.4);
  assertAlmostEquals(low, 0.4 - 0.0304, 0.003);
  assertAlmostEquals(high, 0.4 + 0.0304, 0.003);
});

Deno.test("resample() gives the same interval for the same seed, another for another", () => {
  const random = new Random(5);
  const values = Array.from({ length: 50 }, () => random.uniform());
  const run = (seed: number) => intervalOf(mean(values), 50, { seed, resamples: 200 });
  assertEquals(run(3), run(3));
  assert(run(3).low !== run(4).low);
});

Deno.test("differenceOf() sees a small difference that both intervals hide", () => {
  // Images differ much, the systems by 0.02 on every second image.
  const random = new Random(1);
  const baseline = Array.from({ length: 200 }, () => random.uniform());
  const system = baseline.map((value, i) => value + (i % 2) * 0.02);
  const [a, b] = resample([mean(system), mean(baseline)], 200);
  const difference = differenceOf(a, b);
  assertAlmostEquals(difference.value, 0.01, 1e-12);
  assert(difference.low > 0.008 && difference.high < 0.012);
  assertAlmostEquals(difference.pValue, 2 / 2001, 1e-12);
  const own = intervalOf(mean(baseline), 200);
  assert(own.high - own.low > 0.05);
});

Deno.test("95 % intervals of differences hold the truth in about 95 of 100 experiments", () => {
  // In the population an image has 1 to 4 rows. The system finds each with the probability
  // 0.6, the baseline 0.5, and both find what is easy: the true difference is 0.1, whether
  // images are averaged or rows pooled. A second system is no better than the baseline.
  const random = new Random(11), numImages = 60, experiments = 400;
  let held = 0, heldPooled = 0, refused = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const rows = Array.from({ length: numImages }, () => 1 + random.below(4));
    const hits = rows.map((count) => {
      const found = [0, 0, 0];
      for (let row = 0; row < count; row++) {
        const ease = random.uniform(), chance = random.uniform();
        // Half of the time one draw decides for both systems, so that they are alike.
        const other = random.uniform() < 0.5 ? ease : chance;
        if (ease < 0.6) found[0]++;
        if (other < 0.5) found[1]++;
        if (ease < 0.5) found[2]++;
      }
      return found;
    });
    const byImage = (s: number) => mean(hits.map((found, i) => found[s] / rows[i]));
    const pooled = (s: number): Statistic => (weights) => {
      let numerator = 0, denominator = 0;
      for (let i = 0; i < numImages; i++) {
        numerator += weights[i] * hits[i][s];
        denominator += weights[i] * rows[i];
      }
      return numerator / denominator;
    };
    const [a, b, c, d, e] = resample(
      [byImage(0), byImage(1), pooled(0), pooled(1), byImage(2)],
      numImages,
      { seed: experiment, resamples: 200 },
    );
    const holds = ({ low, high }: { low: number; high: number }) =>
      low <= 0.1 && 0.1 <= high;
    if (holds(differenceOf(a, b))) held++;
    if (holds(differenceOf(c, d))) heldPooled++;
    if (differenceOf(e, b).pValue <= 0.05) refused++;
  }
  // The standard error of a share of 400 is 1.1 points; percentile intervals of 60 images
  // are about a point too narrow.
  for (const share of [held / experiments, heldPooled / experiments]) {
    assert(share > 0.91 && share < 0.98, `${share}`);
  }
  // Where there is no difference, 5 of 100 experiments find one.
  assert(refused / experiments > 0.02 && refused / experiments < 0.09, `${refused}`);
});

Deno.test("differenceOf() of equal systems is certain of nothing", () => {
  const same = mean([1, 0, 1, 1]);
  const expected = { value: 0, low: 0, high: 0, pValue: 1 };
  const [a, b] = resample([same, same], 4);
  assertEquals(differenceOf(a, b), expected);
});

Deno.test("differenceOf() of a metric without a value has neither interval nor p", () => {
  const nothing: Statistic = () => NaN;
  const [a, b] = resample([nothing, mean([1, 0])], 2);
  assertEquals(differenceOf(a, b), { value: NaN, low: NaN, high: NaN, pValue: NaN });
});

Deno.test("interval() leaves out resamples without a value, and interpolates", () => {
  const draws = Float64Array.from([4, NaN, 0, 1, 3, 2]);
  // A quarter of the draws 0..4 on each side lies outside: at 0.25 x 4 and 0.75 x 4.
  assertEquals(interval(draws, 0.5), { low: 1, high: 3 });
  assertEquals(interval(Float64Array.of(NaN)), { low: NaN, high: NaN });
});

Deno.test("resample() and interval() refuse meaningless arguments", () => {
  assertThrows(
    () => resample([mean([1])], 1, { resamples: 0 }),
    RangeError,
    'Cannot resample images as "resamples" must be an integer >= 1: current value is 0',
  );
  assertThrows(
    () => resample([mean([])], 0),
    RangeError,
    "Cannot resample images as there must be one or more: found 0",
  );
  assertThrows(
    () => interval(Float64Array.of(1), 1),
    RangeError,
    'Cannot compute an interval as "level" must be in (0, 1): current value is 1',
  );
});

Deno.test("meanAndDeviation() divides by one less than the number of runs", () => {
  // (2 - 3)^2 + (4 - 3)^2 = 2, over 2 - 1.
  assertEquals(meanAndDeviation([2, 4]), { mean: 3, deviation: Math.SQRT2 });
  assertEquals(meanAndDeviation([5]), { mean: 5, deviation: 0 });
});
