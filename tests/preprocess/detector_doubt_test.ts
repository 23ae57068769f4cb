import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  beliefsOfDetections,
  chanceOfRight,
  type DetectedLabels,
  fitDetectorDoubt,
} from "../../src/preprocess/detector_doubt.ts";
import { Random } from "../../src/random.ts";

/** Detections from rows of detected class, confidence, true class, how often. */
function labels(...rows: [number, number, number, number][]): DetectedLabels {
  const all = rows.flatMap(([d, s, t, times]) =>
    Array.from({ length: times }, () => [d, s, t])
  );
  return {
    detected: Int32Array.from(all, ([d]) => d),
    scores: Float32Array.from(all, ([, s]) => s),
    truths: Int32Array.from(all, ([, , t]) => t),
  };
}

Deno.test("fitDetectorDoubt() finds the curve that labels were drawn from", () => {
  // 20,000 labels, right with probability sigmoid(0.5 + 0.7 logit(score) + c), where c is 1
  // for class 0 and -1 for class 1.
  const random = new Random("doubt");
  const wanted = (d: number, score: number) => {
    const x = 0.5 + 0.7 * Math.log(score / (1 - score)) + (d === 0 ? 1 : -1);
    return 1 / (1 + Math.exp(-x));
  };
  const found = labels(...Array.from({ length: 20_000 }, (): [
    number,
    number,
    number,
    number,
  ] => {
    const d = Number(random.uniform() < 0.5), score = random.between(0.05, 0.95);
    const isRight = random.uniform() < wanted(d, score);
    return [d, score, isRight ? d : 2, 1];
  }));
  const doubt = fitDetectorDoubt(found, 3);
  assertAlmostEquals(doubt.slope, 0.7, 0.05);
  for (const d of [0, 1]) {
    for (const score of [0.1, 0.5, 0.9]) {
      assertAlmostEquals(chanceOfRight(doubt, d, score), wanted(d, score), 0.03);
    }
  }
});

Deno.test("fitDetectorDoubt() believes a class without samples as the others", () => {
  const doubt = fitDetectorDoubt(labels([0, 0.5, 0, 800], [0, 0.5, 1, 200]), 3);
  assertAlmostEquals(chanceOfRight(doubt, 0, 0.5), 0.8, 0.01);
  assertAlmostEquals(chanceOfRight(doubt, 2, 0.5), 0.8, 0.01);
});

Deno.test("fitDetectorDoubt() smooths confusions by the shares of all mistakes", () => {
  const doubt = fitDetectorDoubt(
    labels([0, 0.5, 1, 6], [0, 0.5, 2, 2], [1, 0.5, 2, 12], [1, 0.5, 1, 50]),
    3,
  );
  // Mistakes by true class, each with 10 added: 10, 16 and 24.
  // Class 0 was wrong 8 times; the prior counts for 10: 16 / 40 and 24 / 40 of them.
  const row = (d: number) => [...doubt.confusions.subarray(3 * d, 3 * d + 3)];
  assertEquals(row(0)[0], 0);
  assertAlmostEquals(row(0)[1], (6 + 4) / 18, 1e-12);
  assertAlmostEquals(row(0)[2], (2 + 6) / 18, 1e-12);
  // Class 2 was never detected: 10 / 26 and 16 / 26.
  assertAlmostEquals(row(2)[0], 10 / 26, 1e-12);
  assertAlmostEquals(row(2)[1], 16 / 26, 1e-12);
});

Deno.test("beliefsOfDetections() gives rows that sum to 1, whatever the confidence", () => {
  const doubt = fitDetectorDoubt(labels([0, 0.9, 0, 9], [1, 0.4, 2, 5]), 4);
  const scores = Float32Array.of(0, 0.3, 1);
  const beliefs = beliefsOfDetections(doubt, {
    detected: Int32Array.of(1, 0, 3),
    scores,
  });
  for (let m = 0; m < 3; m++) {
    const row = beliefs.subarray(4 * m, 4 * m + 4);
    assertAlmostEquals(row.reduce((sum, p) => sum + p, 0), 1, 1e-6);
    assert(row.every((p) => p > 0));
  }
  assertAlmostEquals(beliefs[4], chanceOfRight(doubt, 0, scores[1]), 1e-6);
});

Deno.test("chanceOfRight() rises with the confidence", () => {
  const doubt = fitDetectorDoubt(
    labels([0, 0.9, 0, 9], [0, 0.9, 1, 1], [0, 0.2, 0, 1], [0, 0.2, 1, 9]),
    2,
  );
  const chances = [0, 0.2, 0.5, 0.9, 1].map((score) => chanceOfRight(doubt, 0, score));
  assertEquals(chances, chances.toSorted((a, b) => a - b));
  assertEquals(new Set(chances).size, 5);
});

Deno.test("fitDetectorDoubt() stays finite if the detector is never or always right", () => {
  for (const truth of [0, 1]) {
    const doubt = fitDetectorDoubt(labels([0, 0.9, truth, 50], [0, 0.1, truth, 50]), 2);
    const beliefs = beliefsOfDetections(doubt, {
      detected: Int32Array.of(0, 1),
      scores: Float32Array.of(0.5, 0.5),
    });
    assert(beliefs.every((p) => p > 0 && p < 1));
    assert((beliefs[0] > 0.5) === (truth === 0));
  }
});

Deno.test("fitDetectorDoubt() refuses to measure nothing", () => {
  assertThrows(
    () => fitDetectorDoubt(labels(), 3),
    RangeError,
    "there must be detections of known boxes and two or more classes: found 0 detections and 3 classes",
  );
});
