import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { chanceOfRight } from "../../src/preprocess/detector_doubt.ts";
import {
  crossMeasure,
  detectedBy,
  MeasuredDetector,
} from "../../src/preprocess/measured_detector.ts";
import type { Detected } from "../../src/preprocess/simulated_detections.ts";

/** An image of 20 boxes of one class, side by side, all detected as class 0. */
function seen(truth: number, detected = 0): Detected {
  const n = 20;
  return {
    ...{ width: 1000, height: 100 },
    boxes: Float32Array.from(
      Array.from({ length: n }, (_, i) => [50 * i, 0, 50 * i + 40, 40]).flat(),
    ),
    entityLabels: new Int32Array(n).fill(truth),
    detections: Int32Array.from({ length: n }, (_, i) => detected < 0 ? -1 : i),
    detected: new Int32Array(n).fill(detected),
    scores: new Float32Array(n).fill(detected < 0 ? 0 : 0.5),
  };
}

Deno.test("crossMeasure() measures without the image's own part", () => {
  const right = seen(0), wrong = seen(1);
  const fitted = crossMeasure([right, right, right, wrong], [0, 1, 1, 0], 2);
  const chance = ({ doubt }: MeasuredDetector) => chanceOfRight(doubt, 0, 0.5);
  // Without part 0 all are right; without part 1 half are.
  assert(chance(fitted.without(3)) > 0.9);
  assertAlmostEquals(chance(fitted.without(1)), 0.5, 0.01);
  assertAlmostEquals(chance(fitted.all), 0.75, 0.02);
});

Deno.test("MeasuredDetector believes of missed boxes what missed boxes were", () => {
  // All boxes of class 1 were missed, those of class 0 found.
  const detector = new MeasuredDetector([seen(0), seen(1, -1)], 3);
  const logits = detector.logitsOf({
    detected: Int32Array.of(0, -1),
    scores: Float32Array.of(0.5, 0),
  });
  const [found, missed] = [0, 3].map((at) => logits.subarray(at, at + 3).map(Math.exp));
  assert(found[0] > 0.9);
  // (20 + 50 * 21 / 43) / 70 by hand: 20 missed boxes of class 1 among 50 of the prior,
  // where it has 21 of 43 with the pseudocounts.
  assertAlmostEquals(missed[1], (20 + 50 * 21 / 43) / 70, 1e-5);
  for (const beliefs of [found, missed]) {
    assertAlmostEquals(beliefs.reduce((sum, p) => sum + p, 0), 1, 1e-5);
  }
});

Deno.test("detectedBy() takes the most confident of the overlapping detections", () => {
  const image = {
    ...{ id: "a", width: 100, height: 100, relations: new Int32Array() },
    boxes: Float32Array.of(0, 0, 10, 10, 50, 50, 60, 60),
    entityLabels: Int32Array.of(4, 5),
  };
  const found = {
    boxes: Float32Array.of(0, 0, 10, 10, 0, 0, 10, 9, 80, 80, 90, 90),
    classes: Int32Array.of(1, 2, 3),
    scores: Float32Array.of(0.3, 0.6, 0.9),
  };
  const { detections, detected, scores } = detectedBy(image, found);
  assertEquals([...detections], [1, -1]);
  assertEquals([...detected], [2, -1]);
  assertEquals([...scores], [Math.fround(0.6), 0]);
  assertEquals([...detectedBy(image, undefined).detected], [-1, -1]);
});
