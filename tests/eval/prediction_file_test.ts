import { assertEquals, assertRejects } from "@std/assert";
import type { ImagePrediction } from "../../src/eval/formats/image_prediction.ts";
import { resizedSize } from "../../src/eval/formats/sgg_benchmark_json.ts";
import {
  openPredictions,
  type PredictionSource,
} from "../../src/eval/prediction_file.ts";
import { Vocabulary } from "../../src/vocabulary.ts";

const vocabulary = new Vocabulary({
  entities: ["man", "hat", "dog"],
  predicates: ["on", "wearing"],
});

/** A file in memory, in pieces of 7 bytes that cut words and letters apart. */
function source(
  name: string,
  text: string,
  others: Record<string, string> = {},
): PredictionSource {
  const bytes = new TextEncoder().encode(text);
  return {
    name,
    chunks: async function* () {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
    beside: (other) =>
      Promise.resolve(
        other in others ? new TextEncoder().encode(others[other]) : undefined,
      ),
  };
}

const context = {
  vocabulary,
  findImage: (file: string) => ({ id: file, size: [1200, 300] as const }),
};

async function readAll(given: PredictionSource) {
  const { images, ...rest } = await openPredictions(given, context);
  return { ...rest, images: await Array.fromAsync(images) };
}

const header = `{"format":"scene-graph-predictions","version":1`;
const line = `{"id":"a","boxes":[[0,0,9,9],[5,0,14.5,9]],"labels":["man",1],` +
  `"scores":[0.9,0.8],"relations":[[0,1,"wearing",0.7],[1,0,0,0.1]]}`;
const image: ImagePrediction = {
  id: "a",
  prediction: {
    boxes: Float64Array.of(0, 0, 9, 9, 5, 0, 14.5, 9),
    entityLabels: [0, 1],
    entityScores: Float64Array.of(0.9, 0.8),
    triplets: [0, 1, 1, 1, 0, 0],
    scores: [0.7, 0.1],
  },
};

Deno.test("openPredictions() reads JSON lines, with and without a header", async () => {
  assertEquals(await readAll(source("p.jsonl", `${line}\n\n${line}`)), {
    format: "own",
    task: undefined,
    images: [image, image],
  });
  const task = `${header},"task":"sgdet","predicates":["on","wearing"]}`;
  assertEquals(await readAll(source("p.ndjson", `${task}\n${line}\n`)), {
    format: "own",
    task: "sgdet",
    images: [image],
  });
  assertEquals((await readAll(source("p.jsonl", ""))).images, []);
});

Deno.test("openPredictions() reads a document or a list of images", async () => {
  const document = `${header},"task":"predcls","images":[${line}]}`;
  assertEquals(await readAll(source("p.json", document)), {
    format: "own",
    task: "predcls",
    images: [image],
  });
  assertEquals((await readAll(source("p.json", `[${line}]`))).images, [image]);
});

Deno.test("openPredictions() reads lists without scores, pairs, and probabilities", async () => {
  const lines = [
    `{"id":"a","relations":[[0,1,"on"],[1,0,1]]}`,
    `{"id":"b","relations":[]}`,
    `{"id":7,"pairs":[[0,1]],"predicateScores":[[0.25,0.5]]}`,
    `{"id":"c","entityProbabilities":[[1,0,0]],"relationProbabilities":[[[0,0,1]]]}`,
  ].join("\n");
  const { images } = await readAll(source("p.jsonl", lines));
  const nothing = { boxes: undefined, entityLabels: undefined, entityScores: undefined };
  assertEquals(images, [
    { id: "a", prediction: { ...nothing, triplets: [0, 1, 0, 1, 0, 1] } },
    { id: "b", prediction: { ...nothing, triplets: [] } },
    {
      id: "7",
      prediction: {
        ...nothing,
        pairs: Float64Array.of(0, 1),
        predicateScores: Float64Array.of(0.25, 0.5),
      },
    },
    {
      id: "c",
      prediction: {
        boxes: undefined,
        entityProbabilities: Float64Array.of(1, 0, 0),
        relationProbabilities: Float64Array.of(0, 0, 1),
      },
    },
  ]);
});

Deno.test("openPredictions() names the value that is wrong", async () => {
  const wrong: [string, string][] = [
    [`{}`, 'Cannot read line 1 of "p.jsonl": id: it must be a text: found nothing'],
    [`3`, 'Cannot read line 1 of "p.jsonl": it must be an object: found 3'],
    [
      `{"id":"a"}`,
      'Cannot read image "a": it must be an object with "relations", "pairs" or "relationProbabilities"',
    ],
    [
      `{"id":"a","relations":[[0,1,"wering"]]}`,
      'Cannot read image "a": relations[0][2]: Cannot find the predicate "wering" in the vocabulary: the nearest is "wearing"',
    ],
    [
      `{"id":"a","labels":["woman"],"relations":[]}`,
      'labels[0]: Cannot find the entity class "woman" in the vocabulary: the nearest is "man"',
    ],
    [
      `{"id":"a","labels":[3],"relations":[]}`,
      'Cannot read image "a": labels[0]: it must be a whole number in [0, 3): found 3',
    ],
    [
      `{"id":"a","relations":[[0,1,2]]}`,
      "relations[0][2]: it must be a whole number in [0, 2): found 2",
    ],
    [
      `{"id":"a","relations":[[0,1,"on",0.5],[0,1,"on"]]}`,
      'relations[1]: it must be a list of 4: found [0,1,"on"]',
    ],
    [
      `{"id":"a","relations":[[0,1,"on",null]]}`,
      "relations[0][3]: it must be a finite number: found null",
    ],
    [
      `{"id":"a","boxes":[[0,0,9]],"relations":[]}`,
      'Cannot read image "a": boxes[0]: it must be a list of 4: found [0,0,9]',
    ],
    [
      `{"id":"a","boxes":[[9,0,0,9]],"relations":[]}`,
      "boxes[0]: it must be [x1, y1, x2, y2] with x1 <= x2 and y1 <= y2: found [9,0,0,9]",
    ],
    [
      `{"id":"a","pairs":[[0,1]],"predicateScores":[[0.5]]}`,
      "predicateScores[0]: it must be a list of 2: found [0.5]",
    ],
    [
      `{"id":"a","pairs":3}`,
      'Cannot read image "a": pairs: it must be a list: found 3',
    ],
    [
      `{"id":"a","entityProbabilities":[[1,0]],"relationProbabilities":[[[0,0,1]]]}`,
      "entityProbabilities[0]: it must be a list of 3: found [1,0]",
    ],
  ];
  for (const [text, message] of wrong) {
    await assertRejects(() => readAll(source("p.jsonl", text)), Error, message);
  }
});

Deno.test("openPredictions() refuses other files, versions and vocabularies", async () => {
  const wrong: [string, string, string][] = [
    ["p.pkl", "", 'Cannot read "p.pkl": its name must end with .json or .jsonl'],
    ["p.jsonl", `${line}\n{"id":`, 'Cannot read line 2 of "p.jsonl": '],
    ["p.json", `[{"id":"a"`, 'Cannot read "p.json": '],
    [
      "p.jsonl",
      `{"id":"a","relations":[[0,1,"on",NaN]]}`,
      'Cannot read line 1 of "p.jsonl": it has NaN, which is no number',
    ],
    [
      "p.json",
      `{"format":"coco"}`,
      'Cannot read "p.json": it must be "format": "scene-graph-predictions", SGBench\'s or KaihuaTang\'s JSON',
    ],
    ["p.json", `${header.slice(0, -1)}2}`, '"p.json": version: it must be 1: found 2'],
    [
      "p.json",
      `${header},"task":"sgcl","images":[]}`,
      "task: it must be one of predcls, sgcls, sgdet, preddet",
    ],
    [
      "p.json",
      `${header},"predicates":["wearing","on"],"images":[]}`,
      'predicates: it must be the 2 names of the dataset in its order, "on" at 0',
    ],
    [
      "p.json",
      `${header},"entities":["man","hat","dog","cat"],"images":[]}`,
      "entities: it must be the 3 names of the dataset in its order: found",
    ],
  ];
  for (const [name, text, message] of wrong) {
    await assertRejects(() => readAll(source(name, text)), Error, message);
  }
});

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
    "bboxes: it must be a list of boxes (masks are not supported): found nothing",
  );
  await assertRejects(
    () => readAll(source("p.json", `{"version":2,"images":[]}`)),
    TypeError,
    '"p.json": version: it must be 1: found 2',
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
  // 1200 x 300: the shorter side would be 600, the longer 2400; 1000 allows 250.
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

Deno.test("openPredictions() refuses what does not fit in KaihuaTang's file", async () => {
  await assertRejects(
    () => readAll(source("custom_prediction.json", JSON.stringify({ 0: CUSTOM }))),
    RangeError,
    'Cannot read "custom_prediction.json": its custom_data_info.json must lie beside it',
  );
  const wrong: [unknown, unknown, string][] = [
    [{ 2: CUSTOM }, INFO, 'image "2": it must be numbered below 2: found "2"'],
    [
      { 0: { ...CUSTOM, bbox_labels: [0, 1] } },
      INFO,
      'image "x/0.jpg": bbox_labels[0]: it must be a whole number in [1, 4): found 0',
    ],
    [
      { 0: { ...CUSTOM, rel_all_scores: [[0.1, 0.6]] } },
      INFO,
      'image "x/0.jpg": rel_all_scores[0]: it must be a list of 3: found [0.1,0.6]',
    ],
    [
      { 0: CUSTOM },
      { ...INFO, ind_to_predicates: ["__background__", "on"] },
      "ind_to_predicates: it must be the background and the 2 predicates of the dataset",
    ],
    [
      { 0: CUSTOM },
      { ...INFO, ind_to_classes: ["__background__", "men"] },
      'Cannot find the entity class "men" in the vocabulary: the nearest is "man"',
    ],
  ];
  for (const [prediction, info, message] of wrong) {
    await assertRejects(() => readAll(custom(prediction, info)), Error, message);
  }
});
