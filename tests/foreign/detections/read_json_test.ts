import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type DetectionHints,
  readDetectionsJson,
} from "../../../src/foreign/detections/read_json.ts";

const SIZE = { imageWidth: 640, imageHeight: 480 };
const annotated = {
  images: [{ id: 7, width: 640, height: 480, file_name: "a.jpg" }],
  categories: [{ id: 3, name: "lorry" }],
};

const coco = [{ image_id: 7, category_id: 3, bbox: [1, 2, 3, 4], score: 0.5 }];
const transformers = [
  { score: 0.5, label: "lorry", box: { xmin: 1, ymin: 2, xmax: 4, ymax: 6 } },
];
const ultralytics = [
  { name: "lorry", class: 3, confidence: 0.5, box: { x1: 1, y1: 2, x2: 4, y2: 6 } },
];
const torchvision = { boxes: [[1, 2, 4, 6]], labels: ["lorry"], scores: [0.5] };

const beliefs = {
  ...{ image: "a.jpg", ...SIZE },
  ...{ classes: ["car", "lorry"], boxes: [[1, 2, 4, 6]], beliefs: [[0.25, 0.5]] },
};

const known: [name: string, value: unknown, hints: DetectionHints][] = [
  ["COCO's results", coco, annotated],
  ["transformers.js", transformers, SIZE],
  ["what detect prints", beliefs, {}],
  ["what detect prints, by its name", beliefs, { format: "detections" }],
  ["a batch of one", [transformers], SIZE],
  ["a wrapper", { ...SIZE, detections: ultralytics }, {}],
  ["a wrapper, whose size counts", { ...SIZE, detections: torchvision }, {
    ...{ imageWidth: 9, imageHeight: 9 },
  }],
  ["ultralytics", ultralytics, SIZE],
  ["torchvision", torchvision, SIZE],
  ["torchvision by numbers", { ...torchvision, labels: [8] }, {
    ...SIZE,
    classes: { 8: "lorry" },
  }],
  ["torchvision's lists in a batch of one", [torchvision], SIZE],
  ["torchvision by name, with the size beside", { ...SIZE, ...torchvision }, {
    format: "torchvision",
  }],
  ["mmdetection", {
    predictions: [{ bboxes: [[1, 2, 4, 6]], labels: ["lorry"], scores: [0.5] }],
    visualization: [],
  }, SIZE],
  ["detectron2's instances", [{ image_id: 7, instances: coco }], annotated],
  ["COCO's results that name a file", [{ ...coco[0], image_id: "a" }], annotated],
  ["YOLOv5's rows", [{
    ...{ xmin: 1, ymin: 2, xmax: 4, ymax: 6 },
    ...{ confidence: 0.5, class: 3, name: "lorry" },
  }], SIZE],
  ["coco-ssd", [{ class: "lorry", score: 0.5, bbox: [1, 2, 3, 4] }], SIZE],
  ["a wrapper with the names of own data", {
    ...{ width: 640, height: 480, file_name: "a.jpg" },
    detections: transformers,
  }, {}],
  [
    "shares",
    [{
      ...transformers[0],
      box: { xmin: 1 / 640, ymin: 2 / 480, xmax: 4 / 640, ymax: 6 / 480 },
    }],
    { ...SIZE, normalized: true },
  ],
];

for (const [name, value, hints] of known) {
  Deno.test(`readDetectionsJson() recognizes ${name}`, () => {
    const found = readDetectionsJson(value, "a.json", hints);
    assert(found);
    assertEquals([...found.boxes], [1, 2, 4, 6]);
    assertEquals([found.imageWidth, found.imageHeight], [640, 480]);
    assertEquals(found.classes[found.beliefs.indexOf(0.5)], "lorry");
  });
}

const unknown: [name: string, value: unknown][] = [
  ["the input of a prediction", {
    ...SIZE,
    boxes: [[1, 2, 4, 6]],
    entityLabels: ["cup"],
  }],
  ["an image of a dataset", {
    ...{ width: 640, height: 480, boxes: [[1, 2, 4, 6]] },
    ...{ labels: ["cup"], scores: [0.5] },
  }],
  ["annotations", { ...annotated, annotations: [] }],
  ["a list of something else", [{ id: 1 }]],
  ["numbers", [1, 2]],
  ["null", null],
  ["a text", "coco"],
];

for (const [name, value] of unknown) {
  Deno.test(`readDetectionsJson() leaves ${name} to others`, () => {
    assertEquals(readDetectionsJson(value, "a.json", SIZE), undefined);
  });
}

Deno.test("readDetectionsJson() of an empty list is without boxes", () => {
  for (const format of [undefined, "coco", "transformers", "ultralytics"] as const) {
    const found = readDetectionsJson([], "a.json", { ...SIZE, format });
    assertEquals(found?.boxes.length, 0);
  }
  const found = readDetectionsJson({ ...SIZE, detections: [] }, "a.json");
  assertEquals(found?.boxes.length, 0);
});

const refusals: [value: unknown, hints: DetectionHints, message: string][] = [
  [coco, {}, `Cannot use "a.json": COCO's results do not have the sizes of images`],
  [
    transformers,
    {},
    `Cannot use "a.json": it does not have the size of its image, give imageWidth`,
  ],
  [
    { ...SIZE, detections: transformers, extra: 1 },
    {},
    `Cannot use "a.json": extra is not a known key`,
  ],
  [
    { ...SIZE, imageWidth: -1, detections: transformers },
    {},
    "imageWidth must be a number above 0: found -1",
  ],
  [
    [transformers, transformers],
    SIZE,
    "it is a batch of 2: write one file each",
  ],
  [
    ultralytics,
    { ...SIZE, format: "transformers" },
    "[0].box.xmin is missing",
  ],
  [
    coco,
    { images: {} as [] },
    'Cannot use "a.json": images must be a list: found {...}',
  ],
];

for (const [value, hints, message] of refusals) {
  Deno.test(`readDetectionsJson() refuses with: ${message}`, () => {
    const error = assertThrows(() => readDetectionsJson(value, "a.json", hints), Error);
    assert(error.message.includes(message), error.message);
  });
}
