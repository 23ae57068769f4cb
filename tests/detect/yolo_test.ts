import { assert, assertEquals, assertRejects } from "@std/assert";
import { loadDetector } from "../../src/detect/detect.ts";
import { assertClose } from "../_assert.ts";
import { inFolder } from "../_in_folder.ts";
import { OnnxGraph, type OnnxValue } from "../../src/io/onnx_graph.ts";

/**
 * Written by the Python package onnx 1.23: input `[1, 3, h, w]`, output `[1, 7, 2]`, as
 * YOLOv8's. Its boxes are constant: middles (16, 16) and (8, 24), sizes 8 x 4 and 4 x 2. The
 * beliefs in the first are the means of red, green and blue, those in the second half of
 * them. Metadata: `names` {0: 'red', 1: "cat's eye", 2: 'blue'}, `imgsz` [32, 32].
 */
const MODEL = Uint8Array.fromBase64(
  "CAg6/wIKMQoGaW1hZ2VzCgRheGVzEgRtZWFuIgpSZWR1Y2VNZWFuKg8KCGtlZXBkaW1zGACgAQIKHgoEbWVh" +
    "bgoFc2hhcGUSBmNvbHVtbiIHUmVzaGFwZQofCgZjb2x1bW4KB2ZhY3RvcnMSB2JlbGllZnMiA011bAouCgVi" +
    "b3hlcwoHYmVsaWVmcxIHb3V0cHV0MCIGQ29uY2F0KgsKBGF4aXMYAaABAhIBZyocCAIQB0IEYXhlc0oQAgAA" +
    "AAAAAAADAAAAAAAAAColCAMQB0IFc2hhcGVKGAEAAAAAAAAAAwAAAAAAAAABAAAAAAAAACobCAEIAQgCEAFC" +
    "B2ZhY3RvcnNKCAAAgD8AAAA/KjEIAQgECAIQAUIFYm94ZXNKIAAAgEEAAABBAACAQQAAwEEAAABBAACAQAAA" +
    "gEAAAABAWiIKBmltYWdlcxIYChYIARISCgIIAQoCCAMKAxIBaAoDEgF3Yh0KB291dHB1dDASEgoQCAESDAoC" +
    "CAEKAggHCgIIAkIECgAQEnIuCgVuYW1lcxIlezA6ICdyZWQnLCAxOiAiY2F0J3MgZXllIiwgMjogJ2JsdWUn" +
    "fXIRCgVpbWdzehIIWzMyLCAzMl1yDgoEdGFzaxIGZGV0ZWN0",
);

/** The model with other bytes in the place of some. */
function spoiled(from: string, to: string): Uint8Array {
  const text = String.fromCharCode(...MODEL);
  assert(text.includes(from));
  return Uint8Array.from(text.replace(from, to), (c) => c.charCodeAt(0));
}

/** Registers a test; ONNX Runtime keeps a message port open. */
function testInFolder(name: string, run: (folder: string) => Promise<void>): void {
  Deno.test({ name, sanitizeResources: false, fn: () => inFolder(run) });
}

/** 64 x 32 pixels of one colour. */
const PICTURE = {
  width: 64,
  height: 32,
  data: Uint8ClampedArray.from(Array(64 * 32).fill([255, 0, 102, 255]).flat()),
};

testInFolder("a YOLO model in ONNX finds boxes with its own names", async (folder) => {
  const path = `${folder}/Model 50% #1.ONNX`;
  await Deno.writeFile(path, MODEL);
  using detector = await loadDetector(path);
  const found = await detector.detect(PICTURE);
  assertEquals(found.classes, ["red", "cat's eye", "blue"]);
  assertClose(found.boxes, [24, 12, 40, 20, 12, 30, 20, 34], 1e-4);
  // Half of the square is gray 114.
  const mean = (value: number) => (value + 114) / 2 / 255;
  const means = [255, 0, 102].map(mean);
  assertClose(found.beliefs, [...means, ...means.map((mean) => mean / 2)], 1e-4);
  using strict = await loadDetector(path, { minBelief: 0.5, classes: ["a", "b", "c"] });
  const { boxes, classes } = await strict.detect(PICTURE);
  assertEquals([boxes.length, classes], [4, ["a", "b", "c"]]);
});

testInFolder(
  "a YOLO model that cannot be used is refused with the reason",
  async (folder) => {
    const path = `${folder}/model.onnx`;
    await assertRejects(() => loadDetector(path), TypeError, `Cannot load the detector`);
    await Deno.writeTextFile(path, "<!doctype html>");
    await assertRejects(
      () => loadDetector(path),
      SyntaxError,
      `as ONNX: it looks like a web page (HTML)`,
    );
    await Deno.writeFile(path, MODEL.subarray(0, 200));
    await assertRejects(
      () => loadDetector(path),
      SyntaxError,
      "it must not end inside a field",
    );
    await Deno.writeFile(
      path,
      spoiled("\n\x02\b\x01\n\x02\b\x03", "\n\x02\b\x04\n\x02\b\x03"),
    );
    await assertRejects(
      () => loadDetector(path),
      RangeError,
      'found float32 [4, 3, h, w]; YOLO 5 to 12 (by "yolo export format=onnx half=False batch=1") and YOLOX are read; call another model in a module of your own (--detector mine.ts)',
    );
    await Deno.writeFile(path, spoiled("detect", "sketch"));
    using other = await loadDetector(path, { classes: ["one"] });
    await assertRejects(
      () => other.detect(PICTURE),
      RangeError,
      'its task is "sketch": take a model that detects',
    );
    await Deno.writeFile(path, MODEL);
    using detector = await loadDetector(path, { classes: ["one"] });
    await assertRejects(
      () => detector.detect(PICTURE),
      RangeError,
      "it must be [1, 5, N], [1, N, 5] or [1, N, 6] for its 1 classes, or [1, N, 6]: found float32 [1, 7, 2]",
    );
  },
);

const picture = (name: string, shape: OnnxValue["shape"]): OnnxValue => (
  { name, type: "float", shape }
);
const boxes = picture("boxes", [1, 3, 2, 2]);

/** Inputs and outputs of exports that are not read, each named by its program. */
const others: [program: string, inputs: OnnxValue[], message: string][] = [
  [
    "D-FINE, DEIM and RT-DETR",
    [
      picture("images", [1, 3, 2, 2]),
      { name: "orig_target_sizes", type: "int64", shape: [1, 2] },
    ],
    "as it must have one input, a picture: found 2 (images, orig_target_sizes); YOLO 5 to",
  ],
  [
    "torchvision's Faster R-CNN",
    [picture("image", [3, 2, 2])],
    "as its input must be float32 [1, 3, height, width]: found float32 [3, 2, 2]; YOLO 5 t",
  ],
  [
    "SSD of TensorFlow",
    [picture("input_tensor", [1, 2, 2, 3])],
    "as its input must be float32 [1, 3, height, width]: found float32 [1, 2, 2, 3]; YOLO",
  ],
];

for (const [program, inputs, message] of others) {
  testInFolder(`a model of ${program} is refused with what it has`, async (folder) => {
    const path = `${folder}/model.onnx`, graph = new OnnxGraph();
    graph.apply("Identity", [inputs[0].name], {}, "boxes");
    const outputs = [picture("boxes", inputs[0].shape)];
    await Deno.writeFile(path, graph.encode(inputs, outputs));
    await assertRejects(() => loadDetector(path), RangeError, message);
  });
}

testInFolder("all outputs of a model that cannot be read are named", async (folder) => {
  // As YOLO-NAS without its own suppression: boxes and scores apart.
  const path = `${folder}/model.onnx`, graph = new OnnxGraph();
  graph.apply("Identity", ["images"], {}, "boxes");
  graph.apply("Identity", ["images"], {}, "scores");
  const outputs = [boxes, { ...boxes, name: "scores" }];
  await Deno.writeFile(path, graph.encode([picture("images", [1, 3, 2, 2])], outputs));
  using detector = await loadDetector(path, { classes: ["one"] });
  await assertRejects(
    () => detector.detect(PICTURE),
    RangeError,
    "or [1, N, 6]: found boxes float32 [1, 3, 2, 2], scores float32 [1, 3, 2, 2]; YOLO 5",
  );
});
