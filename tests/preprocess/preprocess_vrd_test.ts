import { assertEquals, assertRejects } from "@std/assert";
import { preprocessVrd, splitTraining } from "../../src/preprocess/preprocess_vrd.ts";
import { testInFolder } from "../_in_folder.ts";
import { DATA, isMissing } from "../_fixtures.ts";
import { toyImages } from "../label_predictor/_toy.ts";

Deno.test("splitTraining() chooses the same tenth for every order of images", () => {
  const images = toyImages(60, 1);
  const { train, validation } = splitTraining(images);
  assertEquals([train.length, validation.length], [54, 6]);
  const reversed = splitTraining(images.toReversed());
  assertEquals(reversed.validation.toReversed(), validation);
  assertEquals(
    [...train, ...validation].map(({ id }) => id).sort(),
    [
      ...new Set(images.map(({ id }) => id)),
    ].sort(),
  );
  assertEquals(splitTraining(toyImages(5000, 1)).validation.length, 400);
});

testInFolder("preprocessVrd() says which file is missing and what to do", async (raw) => {
  await assertRejects(
    () => preprocessVrd({ raw, out: `${raw}/out`, command: "none" }),
    RangeError,
    `Cannot preprocess "vrd" as "${raw}/annotations_train.json" is missing: run "deno task download vrd" first`,
  );
});

testInFolder(
  "preprocessVrd() makes the three splits of the published files",
  async (out) => {
    const dataset = await preprocessVrd({
      raw: `${DATA}/vrd`,
      out,
      labelPredictor: "frequency",
      command: "none",
    });
    const { splits, vocabulary, labelPredictor } = dataset.manifest;
    const { train, validation, test } = splits;
    // 4,000 and 1,000 images, 30,355 and 7,638 relations are the publisher's.
    assertEquals([train.images, validation.images, test.images], [3600, 400, 1000]);
    assertEquals(train.relations + validation.relations, 30355);
    assertEquals(test.relations, 7638);
    assertEquals([vocabulary.entities.length, vocabulary.predicates.length], [100, 70]);
    assertEquals(labelPredictor.name, "frequency");
  },
  { ignore: isMissing(`${DATA}/vrd`) },
);

testInFolder("preprocessVrd() asks for the half and for the detections", async (raw) => {
  for (const name of FILES) {
    const value = name.includes("annotations") || name.includes("metadata")
      ? {}
      : ["person", "sky"];
    await Deno.writeTextFile(`${raw}/${name}.json`, JSON.stringify(value));
  }
  const run = (half?: number) =>
    preprocessVrd({ raw, out: `${raw}/out`, detections: "rcnn", half, command: "none" });
  await assertRejects(
    () => run(),
    RangeError,
    `Cannot preprocess "vrd" with detections as the half of the test images to score must be 0 or 1: found none; add --half 0`,
  );
  await assertRejects(
    () => run(1),
    RangeError,
    `Cannot preprocess "vrd" as "${raw}/objectDetRCNN.mat" is missing: run "deno task download vrd_rcnn" first`,
  );
});

const FILES = [
  "annotations_train",
  "annotations_test",
  "train_image_metadata",
  "test_image_metadata",
  "objects",
  "predicates",
];
