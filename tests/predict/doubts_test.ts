import { assertEquals } from "@std/assert";
import { fromTransformersJs } from "../../src/foreign/detections/transformers_js.ts";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { doubtNote } from "../../tasks/_cli/predict/notes.ts";
import { smallCheckpointBytes } from "../_samples.ts";

/** Left and top of 20 boxes of 8 x 8, as percentages would have them. */
const CORNERS = Array.from({ length: 20 }, (_, i) => [i % 5 * 20, 20 + i % 4 * 10]);

Deno.test("predict() warns of boxes that seem to be percentages, as validate does", async () => {
  using sgp = await SceneGraphPredictor.load(smallCheckpointBytes(), { backend: "wasm" });
  const size = { imageWidth: 640, imageHeight: 300 };
  const input = {
    ...size,
    boxes: CORNERS.map(([x, y]) => [x, y, x + 8, y + 8]),
    entityLabels: CORNERS.map(() => "man"),
  };
  const warning =
    "all 20 boxes lie within 100 pixels of the upper left corner, first [0, 20, 8, 28] in an image of 640 x 300; if they are percentages of the image, multiply them by its width and height, divided by 100";
  assertEquals((await sgp.predict(input)).warnings, [warning]);
  const detections = fromTransformersJs(
    CORNERS.map(([xmin, ymin]) => ({
      ...{ label: "man", score: 0.9 },
      box: { xmin, ymin, xmax: xmin + 8, ymax: ymin + 8 },
    })),
    size,
  );
  const detected = await sgp.predict(detections, { mergeOverlap: 1 });
  assertEquals(detected.warnings, [warning]);
  assertEquals(doubtNote(warning, "a.json"), `a.json: A${warning.slice(1)}`);
  // One box elsewhere tells that they are pixels.
  const boxes = input.boxes.with(7, [500, 20, 508, 28]);
  assertEquals("warnings" in await sgp.predict({ ...input, boxes }), false);
});
