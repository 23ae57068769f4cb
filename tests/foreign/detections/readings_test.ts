/**
 * The forms of services, programs for annotation and language models. Each value is written
 * as the form's public documentation has it, of one car in an image of 200 x 100 pixels: its
 * left edge is at a tenth of the width, its right edge at four tenths, its upper edge at two
 * tenths of the height and its lower edge at six tenths.
 */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  fromResults,
  readDetectionsJson,
} from "../../../src/foreign/detections/read_json.ts";
import { showValue } from "../../../src/show_value.ts";
import { readText } from "../../../src/foreign/detections/read_text.ts";

const BOX = [20, 20, 80, 60];
const SIZE = { imageWidth: 200, imageHeight: 100 };

const rekognition = {
  Labels: [
    { Name: "Vehicle", Confidence: 99.5, Instances: [], Parents: [] },
    {
      ...{ Name: "Car", Confidence: 75, Parents: [{ Name: "Vehicle" }] },
      Instances: [{
        BoundingBox: { Width: 0.3, Height: 0.4, Left: 0.1, Top: 0.2 },
        Confidence: 50,
      }],
    },
  ],
  LabelModelVersion: "3.0",
};
const google = {
  localizedObjectAnnotations: [{
    ...{ mid: "/m/0k4j", name: "Car", score: 0.5 },
    boundingPoly: {
      normalizedVertices: [
        { x: 0.1, y: 0.2 },
        { x: 0.4, y: 0.2 },
        { x: 0.4, y: 0.6 },
        { x: 0.1, y: 0.6 },
      ],
    },
  }],
};
const googleInPython = {
  localized_object_annotations: [{
    ...{ name: "Car", score: 0.5 },
    bounding_poly: {
      normalized_vertices: [{ x: 0.1, y: 0.2 }, { x: 0.4, y: 0.6 }],
    },
  }],
};
const metadata = { width: 200, height: 100, format: "Jpeg" };
const azure3 = {
  objects: [{
    ...{ rectangle: { x: 20, y: 20, w: 60, h: 40 }, object: "car", confidence: 0.5 },
    parent: { object: "vehicle", confidence: 0.6 },
  }],
  ...{ requestId: "1", metadata, modelVersion: "2021-04-01" },
};
const azure4 = {
  ...{ modelVersion: "2023-10-01", metadata },
  objectsResult: {
    values: [{
      boundingBox: { x: 20, y: 20, w: 60, h: 40 },
      tags: [{ name: "car", confidence: 0.5 }],
    }],
  },
};
const customVision = {
  ...{ id: "1", project: "2", iteration: "3", created: "2024-01-01T00:00:00Z" },
  predictions: [{
    ...{ probability: 0.5, tagId: "4", tagName: "car" },
    boundingBox: { left: 0.1, top: 0.2, width: 0.3, height: 0.4 },
  }],
};
const roboflowRow = {
  ...{ x: 50, y: 40, width: 60, height: 40 },
  ...{ confidence: 0.5, class: "car", class_id: 2 },
};
const roboflow = {
  ...{ time: 0.02, predictions: [roboflowRow] },
  image: { width: "200", height: "100" },
};
const shape = (shape_type: string, points: number[][]) => ({
  ...{ label: "car", points, group_id: null, shape_type, flags: {} },
});
const labelme = (shape_type: string, points: number[][]) => ({
  ...{ version: "5.4.1", flags: {}, shapes: [shape(shape_type, points)] },
  ...{ imagePath: "a.jpg", imageData: null, imageWidth: 200, imageHeight: 100 },
});
const labelStudio = (type: string, value: object) => ({
  ...{ id: 1, data: { image: "/data/upload/1/a.jpg" }, predictions: [] },
  annotations: [{
    id: 7,
    result: [
      { type: "choices", value: { choices: ["street"] } },
      {
        ...{ original_width: 200, original_height: 100, image_rotation: 0 },
        ...{ value: { rotation: 0, ...value }, from_name: "label", type },
      },
    ],
  }],
});
const supervision = {
  ...{ x_min: 20, y_min: "20.0", x_max: 80, y_max: 60, class_id: 2, confidence: 0.5 },
  ...{ tracker_id: "", class_name: "car" },
};
const dino = { boxes: [[0.25, 0.4, 0.3, 0.4]], logits: [0.5], phrases: ["car"] };

/** Each form, and the score of its car. */
const forms: [name: string, value: unknown, score?: number][] = [
  ["Rekognition", rekognition, 0.5],
  ["Rekognition's custom labels", {
    CustomLabels: [{
      ...{ Name: "car", Confidence: 50 },
      Geometry: { BoundingBox: { Width: 0.3, Height: 0.4, Left: 0.1, Top: 0.2 } },
    }],
  }, 0.5],
  ["Google Vision", google, 0.5],
  ["Google Vision's batch of one", { responses: [google] }, 0.5],
  ["Google Vision in Python", googleInPython, 0.5],
  ["Azure 3.2", azure3, 0.5],
  ["Azure 4.0", azure4, 0.5],
  ["Azure's Custom Vision", customVision, 0.5],
  ["Roboflow", roboflow, 0.5],
  ["Roboflow's list alone", [roboflowRow], 0.5],
  ["Roboflow's workflow", [{ predictions: roboflow, output_image: {} }], 0.5],
  ["LabelMe's rectangle", labelme("rectangle", [[80, 20], [20, 60]])],
  ["LabelMe's polygon", labelme("polygon", [[20, 30], [50, 20], [80, 60]])],
  ["LabelMe's circle", {
    ...{ imageWidth: 200, imageHeight: 100, imagePath: "a.jpg" },
    // Of radius 5 around 40, 30; and what the car's box is, from a program with scores.
    shapes: [{ ...shape("rectangle", [[20, 20], [80, 60]]), score: 0.5 }],
  }, 0.5],
  [
    "Label Studio",
    labelStudio("rectanglelabels", {
      ...{ x: 10, y: 20, width: 30, height: 40, rectanglelabels: ["car"] },
    }),
  ],
  [
    "Label Studio's polygon",
    labelStudio("polygonlabels", {
      ...{ points: [[10, 20], [40, 30], [20, 60]], polygonlabels: ["car"] },
    }),
  ],
  ["supervision", [supervision], 0.5],
  ["supervision without names", [{ ...supervision, class_name: null }], 0.5],
  ["Florence-2", { "<OD>": { bboxes: [BOX], labels: ["car"] } }],
  ["Florence-2's open vocabulary", {
    "<OPEN_VOCABULARY_DETECTION>": {
      ...{ bboxes: [BOX], bboxes_labels: ["car"], polygons: [], polygons_labels: [] },
    },
  }],
  ["Florence-2 without its task", { bboxes: [BOX], labels: ["car"] }],
  ["Gemini", [{ box_2d: [200, 100, 600, 400], label: "car" }]],
  ["Qwen-VL 2.5", [{ bbox_2d: BOX, label: "car" }]],
  ["Qwen-VL 3", [{ bbox_2d: [100, 200, 400, 600], label: "car" }]],
  ["GroundingDINO", dino, 0.5],
  ["transformers' text labels", {
    ...{ boxes: [BOX], scores: [0.5], labels: [0], text_labels: ["car"] },
  }, 0.5],
];

function checkCar(value: unknown, score = 1, format?: "yolo-txt"): void {
  const found = readDetectionsJson(value, "a.json", { ...SIZE, format });
  assert(found);
  const { boxes, classes, beliefs } = found;
  assertEquals(boxes.length, 4);
  boxes.forEach((number, i) => assertAlmostEquals(number, BOX[i], 1e-4));
  const label = beliefs.findIndex((belief) => belief > 0);
  assertEquals([classes[label].toLowerCase(), beliefs[label]], ["car", score]);
}

for (const [name, value, score] of forms) {
  Deno.test(`readDetectionsJson() reads ${name}`, () => checkCar(value, score));
}

const bytes = (text: string) => new TextEncoder().encode(text);

const VOC = `<?xml version="1.0"?>
<annotation verified="yes">
  <folder>VOC2012</folder>
  <filename>a.jpg</filename>
  <size><width>200</width><height>100</height><depth>3</depth></size>
  <object>
    <name>car</name><pose>Left</pose><difficult>0</difficult>
    <bndbox><xmin>20</xmin><ymin>20</ymin><xmax>80</xmax><ymax>60</ymax></bndbox>
  </object>
</annotation>
`;
const cvatImage = (id: number) =>
  `<image id="${id}" name="${id}.jpg" width="200" height="100">
    <box label="car" source="manual" occluded="0" xtl="20" ytl="20" xbr="80" ybr="60" z_order="0">
      <attribute name="colour">red</attribute>
    </box>
  </image>`;
const CVAT = `<annotations><version>1.1</version>${cvatImage(0)}</annotations>`;

const texts: [name: string, text: string, score?: number][] = [
  ["VOC's XML", VOC],
  ["CVAT's XML", CVAT],
  [
    "CVAT's outline",
    CVAT.replace(
      /<box [^]*<\/box>/,
      `<polygon label="car"
    points="20,30;50.0,20.0;80,60" />`,
    ),
  ],
  ["YOLO's lines", "2 0.25 0.4 0.3 0.4\n"],
  ["YOLO's lines with scores", "2 0.25 0.4 0.3 0.4 0.5\r\n\r\n", 0.5],
  ["YOLO's outlines", "2 0.1 0.3 0.25 0.2 0.4 0.6"],
  [
    "the JSON of a language model",
    '```json\n[{"bbox_2d": [20, 20, 80, 60], "label": "car"}]\n```\n',
  ],
];

for (const [name, text, score] of texts) {
  Deno.test(`readText() reads ${name}`, async () => {
    const found = await readText(bytes(text), '"a.txt"');
    assert(found);
    checkCar(found.value, score, found.format as "yolo-txt" | undefined);
  });
}

Deno.test("readText() takes an empty file of YOLO's for no box, and nothing else", async () => {
  assertEquals(await readText(new Uint8Array(), '"a.txt"'), {
    ...{ value: [], format: "yolo-txt" },
  });
  assertEquals(await readText(new Uint8Array(), '"a.json"'), undefined);
  assertEquals(await readText(bytes("boxes: 4"), '"a.txt"'), undefined);
  assertEquals(await readText(bytes("<!DOCTYPE html><p>"), '"a.jpg"'), undefined);
  assertEquals(await readText(bytes("2 0.25 0.4"), '"a.txt"'), undefined);
});

Deno.test("readText() refuses XML that is cut off", async () => {
  for (const text of [VOC.slice(0, -20), VOC.slice(0, 200), "<annotation>", "<"]) {
    await assertRejects(
      () => readText(bytes(text), '"a.xml"'),
      SyntaxError,
      'Cannot read "a.xml": it is not XML as it must end with the end of its first element',
    );
  }
});

Deno.test("Numbers of 0 that Google Vision leaves out are read", () => {
  const { boundingPoly } = google.localizedObjectAnnotations[0];
  const value = {
    localizedObjectAnnotations: [{
      ...{ name: "Car", score: 0.5 },
      boundingPoly: {
        ...boundingPoly,
        normalizedVertices: [{}, { x: 0.4 }, { x: 0.4, y: 0.6 }, { y: 0.6 }],
      },
    }],
  };
  const found = readDetectionsJson(value, "a.json", SIZE);
  assertEquals([...found!.boxes].map(Math.round), [0, 0, 80, 60]);
});

Deno.test("A circle of LabelMe becomes the box around it", () => {
  // From its middle to a point of its edge: 3 across and 4 down, so 5.
  const found = readDetectionsJson(labelme("circle", [[40, 30], [43, 34]]), "a.json");
  assertEquals([...found!.boxes], [35, 25, 45, 35]);
});

Deno.test("Names of classes are those of --classes where labels are numbers", () => {
  const rows = [[7, 0.25, 0.4, 0.3, 0.4]];
  const hints = { ...SIZE, format: "yolo-txt", classes: { 7: "lorry" } } as const;
  assertEquals(readDetectionsJson(rows, "a.txt", hints)!.classes, ["lorry"]);
});

Deno.test("fromResults() reads values and texts in any form", () => {
  for (const [, value] of forms) {
    for (const results of [value, JSON.stringify(value)]) {
      assertEquals(fromResults(results, SIZE).boxes.length, 4);
    }
  }
  const labels = new BigInt64Array([7n]), boxes = new Float32Array(BOX);
  const lists = { boxes, labels, scores: new Float64Array([0.5]) };
  const found = fromResults(lists, { ...SIZE, classes: { 7: "lorry" } });
  assertEquals([found.classes, [...found.boxes]], [["lorry"], BOX]);
});

const unknown: unknown[] = [
  ...[null, undefined, 7, "7", "null", {}, [1, 2], [{ id: 1 }], new Date(), () => {}, 1n],
  { ...SIZE, detections: [{ id: 1 }] },
];

for (const value of unknown) {
  Deno.test(`fromResults() refuses ${showValue(value)}`, () => {
    assertThrows(
      () => fromResults(value, SIZE),
      TypeError,
      "must be the results of a detector, in a form of docs/detector_files.md (detect",
    );
  });
}

const refusals: [value: unknown, message: string][] = [
  [google, "it does not have the size of its image, give imageWidth"],
  [
    { ...SIZE, detections: rekognition, format: 1 },
    "format is not a known key",
  ],
  [
    { Labels: [{ ...rekognition.Labels[1], Instances: [{ Confidence: 5 }] }] },
    "Labels[0].Instances[0].BoundingBox is missing, it must be an object",
  ],
  [
    { CustomLabels: [{ Name: "a", Confidence: 101, Geometry: { BoundingBox: {} } }] },
    "CustomLabels[0].Geometry.BoundingBox.Left is missing",
  ],
  [
    { ...azure3, metadata: { width: 0, height: 100 } },
    "imageWidth must be a number above 0",
  ],
  [
    labelme("point", [[1, 2]]),
    "shapes[0] must be a rectangle, polygon, circle, mask, rotation of two or more points",
  ],
  [
    { ...roboflow, predictions: [{ ...roboflowRow, x: "left" }] },
    'predictions[0].x must be a finite number: found "left"',
  ],
  [
    { ...dino, ...SIZE, phrases: [] },
    "phrases must be a list of 1 phrases, one for each box",
  ],
  [{ bboxes: [BOX, BOX], labels: ["car"] }, "labels must be a list of 2 labels"],
];

for (const [value, message] of refusals) {
  Deno.test(`readDetectionsJson() refuses a form with: ${message}`, () => {
    const sized = message.includes("size of its image") ? {} : SIZE;
    const error = assertThrows(() => readDetectionsJson(value, "a.json", sized), Error);
    assert(error.message.includes(message), error.message);
  });
}
