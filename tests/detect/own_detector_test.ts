import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { detect, loadDetector } from "../../src/detect/detect.ts";
import { asDetector } from "../../src/detect/own_detector.ts";
import { testInFolder } from "../_in_folder.ts";

const PICTURE = { width: 4, height: 2, data: new Uint8ClampedArray(32) };
const FOUND = {
  ...{ imageWidth: 4, imageHeight: 2, classes: ["a", "b"] },
  ...{ boxes: [[0, 0, 1, 2]], beliefs: [[0.5, 0.25]] },
};

testInFolder(
  "loadDetector() takes modules that export an object or a function",
  async (folder) => {
    const programs = {
      "function.ts":
        `export default ({ width, height }: { width: number; height: number }) =>
  ({ ...${JSON.stringify(FOUND)}, imageWidth: width, imageHeight: height });`,
      "object.js": `export default { name: "mine", detect: async () => (${
        JSON.stringify(FOUND)
      }) };`,
      "50% #1.mjs": `export default () => (${
        JSON.stringify({ ...FOUND, boxes: FOUND.boxes.flat() })
      });`,
    };
    for (const [name, text] of Object.entries(programs)) {
      const path = `${folder}/${name}`;
      await Deno.writeTextFile(path, text);
      using detector = await loadDetector(path);
      assertEquals(detector.name, name === "object.js" ? "mine" : path);
      const { boxes, beliefs, ...rest } = await detector.detect(PICTURE);
      assertEquals(rest, { imageWidth: 4, imageHeight: 2, classes: ["a", "b"] });
      assertEquals([...boxes, ...beliefs], [0, 0, 1, 2, 0.5, 0.25]);
    }
  },
);

testInFolder("loadDetector() says what is wrong with a module", async (folder) => {
  const cases: [text: string, message: string][] = [
    ["export const a = 1;", "its default export must be one: it has a; write"],
    ["throw new Error('no camera');", "no camera"],
    ["export default 5;", 'or an object with a function "detect": found 5'],
    ["export default {};", 'or an object with a function "detect": found {...}'],
    ["export {", "Cannot load the detector"],
  ];
  for (const [i, [text, message]] of cases.entries()) {
    const path = `${folder}/${i}.js`;
    await Deno.writeTextFile(path, text);
    await assertRejects(() => loadDetector(path), TypeError, message);
  }
  await assertRejects(
    () => loadDetector(`${folder}/none.ts`),
    TypeError,
    `Cannot load the detector "${folder}/none.ts"`,
  );
});

Deno.test("loadDetector() suggests the nearest name", async () => {
  await assertRejects(
    () => loadDetector("centrenet"),
    RangeError,
    'Cannot find the detector "centrenet": it must be centernet, a module (.ts, .js), a YOLO model (.onnx) or transformers:<model>; the nearest is "centernet"',
  );
  await assertRejects(
    () => loadDetector("models/yolov8n.pt"),
    RangeError,
    'Cannot use the detector "models/yolov8n.pt" as it must be an ONNX file: found weights of another program; export them, with Ultralytics\' by "yolo export model=yolov8n.pt format=onnx"',
  );
});

Deno.test("asDetector() refuses what is wrong in the result, by name", async () => {
  const cases: [change: object | null, message: string][] = [
    [null, "it must be an object with imageWidth, imageHeight, classes, boxes and"],
    [{ imageWidth: 0 }, "imageWidth must be above 0: found 0"],
    [{ classes: "ab" }, 'classes must be a list of names: found "ab"'],
    [{ classes: [] }, "classes must be a list of names: found []"],
    [{ power: -1 }, "power must be above 0: found -1"],
    [{ boxes: undefined }, "boxes must be a list of numbers: found nothing"],
    [{ boxes: [[0, 0, 1]] }, 'boxes must have 4 numbers each: found "3 numbers"'],
    [{ boxes: [[0, 0, NaN, 1]] }, "boxes must have finite numbers: found NaN"],
    [{ beliefs: [0.5] }, '1 boxes and 2 classes need 2 beliefs: found "1 numbers"'],
  ];
  for (const [change, message] of cases) {
    const detector = asDetector(() => change && { ...FOUND, ...change }, "mine.ts");
    await assertRejects(
      () => detector.detect(PICTURE),
      TypeError,
      `Cannot use what the detector "mine.ts" returns: ${message}`,
    );
  }
  assertThrows(() => asDetector(undefined, "mine.ts"), TypeError, "found nothing");
});

Deno.test("asDetector() keeps how sure a detector is, and says which one has failed", async () => {
  const sure = asDetector(() => ({ ...FOUND, power: 2 }), "mine.ts");
  assertEquals((await sure.detect(PICTURE)).power, 2);
  for (const thrown of [new Error("boom"), "boom"]) {
    const failing = asDetector(() => {
      throw thrown;
    }, "mine.ts");
    const error: unknown = await failing.detect(PICTURE).catch((error) => error);
    assert(error instanceof Error);
    assertStringIncludes(
      error.message,
      'Cannot detect entities as the detector "mine.ts" fails: ',
    );
    assertEquals(error.cause, thrown);
  }
});

Deno.test("detect() takes a function in place of a detector", async () => {
  const found = await detect(PICTURE, { detector: () => ({ ...FOUND }) as never });
  assertEquals(found.boxes, Float32Array.of(0, 0, 1, 2));
});
