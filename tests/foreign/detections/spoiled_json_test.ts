import { assert } from "@std/assert";
import {
  type DetectionHints,
  readDetectionsJson,
} from "../../../src/foreign/detections/read_json.ts";
import { parseJson } from "../../../src/json_value.ts";
import { fuzz } from "../../_fuzz.ts";
import { ROOT } from "../../tasks/_run_script.ts";

const samples = ["coco", "transformers", "ultralytics"].map((form) =>
  Deno.readFileSync(`${ROOT}examples/detections_${form}.json`)
);
const lists = { boxes: [[1, 2, 30, 40]], labels: [18], scores: [0.5] };
samples.push(new TextEncoder().encode(JSON.stringify(lists)));

const hostile = [
  "[]",
  "[[]]",
  "[[[[]]]]",
  '{"detections": null, "imageWidth": 9, "imageHeight": 9}',
  '{"boxes": {}, "scores": {}}',
  '{"boxes": [], "scores": [[]]}',
  '{"boxes": [[0, 0, 1e39, 9]], "labels": [1], "scores": [1]}',
  '[{"image_id": {}, "bbox": 3}]',
  '[{"image_id": 9007199254740993, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1}]',
  '[{"box": {"xmin": null}}]',
  '[{"box": {"x1": 1, "x3": "a"}, "name": "__proto__", "confidence": 1}]',
  '[{"box": {"xmin": 1, "ymin": 1, "xmax": 9, "ymax": 9}, "label": "__proto__", "score": 1}]',
].map((text) => new TextEncoder().encode(text));

Deno.test("readDetectionsJson() reads spoiled files or says what is wrong", async () => {
  const hints: DetectionHints = { imageWidth: 640, imageHeight: 480 };
  const { inputs, refused } = await fuzz({
    name: "a.json",
    samples,
    hostile,
    read(bytes) {
      const value = parseJson(bytes, '"a.json"').value;
      const found = readDetectionsJson(value, "a.json", hints);
      if (found === undefined) return;
      const { boxes, beliefs, classes } = found;
      const n = boxes.length / 4;
      assert(beliefs.length === n * classes.length && boxes.every(Number.isFinite));
      assert(beliefs.every((belief) => belief >= 0 && belief <= 1));
    },
  });
  assert(refused > inputs / 4 && refused < inputs);
});
