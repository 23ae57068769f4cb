import { assertEquals } from "@std/assert";
import { loadDetector } from "../../src/detect/detect.ts";
import { decodeYolox, isYolox } from "../../src/detect/yolox_output.ts";
import { OnnxGraph } from "../../src/io/onnx_graph.ts";
import { assertClose } from "../_assert.ts";
import { inFolder } from "../_in_folder.ts";

/** An input of 32 x 32 pixels has grids of 4 x 4, 2 x 2 and 1 x 1 cells. */
const SIZE = [32, 32] as const, COUNT = 21, STEP = 8;
const layout = { count: COUNT, head: 5, isTransposed: false } as const;

/** Rows of numbers at some places among zeros. */
function rowsAt(rows: Record<number, number[]>): Float32Array {
  const values = new Float32Array(COUNT * STEP);
  for (const [i, row] of Object.entries(rows)) values.set(row, Number(i) * STEP);
  return values;
}

// In the third column and second row of the finest grid; in the second column and first row
// of the next one; and the only cell of the coarsest.
const RAW = rowsAt({
  6: [0.5, 0.5, 0, Math.log(2), 0, 0.25, 1, 0.5],
  17: [-0.25, 0.5, -1, 0, 0, 0, 0, 0],
  20: [0.5, 0.25, 0, 0, 0, 0, 0, 0],
});

Deno.test("decodeYolox() brings places in cells into pixels", () => {
  const decoded = decodeYolox(RAW, layout, SIZE);
  const boxes = [6, 17, 20].map((i) => decoded.slice(i * STEP, i * STEP + 4));
  // (2 + 0.5) * 8, (1 + 0.5) * 8, 8, 2 * 8; (1 - 0.25) * 16, 0.5 * 16, 16 / e, 16.
  assertClose(boxes[0], [20, 12, 8, 16], 1e-5);
  assertClose(boxes[1], [12, 8, 16 / Math.E, 16], 1e-5);
  assertClose(boxes[2], [16, 8, 32, 32], 1e-5);
  assertEquals([...decoded.slice(6 * STEP + 4, 7 * STEP)], [0, 0.25, 1, 0.5]);
  // What is in pixels reaches across the input, and stays.
  assertEquals(decodeYolox(decoded, layout, SIZE), decoded);
});

Deno.test("isYolox() tells it from YOLOv5 and YOLOv6", () => {
  assertEquals(isYolox(RAW, layout, SIZE), true);
  const three = new Float32Array(3 * COUNT * STEP); // YOLOv5 has three boxes a cell
  assertEquals(isYolox(three, { ...layout, count: 3 * COUNT }, SIZE), false);
  assertEquals(isYolox(RAW, { ...layout, head: 4 }, SIZE), false);
  assertEquals(isYolox(RAW, layout, [64, 32]), false);
  const sixth = RAW.map((value, i) => i % STEP === 4 ? 1 : value);
  assertEquals(isYolox(sixth, layout, SIZE), false);
});

/**
 * A model whose boxes are constant, and which believes that there is something in the
 * seventh as much as the mean of the first channel says, in 255ths.
 */
function modelOf(boxes: Float32Array): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph(), beliefs = new Float32Array(3 * COUNT * STEP);
  beliefs[6 * STEP + 4] = 1 / 255;
  const means = graph.apply("ReduceMean", ["images", graph.integers(2, 3)], {
    keepdims: 0,
  });
  const weights = graph.floats("weights", [3, COUNT * STEP], beliefs);
  const row = graph.apply("MatMul", [means, weights]);
  const shaped = graph.apply("Reshape", [row, graph.integers(1, COUNT, STEP)]);
  const fixed = graph.floats("boxes", [1, COUNT, STEP], boxes);
  graph.apply("Add", [shaped, fixed], {}, "output");
  return graph.encode(
    [{ name: "images", type: "float", shape: [1, 3, 32, 32] }],
    [{ name: "output", type: "float", shape: [1, COUNT, STEP] }],
    { names: "{0: 'red', 1: 'green', 2: 'blue'}" },
  );
}

Deno.test({
  name: "a YOLOX model in ONNX sees blue first, from 0 to 255, and is read in both forms",
  sanitizeResources: false, // ONNX Runtime keeps a message port open
  fn: () =>
    inFolder(async (folder) => {
      const data = Uint8ClampedArray.from(Array(64 * 32).fill([255, 0, 102, 255]).flat());
      const picture = { width: 64, height: 32, data };
      for (const boxes of [RAW, decodeYolox(RAW, layout, SIZE)]) {
        const path = `${folder}/yolox.onnx`;
        await Deno.writeFile(path, modelOf(boxes));
        using detector = await loadDetector(path);
        for (let i = 0; i < 2; i++) { // the second photograph is read as the first
          const found = await detector.detect(picture);
          // The photograph is above, half as large: the box is 16 to 24 by 4 to 20.
          assertClose(found.boxes, [32, 8, 48, 40], 1e-4);
          // Half of the square is gray 114.
          const belief = (102 + 114) / 2 / 255;
          assertClose(found.beliefs, [0.25, 1, 0.5].map((b) => b * belief), 1e-4);
        }
      }
    }),
});
