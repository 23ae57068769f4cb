import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { BoxDetections } from "../../src/dataset/formats/box_detections.ts";
import { SPLITS } from "../../src/dataset/manifest.ts";
import type { AnnotatedImage } from "../../src/example.ts";
import { classMap } from "../../src/predict/classes/class_map.ts";
import doubtSamples from "../../src/preprocess/centernet_doubt.json" with {
  type: "json",
};
import type { ImageOfSplit } from "../../src/preprocess/example_of.ts";
import { readVg5k } from "../../src/preprocess/read_vg5k.ts";
import { GREATEST_SCORE } from "../../src/certainty.ts";
import { mixedImages, statedImages } from "../../src/preprocess/vg5k_mixed.ts";
import { softmaxRows } from "../../src/softmax.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { builtInWords } from "../../src/words/word_vectors.ts";
import { assertClose } from "../_assert.ts";
import { DATA, isMissing } from "../_fixtures.ts";

/** CenterNet knows a person and an airplane, but no roof. */
const VOCABULARY = new Vocabulary({
  entities: ["man", "airplane", "roof"],
  predicates: ["on", "near", "under"],
});

/** A man, an airplane and a roof; the man on and near the other two. */
const image = (id: string): AnnotatedImage => ({
  id,
  width: 320,
  height: 240,
  boxes: Float32Array.of(0, 0, 10, 10, 20, 0, 30, 10, 40, 0, 50, 10),
  entityLabels: Int32Array.of(0, 1, 2),
  relations: Int32Array.of(0, 2, 1, 1, 2, 0, 0, 1, 2),
});

/** The man as a man, the roof as an airplane. */
const TWO: BoxDetections = {
  boxes: Float32Array.of(0, 0, 10, 10, 40, 0, 50, 10),
  classes: Int32Array.of(0, 1),
  scores: Float32Array.of(0.9, 0.6),
};
/** The man alone, which is no graph. */
const ONE: BoxDetections = {
  boxes: TWO.boxes.subarray(0, 4),
  classes: TWO.classes.subarray(0, 1),
  scores: TWO.scores.subarray(0, 1),
};

const toy = () => {
  const make = (split: string, count: number) =>
    Array.from({ length: count }, (_, i) => image(`${split}${i}`));
  const images = {
    train: make("train", 40),
    validation: make("validation", 4),
    test: make("test", 2),
  };
  const detections = new Map(
    Object.values(images).flat().map(({ id }) => [id, TWO] as const),
  ).set("train0", ONE).set("validation3", ONE);
  return { images, detections };
};

/** The annotated images without what a form adds. */
const withoutLogits = (images: readonly ImageOfSplit[]): AnnotatedImage[] =>
  images.map(({ entityLogits: _, whole: __, ...image }) => image);

const forms = (images: readonly ImageOfSplit[], form: string) =>
  images.filter(({ id }) => id.endsWith(`~${form}`));

Deno.test("mixedImages() has each training image in three forms", async () => {
  const { images, detections } = toy();
  const options = { vocabulary: VOCABULARY, seed: 1 };
  const { images: mixed, sampled } = await mixedImages(images, detections, options);
  const { train, validation, test } = mixed;
  assertEquals(train.slice(0, 40).map(({ id }) => id), images.train.map(({ id }) => id));
  assertEquals(train.length, 40 + 39 + 40);
  assertEquals(forms(train, "rcnn").map(({ id }) => id).slice(0, 2), [
    "train1~rcnn",
    "train2~rcnn",
  ]);
  // The man and the roof; and the man and the airplane, which CenterNet knows.
  const [rcnn] = forms(train, "rcnn"), [centernet] = forms(train, "centernet");
  assertEquals([rcnn.entityLabels, rcnn.relations], [
    Int32Array.of(0, 2),
    Int32Array.of(0, 1, 1),
  ]);
  assertEquals([centernet.entityLabels, centernet.relations], [
    Int32Array.of(0, 1),
    Int32Array.of(0, 1, 2),
  ]);
  assertEquals([rcnn.whole, centernet.whole], [images.train[1], images.train[0]]);
  assertEquals(train[7].entityLabels, images.train[7].entityLabels);
  assertEquals(validation.map(({ id }) => id), [
    ...images.validation.map(({ id }) => id),
    ...["validation0~rcnn", "validation1~rcnn", "validation2~rcnn"],
  ]);
  assertEquals(withoutLogits(test), images.test);
  for (const { entityLogits, entityLabels } of [...validation.slice(0, 4), ...test]) {
    const p = softmaxRows(entityLogits!, 3);
    entityLabels.forEach((label, i) =>
      assertClose([p[3 * i + label]], [GREATEST_SCORE], 1e-6)
    );
  }
  assertEquals(sampled.detector, "centernet");
});

Deno.test("mixedImages() draws stated and sampled labels by its seed", async () => {
  const { images, detections } = toy();
  const make = async (seed: number) => {
    const options = { vocabulary: VOCABULARY, seed };
    const { train } = (await mixedImages(images, detections, options)).images;
    return train.map(({ id, entityLogits }) => [id, entityLogits!.join()]);
  };
  const all = await make(1), other = await make(2);
  assertEquals(await make(1), all);
  const isDrawn = ([id]: string[]) => !id.endsWith("~rcnn");
  assert(all.filter(isDrawn).join() !== other.filter(isDrawn).join());
  assertEquals(
    all.filter((image) => !isDrawn(image)),
    other.filter((image) => !isDrawn(image)),
  );
});

Deno.test("statedImages() gives all images the stated labels of mixedImages(), by its seed", async () => {
  const { images, detections } = toy();
  const { detected, images: mixed } = await mixedImages(images, detections, {
    vocabulary: VOCABULARY,
    seed: 1,
  });
  const stated = statedImages(images, detected.detector.doubt, 1);
  assertEquals(stated.train, mixed.train.slice(0, 40));
  let right = 0, expected = 0;
  for (const split of SPLITS) {
    assertEquals(withoutLogits(stated[split]), images[split]);
    for (const { entityLabels, entityLogits } of stated[split]) {
      const p = softmaxRows(entityLogits!, 3);
      entityLabels.forEach((label, i) => {
        const row = p.subarray(3 * i, 3 * i + 3), score = Math.max(...row);
        right += Number(row.indexOf(score) === label);
        expected += score;
      });
    }
  }
  // 138 labels are right as often as their scores say, to within 4 deviations of at most 0.5.
  assert(Math.abs(right - expected) < 4 * 0.5 * Math.sqrt(138), `${right} ${expected}`);
  const logitsOf = (seed: number) =>
    statedImages(images, detected.detector.doubt, seed).test.map((image) =>
      image.entityLogits
    );
  assertEquals(logitsOf(1), logitsOf(1));
  assertNotEquals(logitsOf(1), logitsOf(2));
});

Deno.test(
  "mixedImages() of the published files has every test image once, and nowhere else",
  {
    ignore: isMissing(`${DATA}/vg5k`),
  },
  async () => {
    const { images, detections, vocabulary } = await readVg5k(`${DATA}/vg5k`);
    const before = images.test.map((image) => structuredClone(image));
    const options = { vocabulary, seed: 0 };
    const { images: mixed, detected, sampled } = await mixedImages(
      images,
      detections,
      options,
    );
    // The annotations are untouched. Text is compared fast, also where it differs.
    const text = (images: readonly AnnotatedImage[]) =>
      images.map((image) => JSON.stringify(image)).join();
    assert(text(withoutLogits(mixed.test)) === text(before));
    const testIds = new Set(before.map(({ id }) => id));
    const ids = SPLITS.flatMap((split) => mixed[split].map(({ id }) => id));
    assertEquals(new Set(ids).size, ids.length, "ids are different");
    for (const { id } of [...mixed.train, ...mixed.validation]) {
      assert(!testIds.has(id.split("~")[0]), id);
    }
    // The forms: all images; those of two found boxes; those of two classes in COCO.
    const isGraph = ({ entityLabels }: AnnotatedImage) => entityLabels.length >= 2;
    const seen = new Set(
      classMap(doubtSamples.classes, vocabulary.entities, { words: await builtInWords() })
        .matches.flatMap(({ to }) => to.map((name) => vocabulary.entities.indexOf(name))),
    );
    const ofCoco = images.train.filter(({ entityLabels }) =>
      entityLabels.filter((label) => seen.has(label)).length >= 2
    );
    const rcnn = detected.images.train.filter(isGraph).length;
    assertEquals([rcnn, ofCoco.length].map((count) => count > 1000), [true, true]);
    assertEquals(
      [
        mixed.train.length,
        forms(mixed.train, "rcnn").length,
        forms(mixed.train, "centernet").length,
        mixed.validation.length,
      ],
      [
        3500 + rcnn + ofCoco.length,
        rcnn,
        ofCoco.length,
        300 + detected.images.validation.filter(isGraph).length,
      ],
    );
    for (
      const { id, entityLogits, entityLabels } of [...mixed.train, ...mixed.validation]
    ) {
      const c = vocabulary.numEntityClasses;
      assertEquals(entityLogits!.length, entityLabels.length * c);
      assert(entityLogits!.every(Number.isFinite), id);
    }
    // Borrowed beliefs are named, and only classes that CenterNet has lend and borrow.
    for (const { name, from } of sampled.borrowed) {
      assert(doubtSamples.classes.includes(name) && doubtSamples.classes.includes(from));
    }
    const lenders = sampled.borrowed.map(({ from }) =>
      doubtSamples.classes.indexOf(from)
    );
    for (const lender of lenders) {
      const own = doubtSamples.samples.filter(({ truth }) => truth === lender);
      assert(own.length >= 3);
    }
  },
);
