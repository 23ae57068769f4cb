import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import type { BoxDetections } from "../../src/dataset/formats/box_detections.ts";
import type { AnnotatedImage } from "../../src/example.ts";
import { readVg5k } from "../../src/preprocess/read_vg5k.ts";
import {
  detectedImages,
  type DetectedOptions,
} from "../../src/preprocess/vg5k_detected.ts";
import { DATA, isMissing } from "../_fixtures.ts";

/** Three boxes in a row; the second has class 1, the others class 0. */
const image = (id: string): AnnotatedImage => ({
  id,
  width: 320,
  height: 240,
  boxes: Float32Array.of(0, 0, 10, 10, 20, 0, 30, 10, 40, 0, 50, 10),
  entityLabels: Int32Array.of(0, 1, 0),
  relations: Int32Array.of(0, 2, 1, 1, 2, 0, 2, 0, 3),
});
/** The first box as class 0, the third as class 2. */
const DETECTIONS: BoxDetections = {
  boxes: Float32Array.of(0, 0, 10, 10, 40, 0, 50, 10),
  classes: Int32Array.of(0, 2),
  scores: Float32Array.of(0.9, 0.6),
};

Deno.test("detectedImages() keeps the found boxes, with their relations", () => {
  const train = Array.from({ length: 40 }, (_, i) => image(`train ${i}`));
  const test = [image("found"), image("not found")];
  const detections = new Map(
    [...train, test[0]].map(({ id }) => [id, DETECTIONS] as const),
  );
  const { images, counts } = detectedImages(
    { train, validation: [], test },
    detections,
    { numClasses: 3 },
  );
  assertEquals(images.train.length, 40);
  const [found] = images.test;
  assertEquals(images.test.map(({ id }) => id), ["found"]);
  assertEquals(found.boxes, Float32Array.of(0, 0, 10, 10, 40, 0, 50, 10));
  assertEquals(found.entityLabels, Int32Array.of(0, 0));
  assertEquals(found.relations, Int32Array.of(0, 1, 1, 1, 0, 3));
  assertEquals(found.whole, test[0]);
  // Class 0 was always right, class 2 always class 0.
  const [first, second] = [0, 3].map((at) => found.entityLogits.subarray(at, at + 3));
  assert(first[0] > Math.log(0.9));
  assert(second[2] < Math.log(0.2) && second[0] > second[1]);
  assertEquals(counts.test, { imagesLeftOut: 1, annotated: 6, found: 2, right: 1 });
  assertEquals(counts.validation.annotated, 0);
});

Deno.test("detectedImages() can keep all annotated boxes, and simulate further forms", () => {
  const train = Array.from({ length: 40 }, (_, i) => image(`train ${i}`));
  const test = [image("found"), image("not found")];
  const detections = new Map(
    [...train, test[0]].map(({ id }) => [id, DETECTIONS] as const),
  );
  const made = (options: Partial<DetectedOptions>) =>
    detectedImages({ train, validation: [], test }, detections, {
      numClasses: 3,
      ...options,
    }).images;
  const all = made({ nodes: "annotated", versions: 3 });
  assertEquals(all.test.map(({ id }) => id), ["found", "not found"]);
  assertEquals(all.test[0].boxes, test[0].boxes);
  // Missed boxes are all believed to be alike; a found one is not.
  const rows = [0, 3, 6].map((at) => [...all.test[1].entityLogits.subarray(at, at + 3)]);
  assertEquals(rows[1], rows[0]);
  assertNotEquals([...all.test[0].entityLogits.subarray(0, 3)], rows[0]);
  assertEquals(all.train.length, 120);
  assertEquals(all.train.slice(40, 42).map(({ id }) => id), ["train 0~1", "train 1~1"]);
  assert(all.train.every(({ entityLabels }) => entityLabels.length === 3));
  // The first form of each is the real one, whatever follows.
  assertEquals(made({ nodes: "annotated" }).train, all.train.slice(0, 40));
  assertNotEquals(all.train[0].entityLogits, all.train[40].entityLogits);
  const boxes = made({ nodes: "detections" });
  assertEquals(boxes.test.map(({ boxes }) => boxes.length / 4), [2, 0]);
  assertEquals(boxes.test[1].annotated?.entityLabels, test[1].entityLabels);
  assertEquals(boxes.train[0].boxes, train[0].boxes);
});

Deno.test("detectedImages() gives the published test images calibrated beliefs", {
  ignore: isMissing(`${DATA}/vg5k`),
}, async () => {
  const { images, detections, vocabulary } = await readVg5k(`${DATA}/vg5k`);
  const detected = detectedImages(images, detections, {
    numClasses: vocabulary.numEntityClasses,
  });
  const { train, validation, test } = detected.counts;
  // Counted by a program of a few lines in Python, with its pickle module and NumPy.
  assertEquals(train.found + validation.found + test.found, 17457);
  assertEquals(train.right + validation.right + test.right, 12967);
  for (const split of ["train", "test"] as const) {
    // Expected calibration error of the likeliest class in ten bins.
    const bins = Array.from({ length: 10 }, () => ({ belief: 0, right: 0 }));
    let n = 0, rightOnes = 0;
    for (const { entityLogits, entityLabels } of detected.images[split]) {
      entityLabels.forEach((label, i) => {
        const row = entityLogits.subarray(148 * i, 148 * (i + 1));
        const best = Math.max(...row), isRight = row[label] === best;
        const bin = bins[Math.min(9, Math.floor(10 * Math.exp(best)))];
        bin.belief += Math.exp(best);
        bin.right += Number(isRight);
        n++;
        rightOnes += Number(isRight);
        const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
        assertAlmostEquals(total, 1, 1e-4);
      });
    }
    const error = bins.reduce((sum, { belief, right }) =>
      sum + Math.abs(belief - right), 0) / n;
    assert(error <= 0.03, `${split}: ${error}`);
    // No worse than the detector's own classes, within half a point.
    const { right, found } = detected.counts[split];
    assert(rightOnes / n > right / found - 0.005, `${split}: ${rightOnes / n}`);
  }
});
