import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Detections } from "../../../src/detections.ts";
import {
  cocoResultsByImage,
  fromCocoResults,
} from "../../../src/foreign/detections/coco_results.ts";
import { COCO_CLASSES } from "../../../src/foreign/detections/coco_classes.ts";
import { fromCocoSsd } from "../../../src/foreign/detections/coco_ssd.ts";
import { fromTorchvision } from "../../../src/foreign/detections/torchvision.ts";
import { fromTransformersJs } from "../../../src/foreign/detections/transformers_js.ts";
import {
  fromUltralytics,
  fromYoloRows,
} from "../../../src/foreign/detections/ultralytics.ts";
import { DATA, isMissing } from "../../_fixtures.ts";

const SIZE = { imageWidth: 640, imageHeight: 480 };
const IMAGES = [{ id: 7, width: 640, height: 480 }, { id: 8, width: 100, height: 50 }];

/** Boxes with their names and scores, without classes that no box has. */
function shown({ boxes, beliefs, classes }: Detections): unknown[] {
  return Array.from({ length: boxes.length / 4 }, (_, i) => {
    const row = beliefs.subarray(i * classes.length, (i + 1) * classes.length);
    const labels = classes.flatMap((name, k) =>
      row[k] > 0 ? [[name, Number(row[k].toFixed(4))]] : []
    );
    return [[...boxes.subarray(4 * i, 4 * i + 4)], ...labels];
  });
}

/** A dog and a car that sticks out of the image, in every form. */
const EXPECTED = [
  [[10, 20, 40, 60], ["dog", 0.9]],
  [[-3, 100, 645, 470], ["car", 0.25]],
];

const readers: [name: string, read: () => Detections][] = [
  ["fromCocoResults()", () =>
    fromCocoResults([
      { image_id: 7, category_id: 18, bbox: [10, 20, 30, 40], score: 0.9, area: 1200 },
      { image_id: 7, category_id: 3, bbox: [-3, 100, 648, 370], score: 0.25 },
    ], { images: IMAGES })],
  ["fromCocoResults() with categories of its own", () =>
    fromCocoResults([
      { image_id: "a", category_id: 0, bbox: [10, 20, 30, 40], score: 0.9 },
      { image_id: "a", category_id: 900, bbox: [-3, 100, 648, 370], score: 0.25 },
    ], { ...SIZE, categories: [{ id: 900, name: "car" }, { id: 0, name: "dog" }] })],
  ["fromTransformersJs()", () =>
    fromTransformersJs([
      { score: 0.9, label: "dog", box: { xmin: 10, ymin: 20, xmax: 40, ymax: 60 } },
      { score: 0.25, label: "car", box: { xmin: -3, ymin: 100, xmax: 645, ymax: 470 } },
    ], SIZE)],
  ["fromTransformersJs() of shares", () =>
    fromTransformersJs([
      {
        score: 0.9,
        label: "dog",
        box: { xmin: 10 / 640, ymin: 20 / 480, xmax: 40 / 640, ymax: 60 / 480 },
      },
      {
        score: 0.25,
        label: " car ",
        box: { xmin: -3 / 640, ymin: 100 / 480, xmax: 645 / 640, ymax: 470 / 480 },
      },
    ], { ...SIZE, percentage: true })],
  ["fromUltralytics()", () =>
    fromUltralytics([
      {
        ...{ name: "dog", class: 16, confidence: 0.9 },
        box: { x1: 10, y1: 20, x2: 40, y2: 60 },
      },
      {
        ...{ name: "car", class: 2, confidence: 0.25, track_id: 4 },
        box: { x1: -3, y1: 100, x2: 645, y2: 470 },
      },
    ], SIZE)],
  ["fromUltralytics() of a text, with shares and a turned box", () =>
    fromUltralytics(
      JSON.stringify([
        {
          ...{ name: "dog", class: 16, confidence: 0.9 },
          box: { x1: 10 / 640, y1: 20 / 480, x2: 40 / 640, y2: 60 / 480 },
        },
        {
          ...{ name: "car", class: 2, confidence: 0.25 },
          box: {
            ...{ x1: -3 / 640, y1: 200 / 480, x2: 300 / 640, y2: 100 / 480 },
            ...{ x3: 645 / 640, y3: 300 / 480, x4: 200 / 640, y4: 470 / 480 },
          },
        },
      ]),
      { ...SIZE, normalized: true },
    )],
  ["fromYoloRows()", () =>
    fromYoloRows([
      [10, 20, 40, 60, 0.9, 1],
      [-3, 100, 645, 470, 33, 0.25, 0], // followed by its track
    ], { ...SIZE, classes: { 0: "car", 1: "dog" } })],
  ["fromTorchvision()", () =>
    fromTorchvision({
      boxes: [[10, 20, 40, 60], [-3, 100, 645, 470]],
      labels: [18, 3],
      scores: [0.9, 0.25],
      masks: [],
    }, SIZE)],
  ["fromTorchvision() of typed arrays and names by label", () =>
    fromTorchvision({
      boxes: Float32Array.of(10, 20, 40, 60, -3, 100, 645, 470),
      labels: BigInt64Array.of(5n, 2n),
      scores: Float64Array.of(0.9, 0.25),
    }, { ...SIZE, classes: { 2: "car", 5: "dog" } })],
  ["fromTorchvision() of labels that are names", () =>
    fromTorchvision({
      boxes: [[10, 20, 40, 60], [-3, 100, 645, 470]],
      labels: ["dog", "car"],
      scores: [0.9, 0.25],
    }, SIZE)],
  ["fromTorchvision() of labels that are numbers in quotes", () =>
    fromTorchvision({
      boxes: [[10, 20, 40, 60], [-3, 100, 645, 470]],
      labels: ["18", 3],
      scores: [0.9, 0.25],
    }, SIZE)],
  [
    "fromTorchvision() of mmdetection's labels, which count from 0",
    () =>
      fromTorchvision({
        bboxes: [[10, 20, 40, 60], [-3, 100, 645, 470]],
        labels: [16, 2],
        scores: [0.9, 0.25],
      }, SIZE),
  ],
  ["fromCocoSsd()", () =>
    fromCocoSsd([
      { class: "dog", score: 0.9, bbox: [10, 20, 30, 40] },
      { class: "car", score: 0.25, bbox: [-3, 100, 648, 370] },
    ], SIZE)],
  ["fromCocoResults() of ids and categories in quotes", () =>
    fromCocoResults([
      { image_id: "7", category_id: "18", bbox: [10, 20, 30, 40], score: 0.9 },
      { image_id: "7", category_id: "3", bbox: [-3, 100, 648, 370], score: 0.25 },
    ], { images: IMAGES })],
  ["fromTorchvision() of whole vectors", () =>
    fromTorchvision({
      boxes: [[10, 20, 40, 60], [-3, 100, 645, 470]],
      scores: [[0, 0.9], [0.25, 0]],
    }, { ...SIZE, classes: ["car", "dog"] })],
];

for (const [name, read] of readers) {
  Deno.test(`${name} reads boxes, names and scores`, () => {
    const detections = read();
    assertEquals(shown(detections), EXPECTED);
    const { imageWidth, imageHeight } = detections;
    assertEquals({ imageWidth, imageHeight }, SIZE);
  });
}

Deno.test("fromTorchvision() takes vectors whose sum is not 1", () => {
  const { beliefs } = fromTorchvision({
    boxes: [[10, 20, 40, 60]],
    scores: [[0.5, 0.75, 0.25]],
  }, { ...SIZE, classes: ["car", "dog", "cat"] });
  assertEquals([...beliefs], [0.5, 0.75, 0.25]);
});

Deno.test("cocoResultsByImage() has each image with its own size, rows in their order", () => {
  const row = (image_id: number, category_id: number) => ({
    ...{ image_id, category_id },
    ...{ bbox: [1, 2, 3, 4], score: 0.5 },
  });
  const all = cocoResultsByImage([row(8, 1), row(7, 3), row(8, 90)], { images: IMAGES });
  assertEquals([...all.keys()], ["8", "7"]);
  assertEquals(shown(all.get("8")!), [
    [[1, 2, 4, 6], ["person", 0.5]],
    [[1, 2, 4, 6], ["toothbrush", 0.5]],
  ]);
  assertEquals(all.get("8")!.imageWidth, 100);
  assertEquals(all.get("7")!.classes.length, 80);
});

Deno.test("fromCocoResults() takes the image that is asked for, which may have no box", () => {
  const rows = [
    { image_id: 7, category_id: 18, bbox: [10, 20, 30, 40], score: 0.9 },
    { image_id: 9, category_id: 18, bbox: [0, 0, 9, 9], score: 0.9 }, // of unknown size
  ];
  const options = { images: IMAGES };
  assertEquals(shown(fromCocoResults(rows, { ...options, imageId: 7 })).length, 1);
  const none = fromCocoResults(rows, { ...options, imageId: "8" });
  assertEquals([none.boxes.length, none.imageWidth], [0, 100]);
});

Deno.test("Lists without detections are read", () => {
  for (
    const read of [
      () => fromCocoResults([], SIZE),
      () => fromTransformersJs([], SIZE),
      () => fromUltralytics("[]", SIZE),
      () => fromYoloRows([], { ...SIZE, classes: ["dog"] }),
      () => fromTorchvision({ boxes: [], labels: [], scores: [] }, SIZE),
    ]
  ) assertEquals([read().boxes.length, read().beliefs.length], [0, 0]);
});

const box = { xmin: 1, ymin: 2, xmax: 30, ymax: 40 };
const dog = { image_id: 7, category_id: 18, bbox: [10, 20, 30, 40], score: 0.9 };

const refusals: [read: () => unknown, message: string][] = [
  [
    () => fromCocoResults([dog], { ...SIZE, imageId: 9 }),
    "image 9 must be one of the results' 1 (7); one without a box needs the annotations",
  ],
  [
    () => fromTorchvision({ boxes: "[[1. 2. 3. 4.]]", labels: [1], scores: [1] }, SIZE),
    'boxes must be a list: found "[[1. 2. 3. 4.]]"; in Python, write boxes.tolist()',
  ],
  [
    () => fromYoloRows([], { ...SIZE, classes: null as never }),
    "Cannot use classes: it must be a list of names, or names by label: found null",
  ],
  [
    () => fromYoloRows([], { ...SIZE, classes: { dog: 0 } as never }),
    "Cannot use classes[dog]: it must be a text: found 0",
  ],
  [
    () => fromYoloRows([], { ...SIZE, classes: ["dog", " "] }),
    'Cannot use classes[1]: it must be no blank name: found " "',
  ],
  ...[fromCocoSsd, fromTransformersJs, fromUltralytics, fromYoloRows, fromTorchvision]
    .map((read): [() => unknown, string] => [
      () => read([], undefined as never),
      "it does not have the size of its image, give imageWidth and imageHeight",
    ]),
  [() => fromCocoResults([dog], undefined as never), "give the images of the annotat"],
  [
    () => fromCocoResults([dog], { images: { id: 7 } as never }),
    "Cannot use COCO's results: images must be a list: found {...}",
  ],
  [
    () => fromCocoResults([dog], { images: IMAGES, categories: [null] as never }),
    "Cannot use COCO's results: categories[0] must be an object: found null",
  ],
  [
    () => fromTransformersJs([{ score: 1n, label: "a", box: { ...box } }], SIZE),
    "[0].score must be a probability in [0, 1]: found 1n",
  ],
  [
    () =>
      fromTransformersJs([{ score: 1, label: "a", box: { ...box, xmax: 1e99 } }], SIZE),
    "[0].box must be finite numbers, as float32 holds them: found {...}",
  ],
  [
    () =>
      fromTorchvision({
        boxes: [[1, 2, 30, 40], [1, 2, 30, 40]],
        labels: ["dog", 3],
        scores: [1, 1],
      }, SIZE),
    "labels[1] must be a name, as other labels are: found 3",
  ],
  [
    () => fromTorchvision({ boxes: [[1, 2, 30, 40]], scores: [[0.5, 0.25]] }, SIZE),
    "scores[0] must be a list of 80 beliefs, one for each class: found [0.5,0.25]; it has 2: give the names of these classes",
  ],
  [
    () => fromCocoResults([dog, { ...dog, category_id: 12 }], { images: IMAGES }),
    "Cannot use COCO's results: [1].category_id must be an id of COCO's classes, 1 to 90: found 12",
  ],
  [
    () => fromCocoResults([{ ...dog, bbox: [10, 20, -3, 40] }], { images: IMAGES }),
    "[0].bbox must be [left, top, width, height] with width and height above 0",
  ],
  [
    () => fromCocoResults([{ ...dog, bbox: [1, 2, 3, 4, 0.9] }], { images: IMAGES }),
    "[0].bbox must be a list of 4 numbers, [left, top, width, height]",
  ],
  [
    () => fromCocoResults([{ ...dog, score: 90 }], { images: IMAGES }),
    "[0].score must be a probability in [0, 1]: found 90; divide percentages by 100",
  ],
  [
    () => fromCocoResults([{ ...dog, score: null }], { images: IMAGES }),
    "[0].score must be a probability in [0, 1]: found null",
  ],
  [
    () => fromCocoResults([{ category_id: 1 }], { images: IMAGES }),
    "[0].image_id is missing",
  ],
  [
    () => fromCocoResults([dog], {}),
    "COCO's results do not have the sizes of images, give the images of the annotations",
  ],
  [
    () => fromCocoResults([{ ...dog, image_id: 3 }], { images: IMAGES }),
    "image 3 must be one of the 2 images of the annotations",
  ],
  [
    () => fromCocoResults([dog, { ...dog, image_id: 8 }], { images: IMAGES }),
    "it must be of one image: found 2 (7, 8); give imageId (--image-id)",
  ],
  [
    // Outside of the image, as the sizes are those of another one.
    () =>
      fromCocoResults([{ ...dog, image_id: 8, bbox: [300, 200, 9, 9] }], {
        images: IMAGES,
      }),
    "must lie in the image: 1 of 1 boxes lie outside of it, first [300, 200, 9, 9]",
  ],
  [
    () => fromTransformersJs([{ score: 0.9, label: "dog" }], SIZE),
    "[0].box is missing, it must be an object",
  ],
  [
    () => fromTransformersJs([{ score: 0.9, box }], SIZE),
    "[0].label is missing",
  ],
  [
    () => fromTransformersJs([{ score: 0.9, label: " ", box }], SIZE),
    "[0].label must be a name that is not blank",
  ],
  [
    () =>
      fromTransformersJs([{ score: 0.9, label: "dog", box: { ...box, xmin: 31 } }], SIZE),
    "[0].box must be [left, top, right, bottom] with left < right and top < bottom",
  ],
  [
    () => fromTransformersJs([{ score: NaN, label: "dog", box }], SIZE),
    "[0].score must be a probability in [0, 1]: found NaN",
  ],
  [
    // @ts-expect-error: sizes are missing
    () => fromTransformersJs([], {}),
    "it does not have the size of its image, give imageWidth and imageHeight",
  ],
  [
    () => fromTransformersJs([], { imageWidth: 0, imageHeight: 9 }),
    "imageWidth must be a number above 0: found 0",
  ],
  [
    () => fromTransformersJs('[{"score": NaN}]', SIZE),
    "has NaN, which JSON does not allow",
  ],
  [
    () => fromUltralytics("[{]", SIZE),
    "Cannot read results of ultralytics: it is not JSON",
  ],
  [
    () => fromYoloRows([[1, 2, 3, 4, 0.5]], { ...SIZE, classes: ["dog"] }),
    "[0] must be a list of 6 numbers, [left, top, right, bottom, score, class]",
  ],
  [
    () => fromYoloRows([[1, 2, 3, 4, 0.5, 1]], { ...SIZE, classes: ["dog"] }),
    "[0][5] must be a label of one of the 1 classes: found 1",
  ],
  [
    () => fromTorchvision({ boxes: [[1, 2, 3, 4]], labels: [1], scores: [] }, SIZE),
    "scores must be a list of 1 scores, one for each box",
  ],
  [
    () => fromTorchvision({ boxes: [[1, 2, 3, 4]], scores: [0.5] }, SIZE),
    "labels is missing",
  ],
  [
    () => fromTorchvision({ boxes: [[1, 2, 3, 4]], scores: [[0.5, 0.5]] }, SIZE),
    "scores[0] must be a list of 80 beliefs, one for each class",
  ],
];

for (const [read, message] of refusals) {
  Deno.test(`A reader refuses with: ${message}`, () => {
    const error = assertThrows(read, Error);
    assert(error.message.includes(message), error.message);
  });
}

Deno.test("With strict, what would be mended is refused", () => {
  const read = (strict: boolean) =>
    fromTransformersJs([{ score: 1.000001, label: "dog", box }], { ...SIZE, strict });
  assertEquals(read(false).beliefs[0], 1);
  assertThrows(() => read(true), RangeError, "1 scores were brought into (0, 1]");
  const out = { ...box, xmin: -1 };
  assertThrows(
    () =>
      fromTransformersJs([{ score: 1, label: "dog", box: out }], {
        ...SIZE,
        strict: true,
      }),
    RangeError,
    "1 boxes were cut to their image",
  );
});

const INSTANCES = `${DATA}/coco-tiny/instances.json`;

Deno.test({
  name: "COCO_CLASSES has the ids and names of COCO's annotations",
  ignore: isMissing(INSTANCES),
  fn() {
    const { categories } = JSON.parse(Deno.readTextFileSync(INSTANCES));
    assertEquals(
      COCO_CLASSES.map(({ id, name }) => ({ id, name })),
      (categories as typeof COCO_CLASSES).map(({ id, name }) => ({ id, name })),
    );
  },
});
