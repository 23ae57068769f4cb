import { assert, assertEquals } from "@std/assert";
import { calibrated, fitPlatt, IDENTITY } from "../../src/confidence/platt.ts";
import { Random } from "../../src/random.ts";
import { assertClose } from "../_assert.ts";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Scores with normal logits, which come true with sigmoid(intercept + slope * logit). */
function outcomes(intercept: number, slope: number, count: number) {
  const random = new Random("platt", intercept, slope);
  const logits = Array.from({ length: count }, () => 1.5 * random.normal());
  return {
    logits,
    scores: logits.map(sigmoid),
    isRight: logits.map((x) => Number(random.chance(sigmoid(intercept + slope * x)))),
  };
}

Deno.test("fitPlatt() finds the parameters that outcomes were drawn with", () => {
  for (const [intercept, slope] of [[0, 1], [-0.75, 0.5], [0.5, 1.75], [-2, 1]]) {
    const { scores, isRight } = outcomes(intercept, slope, 20_000);
    const found = fitPlatt(scores, isRight);
    // Standard errors are about 0.02.
    assertClose([found.intercept, found.slope], [intercept, slope], 0.08);
  }
});

Deno.test("fitPlatt() finds the greatest likelihood with its prior", () => {
  const { logits, scores, isRight } = outcomes(1, 0.5, 30);
  const { intercept, slope } = fitPlatt(scores, isRight);
  // The derivatives of the logistic loss and of half the squared distance from (0, 1).
  let byIntercept = intercept, bySlope = slope - 1;
  logits.forEach((x, m) => {
    const error = sigmoid(intercept + slope * x) - isRight[m];
    byIntercept += error;
    bySlope += error * x;
  });
  assertClose([byIntercept, bySlope], [0, 0], 1e-8);
});

Deno.test("fitPlatt() changes nothing without examples, and little with one", () => {
  assertEquals(fitPlatt([], []), { intercept: 0, slope: 1 });
  for (const score of [0, 0.1, 0.5, 1 / 3, 1]) {
    assertEquals(calibrated(IDENTITY, score), score);
  }
  const { intercept, slope } = fitPlatt([0.5], [1]);
  // At a logit of 0 the slope stays, and intercept = 1 - sigmoid(intercept).
  assertClose([intercept, slope], [1 - sigmoid(intercept), 1], 1e-9);
  assert(intercept > 0 && intercept < 0.5);
});

Deno.test("fitPlatt() keeps the order of scores, even if the lower ones came true", () => {
  const scores = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const isRight = scores.map((score) => Number(score < 0.5));
  const platt = fitPlatt(scores, isRight);
  assert(platt.slope > 0);
  const results = scores.map((score) => calibrated(platt, score));
  for (let i = 1; i < results.length; i++) assert(results[i] > results[i - 1]);
});

Deno.test("fitPlatt() and calibrated() take scores of 0 and 1", () => {
  const platt = fitPlatt([0, 0, 1, 1, 1], [0, 1, 1, 1, 0]);
  const results = [0, 0.5, 1].map((score) => calibrated(platt, score));
  for (const p of results) assert(p >= 0 && p <= 1, `${p}`);
  assert(results[0] < results[1] && results[1] < results[2]);
  // Half of the zeros and two thirds of the ones came true: less sure than before.
  assert(platt.slope < 0.2);
});
