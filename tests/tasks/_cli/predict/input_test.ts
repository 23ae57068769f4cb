import { assertEquals, assertThrows } from "@std/assert";
import { parsePredictInput } from "../../../../tasks/_cli/predict/input.ts";

const image = { imageWidth: 10, imageHeight: 8, boxes: [[0, 0, 5, 5], [2, 2, 9, 8]] };
const refuses = (value: unknown, message: string) =>
  assertEquals(
    assertThrows(() => parsePredictInput(value, "a.json"), TypeError).message,
    `Cannot use "a.json": ${message}`,
  );

Deno.test("parsePredictInput() takes labels, and logits in lists of lists", () => {
  assertEquals(
    parsePredictInput({ ...image, entityLabels: ["cup", 3], entityScores: [0.5, 1] }, ""),
    {
      imageWidth: 10,
      imageHeight: 8,
      boxes: [[0, 0, 5, 5], [2, 2, 9, 8]],
      entityLabels: ["cup", 3],
      entityScores: [0.5, 1],
    },
  );
  const relationLogits = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]];
  const parsed = parsePredictInput({ ...image, relationLogits }, "");
  assertEquals(parsed.relationLogits, relationLogits);
});

Deno.test("parsePredictInput() reads an image of own data as it stands", () => {
  const { boxes } = image;
  const own = { id: "1", split: "test", width: 10, height: 8, boxes, relations: [] };
  const size = { imageWidth: 10, imageHeight: 8, boxes };
  assertEquals(parsePredictInput({ ...own, labels: ["cup", 3], scores: [0.5, 1] }, ""), {
    ...size,
    entityLabels: ["cup", 3],
    entityScores: [0.5, 1],
  });
  // Labels of a detector are what is to be corrected.
  const detected = { ...own, labels: ["cup", "cup"], detectedLabels: ["cup", "man"] };
  assertEquals(parsePredictInput(detected, ""), {
    ...size,
    entityLabels: ["cup", "man"],
  });
  assertThrows(
    () => parsePredictInput({ ...image, width: 11 }, "a.json"),
    RangeError,
    'Cannot use "a.json": width must be left out beside "imageWidth", which is the same: found 11',
  );
});

Deno.test("parsePredictInput() refuses values that are not an image", () => {
  const must =
    "it must be an object with imageWidth, imageHeight and boxes, or detections in one of the forms that --help lists at --input-format: found";
  for (const value of [[], null, "image", 3]) {
    refuses(value, `${must} ${JSON.stringify(value)}`);
  }
  refuses({}, `${must} {...}`);
  refuses(
    [{ name: "dog", xywh: [] }],
    `${must} [{...}]; its first item has "name", "xywh"`,
  );
  refuses({ forms: [], version: 1 }, `${must} {...}; it has "forms", "version"`);
});

Deno.test("parsePredictInput() refuses a missing and an unknown field", () => {
  refuses(
    { imageWidth: 10, boxes: [] },
    "imageHeight is missing, it must be a finite number",
  );
  refuses(
    { imageWidth: 10, imageHeight: 8 },
    "boxes is missing, it must be a list of [x1, y1, x2, y2]",
  );
  refuses(
    { ...image, lables: [] },
    'lables is not a known key; the nearest is "labels"',
  );
});

Deno.test("parsePredictInput() refuses a field of the wrong kind", () => {
  refuses(
    { ...image, imageWidth: "10" },
    'imageWidth must be a finite number: found "10"',
  );
  refuses(
    { ...image, boxes: { x: 1 } },
    "boxes must be a list of [x1, y1, x2, y2]: found {...}",
  );
  refuses(
    { ...image, boxes: [[0, 0, "5", 5]] },
    'boxes[0][2] must be a finite number: found "5"',
  );
  refuses(
    { ...image, entityScores: [null] },
    "entityScores[0] must be a finite number: found null",
  );
  refuses(
    { ...image, entityLabels: ["x".repeat(50), {}] },
    "entityLabels[1] must be a name or an index: found {...}",
  );
});
