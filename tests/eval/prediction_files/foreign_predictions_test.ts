/** Files of predictions in the formats of other programs. */

import { assertEquals, assertRejects } from "@std/assert";
import { resizedSize } from "../../../src/eval/prediction_files/sgg_benchmark_json.ts";
import { readAll, source } from "./_prediction_source.ts";

Deno.test("openPredictions() reads SGBench's boxes, dropping repetitions", async () => {
  const text = JSON.stringify({
    version: 1,
    images: [{
      id: "a",
      bboxes: [[0, 0, 9, 9], [1, 1, 2, 2]],
      categories: [2, 0],
      triplets: [[0, 1, 1], [1, 0, 0], [0, 1, 1]],
      ng_triplets: [[0, 1, 1], [0, 1, 0]],
    }, { id: 5, bboxes: [], categories: [], triplets: [] }],
  });
  assertEquals(await readAll(source("p.json", text)), {
    format: "sgbench",
    images: [{
      id: "a",
      prediction: {
        boxes: Float64Array.of(0, 0, 9, 9, 1, 1, 2, 2),
        entityLabels: [2, 0],
        triplets: [0, 1, 1, 1, 0, 0],
        unconstrained: { triplets: [0, 1, 1, 0, 1, 0] },
      },
    }, {
      id: "5",
      prediction: {
        boxes: new Float64Array(0),
        entityLabels: [],
        triplets: [],
        unconstrained: undefined,
      },
    }],
  });
});

Deno.test("openPredictions() refuses SGBench's masks and other versions", async () => {
  const masks =
    `{"version":1,"images":[{"id":"a","seg_filename":"a.tiff","categories":[]}]}`;
  await assertRejects(
    () => readAll(source("p.json", masks)),
    TypeError,
    "images[0].bboxes is missing, it must be a list of boxes (masks are not supported)",
  );
  await assertRejects(
    () => readAll(source("p.json", `{"version":2,"images":[]}`)),
    RangeError,
    '"p.json": version must be 1: found 2',
  );
});

const INFO = {
  idx_to_files: ["x/0.jpg", "x/1.jpg"],
  ind_to_classes: ["__background__", "hat", "man", "dog"],
  ind_to_predicates: ["__background__", "wearing", "on"],
};
const CUSTOM = {
  bbox: [[0, 0, 100, 50], [10, 10, 20, 20]],
  bbox_labels: [2, 1],
  bbox_scores: [0.9, 0.8],
  rel_pairs: [[0, 1]],
  rel_labels: [1],
  rel_scores: [0.6],
  rel_all_scores: [[0.1, 0.6, 0.3]],
};
const custom = (prediction: unknown, info: unknown = INFO) =>
  source("custom_prediction.json", JSON.stringify(prediction), {
    "custom_data_info.json": JSON.stringify(info),
  });

Deno.test("openPredictions() reads KaihuaTang's file by names, boxes scaled back", async () => {
  // 1200 x 300: a shorter side of 600 gives a longer one of 2400; the limit 1000 gives 250.
  assertEquals(resizedSize([1200, 300]), [1000, 250]);
  assertEquals(await readAll(custom({ 1: CUSTOM })), {
    format: "sgg-benchmark",
    task: "sgdet",
    images: [{
      id: "x/1.jpg",
      prediction: {
        boxes: Float64Array.of(0, 0, 120, 60, 12, 12, 24, 24),
        entityLabels: [0, 1], // "man" and "hat" of the dataset
        entityScores: Float64Array.of(0.9, 0.8),
        pairs: Float64Array.of(0, 1),
        predicateScores: Float64Array.of(0.3, 0.6), // "on", "wearing" of the dataset
      },
    }],
  });
});

Deno.test("resizedSize() makes the shorter side 600 where the longer stays in 1000", () => {
  assertEquals(resizedSize([400, 300]), [800, 600]);
  assertEquals(resizedSize([300, 400]), [600, 800]);
  assertEquals(resizedSize([500, 500]), [600, 600]);
  // 600 / 333 x 500 = 900.9, cut to whole pixels.
  assertEquals(resizedSize([500, 333]), [900, 600]);
  assertEquals(resizedSize([100, 350]), [286, 1001]);
});

Deno.test("openPredictions() refuses a file of KaihuaTang's that does not fit the dataset", async () => {
  await assertRejects(
    () => readAll(source("custom_prediction.json", JSON.stringify({ 0: CUSTOM }))),
    RangeError,
    'Cannot read "custom_prediction.json": its custom_data_info.json, which names the images, must lie beside it',
  );
  const wrong: [unknown, unknown, string][] = [
    [
      { 2: CUSTOM },
      INFO,
      '["2"] must be one of the 2 images of custom_data_info.json: found {...}',
    ],
    [
      { 0: { ...CUSTOM, bbox_labels: [0, 1] } },
      INFO,
      '["0"].bbox_labels[0] must be a whole number in [1, 4): found 0',
    ],
    [
      { 0: { ...CUSTOM, rel_all_scores: [[0.1, 0.6]] } },
      INFO,
      '["0"].rel_all_scores[0] must be a list of 3: found [0.1,0.6]',
    ],
    [
      { 0: CUSTOM },
      { ...INFO, ind_to_predicates: ["__background__", "on"] },
      "ind_to_predicates must be the background and the 2 predicates of the dataset",
    ],
    [
      { 0: CUSTOM },
      { ...INFO, ind_to_classes: ["__background__", "men"] },
      'Cannot use "custom_data_info.json": ind_to_classes[1] must be a name of the vocabulary: found "men"; the nearest is "man"',
    ],
  ];
  for (const [prediction, info, message] of wrong) {
    await assertRejects(() => readAll(custom(prediction, info)), Error, message);
  }
});
