import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { parsePredictInput, readPredictInput } from "../../tasks/_cli/predict_input.ts";

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
      boxes: [0, 0, 5, 5, 2, 2, 9, 8],
      entityLabels: ["cup", 3],
      entityScores: [0.5, 1],
    },
  );
  const relationLogits = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]];
  const parsed = parsePredictInput({ ...image, relationLogits }, "");
  assertEquals(parsed.relationLogits, [1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("parsePredictInput() refuses what is no image", () => {
  const message = "it must be an object with imageWidth, imageHeight and boxes";
  for (const value of [[], null, "image", 3]) refuses(value, message);
});

Deno.test("parsePredictInput() refuses a missing and an unknown field", () => {
  refuses({ imageWidth: 10, boxes: [] }, '"imageHeight" is missing: a number');
  refuses({ ...image, labels: [] }, 'unknown field "labels", the nearest is "boxes"');
});

Deno.test("parsePredictInput() refuses a field of the wrong kind", () => {
  refuses(
    { ...image, imageWidth: "10" },
    '"imageWidth" must be a number: found "10"',
  );
  refuses(
    { ...image, boxes: { x: 1 } },
    '"boxes" must be a list of [x1, y1, x2, y2]: found {"x":1}',
  );
  refuses(
    { ...image, boxes: [[0, 0, "5", 5]] },
    '"boxes" must be a list of [x1, y1, x2, y2]: found "5"',
  );
  refuses(
    { ...image, entityScores: [null] },
    '"entityScores" must be a list of numbers: found null',
  );
  refuses(
    { ...image, entityLabels: [["x".repeat(50)], {}] },
    '"entityLabels" must be a list of names or indices: found {}',
  );
});

Deno.test("readPredictInput() refuses what is no JSON", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, '{"boxes": [');
    await assertRejects(
      () => readPredictInput(path),
      SyntaxError,
      `Cannot read "${path}": it must be JSON: `,
    );
    await Deno.writeFile(path, new Uint8Array([0xff, 0xfe]));
    await assertRejects(() => readPredictInput(path), SyntaxError, "it must be JSON");
  } finally {
    await Deno.remove(path);
  }
});
