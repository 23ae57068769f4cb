/**
 * Reads the detections of `@huggingface/transformers` (transformers.js), and those of the
 * pipelines of transformers in Python, which look alike.
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

/** What the result of a pipeline lacks: the size of the image, and whether boxes are shares. */
export interface TransformersOptions extends ImageSize, ResultOptions {
  /** Boxes are shares of the image's sides, as the pipeline's option of that name makes
   * them; default false. */
  percentage?: boolean;
}

const SIDES = ["xmin", "ymin", "xmax", "ymax"];

/**
 * Reads what a pipeline of transformers.js for object detection returns for one image; also
 * one that searches for free words (`zero-shot-object-detection`).
 *
 * @param results List of `{ score, label, box: { xmin, ymin, xmax, ymax } }`, or that
 * list as text.
 * @param options The size of the image, and whether boxes are shares of it.
 * @returns The detections; their classes are the labels that occur.
 * @throws {TypeError | RangeError} If a value is missing or not allowed.
 * @throws {SyntaxError} If a text is not JSON.
 *
 * @example
 * ```ts
 * import { fromTransformersJs } from "./transformers_js.ts";
 * const { classes, boxes } = fromTransformersJs([
 *   { score: 0.9, label: "dog", box: { xmin: 10, ymin: 20, xmax: 40, ymax: 60 } },
 * ], { imageWidth: 640, imageHeight: 480 });
 * if (classes.join() !== "dog" || boxes.join() !== "10,20,40,60") throw new Error();
 * ```
 */
export function fromTransformersJs(
  results: unknown,
  options: TransformersOptions,
): Detections {
  options = optionsOf(options);
  const { name = "results of transformers.js", percentage = false } = options;
  const list = new DetectionList(options, name, options);
  const classes = new ClassList();
  for (const row of jsonOf(results, name).items()) {
    const box = row.at("box");
    const numbers = SIDES.map((side) => box.at(side).number());
    const label = classes.indexOf(row.at("label"));
    const score = list.rules.score(row.at("score"));
    const form = { form: "corners", areShares: percentage } as const;
    list.add(box, numbers, form, { label, score });
  }
  return list.result(classes.names);
}
