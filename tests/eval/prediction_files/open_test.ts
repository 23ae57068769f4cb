import { assertEquals, assertRejects } from "@std/assert";
import type { ImagePrediction } from "../../../src/eval/prediction_files/image_prediction.ts";
import { readAll, source } from "./_prediction_source.ts";

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
    [`{}`, 'Cannot use line 1 of "p.jsonl": id is missing, it must be a text'],
    [`3`, 'Cannot use line 1 of "p.jsonl": it must be an object: found 3'],
    [
      `{"id":"a"}`,
      'Cannot use line 1 of "p.jsonl": it must be an object with "relations", "pairs" or "relationProbabilities"',
    ],
    [
      `{"id":"a","relations":[[0,1,"wering"]]}`,
      'relations[0][2] must be a name of the vocabulary: found "wering"; the nearest is "wearing"',
    ],
    [
      `{"id":"a","labels":["woman"],"relations":[]}`,
      'labels[0] must be a name of the vocabulary: found "woman"; the nearest is "man"',
    ],
    [
      `{"id":"a","labels":[3],"relations":[]}`,
      'Cannot use line 1 of "p.jsonl": labels[0] must be a whole number in [0, 3): found 3; indices count from 0',
    ],
    [
      `{"id":"a","relations":[[0,1,2]]}`,
      "relations[0][2] must be a whole number in [0, 2): found 2",
    ],
    [
      `{"id":"a","relations":[[0,1,"on",0.5],[0,1,"on"]]}`,
      'relations[1] must be a list of 4: found [0,1,"on"]',
    ],
    [
      `{"id":"a","relations":[[0,1,"on",null]]}`,
      "relations[0][3] must be a finite number: found null",
    ],
    [
      `{"id":"a","boxes":[[0,0,9]],"relations":[]}`,
      'Cannot use line 1 of "p.jsonl": boxes[0] must be a list of 4: found [0,0,9]',
    ],
    [
      `{"id":"a","boxes":[[9,0,0,9]],"relations":[]}`,
      "boxes[0] must be [x1, y1, x2, y2] with x1 <= x2 and y1 <= y2: found [9,0,0,9]",
    ],
    [
      `{"id":"a","pairs":[[0,1]],"predicateScores":[[0.5]]}`,
      "predicateScores[0] must be a list of 2: found [0.5]",
    ],
    [
      `{"id":"a","pairs":3}`,
      'Cannot use line 1 of "p.jsonl": pairs must be a list: found 3',
    ],
    [
      `{"id":"a","entityProbabilities":[[1,0]],"relationProbabilities":[[[0,0,1]]]}`,
      "entityProbabilities[0] must be a list of 3: found [1,0]",
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
      'Cannot read line 1 of "p.jsonl": it has NaN, which JSON does not allow; leave the value out',
    ],
    [
      "p.json",
      `{"format":"coco"}`,
      'Cannot use "p.json": it must be "format": "scene-graph-predictions", SGBench\'s or KaihuaTang\'s JSON',
    ],
    ["p.json", `${header.slice(0, -1)}2}`, '"p.json": version must be 1: found 2'],
    [
      "p.json",
      `${header},"task":"sgcl","images":[]}`,
      'task must be one of "predcls", "sgcls", "sgdet", "preddet", "phrdet": found "sgcl"; the nearest is "sgcls"',
    ],
    [
      "p.json",
      `${header},"predicates":["wearing","on"],"images":[]}`,
      'predicates must be the 2 names of the dataset in its order, "on" at 0',
    ],
    [
      "p.json",
      `${header},"entities":["man","hat","dog","cat"],"images":[]}`,
      "entities must be the 3 names of the dataset in its order: found",
    ],
  ];
  for (const [name, text, message] of wrong) {
    await assertRejects(() => readAll(source(name, text)), Error, message);
  }
});
