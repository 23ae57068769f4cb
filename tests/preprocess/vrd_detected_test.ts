import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { BoxDetections } from "../../src/dataset/formats/box_detections.ts";
import type { AnnotatedImage } from "../../src/example.ts";
import {
  halfOf,
  vrdDetectedImages,
  type VrdDetectedOptions,
} from "../../src/preprocess/vrd_detected.ts";
import { Random } from "../../src/random.ts";
import { toyImages } from "../label_predictor/_toy.ts";

const IMAGES = { train: named("a", 3), validation: named("b", 2), test: named("c", 12) };
const NUM_CLASSES = 1 + Math.max(
  ...Object.values(IMAGES).flat().flatMap(({ entityLabels }) => [...entityLabels]),
  1,
);
const OPTIONS = { numClasses: NUM_CLASSES, half: 0, versions: 2, seed: 0 };

function named(prefix: string, count: number): AnnotatedImage[] {
  return toyImages(count, 1).map((image) => ({ ...image, id: `${prefix}${image.id}` }));
}

/** Detections of all boxes but the last, with random labels; `salt` changes those of a half. */
function detectionsOf(salt: (half: number) => string): Map<string, BoxDetections> {
  return new Map(IMAGES.test.map(({ id, boxes, entityLabels }) => {
    const random = new Random("labels", id, salt(halfOf(id)));
    const n = entityLabels.length - 1;
    return [id, {
      boxes: boxes.slice(0, 4 * n),
      classes: Int32Array.from({ length: n }, () => random.below(NUM_CLASSES)),
      scores: Float32Array.from({ length: n }, () => random.uniform()),
    }];
  }));
}

const made = (
  salt: (half: number) => string = () => "",
  options: Partial<VrdDetectedOptions> = {},
) => vrdDetectedImages(IMAGES, detectionsOf(salt), { ...OPTIONS, ...options });

Deno.test("vrdDetectedImages() scores each test image in one half", () => {
  const idsOf = (half: number) =>
    made(undefined, { half }).images.test.map(({ id }) => id);
  const halves = [idsOf(0), idsOf(1)];
  assert(halves.every(({ length }) => length > 0));
  assertEquals(halves.flat().sort(), IMAGES.test.map(({ id }) => id).sort());
});

Deno.test("vrdDetectedImages() learns nothing from the half that is scored", () => {
  const plain = made(), other = made((half) => half === 0 ? "changed" : "");
  assertEquals(plain.images.train, other.images.train);
  assertEquals(plain.images.validation, other.images.validation);
  assertNotEquals(plain.images.test, other.images.test);
  // The other half does matter.
  const measured = made((half) => half === 1 ? "changed" : "");
  assertNotEquals(plain.images.train, measured.images.train);
});

Deno.test("vrdDetectedImages() draws each training image several times", () => {
  const { train } = made().images;
  const ids = IMAGES.train.map(({ id }) => id);
  assertEquals(train.map(({ id }) => id), [...ids, ...ids.map((id) => `${id}~1`)]);
  assertEquals(train.map(({ whole }) => whole!.id), [...ids, ...ids]);
  const logits = (i: number) => train[i].entityLogits!;
  assertEquals(logits(0).length, train[0].entityLabels.length * NUM_CLASSES);
  const n = IMAGES.train.length;
  assert(ids.some((_, i) => logits(i).join() !== logits(n + i).join()));
});

Deno.test("vrdDetectedImages() gives every box probabilities, also a missed one", () => {
  const { images, counts } = made();
  for (const { entityLogits } of Object.values(images).flat()) {
    for (let i = 0; i < entityLogits!.length; i += NUM_CLASSES) {
      const row = entityLogits!.subarray(i, i + NUM_CLASSES);
      const sum = row.reduce((total, logit) => total + Math.exp(logit), 0);
      assert(Math.abs(sum - 1) < 1e-5);
    }
  }
  const { scored, measured } = counts;
  assertEquals(scored.images + measured.images, IMAGES.test.length);
  assert(scored.found < scored.boxes && scored.right <= scored.found);
});

Deno.test("vrdDetectedImages() has the detector's boxes, if they are asked for", () => {
  const { test, train } = made(undefined, { nodes: "detections" }).images;
  assertEquals(train, made().images.train);
  const found = detectionsOf(() => "");
  for (const { id, entityLabels, entityLogits, annotated } of test) {
    assertEquals(entityLabels.length, found.get(id)!.classes.length);
    assertEquals(entityLogits!.length, entityLabels.length * NUM_CLASSES);
    const whole = IMAGES.test.find((image) => image.id === id)!;
    assertEquals(annotated!.entityLabels, whole.entityLabels);
  }
});

Deno.test("vrdDetectedImages() refuses a test image without an entry", () => {
  assertThrows(
    () => vrdDetectedImages(IMAGES, new Map(), OPTIONS),
    RangeError,
    `Cannot use the detections of "vrd" as there must be an entry for each test image: found none for "${
      IMAGES.test[0].id
    }"`,
  );
});
