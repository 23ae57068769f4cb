import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  type Detected,
  DetectionSimulator,
  type SeenBoxes,
} from "../../src/preprocess/simulated_detections.ts";
import { Random } from "../../src/random.ts";

const FRAME = { width: 100, height: 100 };

/** An image of one box; `detected` is -1 if it is missed. */
function single(truth: number, detected: number, score: number): Detected {
  return {
    ...FRAME,
    boxes: Float32Array.of(0, 0, 50, 50),
    entityLabels: Int32Array.of(truth),
    detections: Int32Array.of(detected < 0 ? -1 : 0),
    detected: Int32Array.of(detected),
    scores: Float32Array.of(score),
  };
}

/** Two boxes that overlap by 0.8; they share a detection, or each has one. */
function twins(isShared: boolean): Detected {
  return {
    ...FRAME,
    boxes: Float32Array.of(0, 0, 50, 50, 0, 0, 50, 40),
    entityLabels: Int32Array.of(0, 1),
    detections: Int32Array.of(0, isShared ? 0 : 1),
    detected: Int32Array.of(0, isShared ? 0 : 1),
    scores: Float32Array.of(0.9, isShared ? 0.9 : 0.8),
  };
}

const times = <T>(count: number, item: T): T[] => Array(count).fill(item);

/** Draws an image many times. */
function draws(simulator: DetectionSimulator, image: SeenBoxes, count = 4000) {
  const random = new Random("draws");
  return Array.from({ length: count }, () => simulator.draw(image, random));
}

Deno.test("DetectionSimulator misses and confuses boxes as often as it has seen", () => {
  // Of 1,000 boxes of class 0, 200 are missed, 600 right and 200 taken for class 2.
  const simulator = new DetectionSimulator([
    ...times(200, single(0, -1, 0)),
    ...times(600, single(0, 0, 0.9)),
    ...times(200, single(0, 2, 0.5)),
  ], 3);
  const found = draws(simulator, single(0, -1, 0)).map(({ detected }) => detected[0]);
  const share = (label: number) =>
    found.filter((one) => one === label).length / found.length;
  assertAlmostEquals(share(-1), 0.2, 0.03);
  assertAlmostEquals(share(0), 0.6, 0.03);
  // Smoothing leaves a little for class 1.
  assertAlmostEquals(share(2), 0.2, 0.03);
});

Deno.test("DetectionSimulator finds large boxes more often, if it has seen that", () => {
  const small = { boxes: Float32Array.of(0, 0, 5, 5) };
  const simulator = new DetectionSimulator([
    ...times(200, { ...single(0, -1, 0), ...small }),
    ...times(100, { ...single(0, 0, 0.9), ...small }),
    ...times(300, single(0, 0, 0.9)),
    ...times(20, single(0, -1, 0)),
  ], 2);
  const shareFound = (image: SeenBoxes) =>
    draws(simulator, image, 1000).filter(({ detected }) => detected[0] >= 0).length /
    1000;
  assertAlmostEquals(shareFound({ ...single(0, -1, 0), ...small }), 1 / 3, 0.06);
  assertAlmostEquals(shareFound(single(0, -1, 0)), 300 / 320, 0.06);
});

Deno.test("DetectionSimulator gives right and wrong labels the confidences of such", () => {
  const simulator = new DetectionSimulator([
    ...times(50, single(0, 0, 0.9)),
    ...times(50, single(0, 1, 0.5)),
  ], 2);
  for (const { detected, scores } of draws(simulator, single(0, -1, 0), 200)) {
    if (detected[0] < 0) continue;
    assertEquals(scores[0], Math.fround(detected[0] === 0 ? 0.9 : 0.5));
  }
});

Deno.test("DetectionSimulator lets boxes share a detection as often as it has seen", () => {
  const images = [...times(300, twins(true)), ...times(100, twins(false))];
  const simulator = new DetectionSimulator(images, 2);
  assertEquals(simulator.sharing, 0.75);
  const both = draws(simulator, twins(true)).filter(({ detected }) =>
    detected.every((label) => label >= 0)
  );
  const equal = both.filter(({ detected: [a, b], scores: [p, q] }) => a === b && p === q);
  // Without sharing, both labels would be right and so differ.
  assertAlmostEquals(equal.length / both.length, 0.75, 0.05);
  assertEquals(new DetectionSimulator(times(100, twins(false)), 2).sharing, 0);
});

Deno.test("DetectionSimulator draws the same for the same seed", () => {
  const simulator = new DetectionSimulator(times(9, twins(false)), 2);
  const draw = () => simulator.draw(twins(true), new Random(1, "same"));
  assertEquals(draw(), draw());
});

Deno.test("DetectionSimulator refuses images without a found box", () => {
  assertThrows(
    () => new DetectionSimulator([single(0, -1, 0)], 2),
    RangeError,
    "Cannot measure a detector as there must be detections of known boxes",
  );
});
