/**
 * Reads the detections of `@tensorflow-models/coco-ssd`.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import { ClassList } from "./classes.ts";
import {
  DetectionList,
  type ImageSize,
  jsonOf,
  optionsOf,
  type ResultOptions,
} from "./list.ts";

/**
 * Reads what `model.detect(image)` of `@tensorflow-models/coco-ssd` returns.
 *
 * @param results List of `{ class, score, bbox: [left, top, width, height] }`, or that list
 * as text.
 * @param options The size of the image.
 * @returns The detections; their classes are the names that occur.
 * @throws {TypeError | RangeError} If a value is missing or not allowed.
 * @throws {SyntaxError} If a text is not JSON.
 *
 * @example
 * ```ts
 * import { fromCocoSsd } from "./coco_ssd.ts";
 * const { classes, boxes } = fromCocoSsd([
 *   { class: "dog", score: 0.9, bbox: [10, 20, 30, 40] },
 * ], { imageWidth: 640, imageHeight: 480 });
 * if (classes.join() !== "dog" || boxes.join() !== "10,20,40,60") throw new Error();
 * ```
 */
export function fromCocoSsd(
  results: unknown,
  options: ImageSize & ResultOptions,
): Detections {
  options = optionsOf(options);
  const { name = "results of coco-ssd" } = options;
  const list = new DetectionList(options, name, options);
  const classes = new ClassList();
  for (const row of jsonOf(results, name).items()) {
    const label = classes.indexOf(row.at("class"));
    const score = list.rules.score(row.at("score"));
    const box = row.at("bbox");
    const numbers = box.float32s(4, "numbers, [left, top, width, height]");
    list.add(box, numbers, { form: "sizes" }, { label, score });
  }
  return list.result(classes.names);
}
