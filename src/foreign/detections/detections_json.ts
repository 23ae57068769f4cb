/**
 * Detections as JSON: what `detect` prints, and `predict` reads.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import type { JsonValue } from "../../json_value.ts";
import { shapeSuggestion } from "../shapes.ts";
import { DetectionList, type ImageSize, jsonOf, type ResultOptions } from "./list.ts";

/** Detections as plain lists. */
export interface DetectionsJson extends ImageSize {
  /** Name of the image, which has no part in a prediction. */
  image?: string;
  /** Names of the K classes. */
  classes: string[];
  /** N lists of left, top, right, bottom in pixels. */
  boxes: number[][];
  /** N lists of K beliefs, 0 to 1. */
  beliefs: number[][];
  /** See {@linkcode Detections.power}. */
  power?: number;
}

const KEYS = [
  ...["image", "imageWidth", "imageHeight"],
  ...["classes", "boxes", "beliefs", "power"],
];

/**
 * A class that the detector believes in less than this, in every box, is left out. Ten
 * times as much would change the sum of a row, and so the scores of the graph by 0.09.
 */
const LEAST_BELIEF = 0.001;
/** Decimal places of coordinates, and of beliefs. */
const BOX_DIGITS = 1, BELIEF_DIGITS = 4;

/**
 * Makes plain lists of detections, rounded so that people can read them. The beliefs in
 * classes that no box comes near to are left out.
 *
 * @param detections The detections.
 * @param image Name of the image.
 * @returns Lists for `JSON.stringify`.
 */
export function toDetectionsJson(
  { imageWidth, imageHeight, classes, boxes, beliefs, power }: Detections,
  image?: string,
): DetectionsJson {
  const k = classes.length, n = boxes.length / 4;
  const row = (i: number) => beliefs.subarray(i * k, (i + 1) * k);
  const rounded = (numbers: Float32Array, digits: number) =>
    Array.from(numbers, (number) => Number(number.toFixed(digits)));
  const kept = [...classes.keys()].filter((label) => {
    for (let i = 0; i < n; i++) if (row(i)[label] >= LEAST_BELIEF) return true;
    return false;
  });
  const each = Array.from({ length: n }, (_, i) => i);
  return {
    ...(image !== undefined && { image }),
    ...{ imageWidth, imageHeight },
    classes: kept.map((label) => classes[label]),
    boxes: each.map((i) => rounded(boxes.subarray(4 * i, 4 * i + 4), BOX_DIGITS)),
    beliefs: each.map((i) =>
      rounded(Float32Array.from(kept, (label) => row(i)[label]), BELIEF_DIGITS)
    ),
    ...(power !== undefined && { power }),
  };
}

/**
 * Reads what {@linkcode toDetectionsJson} makes.
 *
 * @param value The lists; typed arrays are lists too, and it may be text.
 * @param options Size of the image, if the lists do not have it.
 * @returns The detections.
 * @throws {TypeError | RangeError} If a value is missing or not allowed.
 * @throws {SyntaxError} If a text is not JSON.
 *
 * @example
 * ```ts
 * import { fromDetectionsJson } from "./detections_json.ts";
 * const { beliefs } = fromDetectionsJson({
 *   imageWidth: 640,
 *   imageHeight: 480,
 *   classes: ["dog", "cat"],
 *   boxes: [[10, 20, 40, 60]],
 *   beliefs: [[0.5, 0.25]],
 * });
 * if (beliefs.join() !== "0.5,0.25") throw new Error();
 * ```
 */
export function fromDetectionsJson(
  value: unknown,
  options: Partial<ImageSize> & ResultOptions = {},
): Detections {
  const { name = "detections" } = options;
  const root = jsonOf(value, name);
  root.onlyKeys(KEYS);
  const side = (key: "imageWidth" | "imageHeight") =>
    root.at(key).optional?.number({ above: 0 }) ?? options[key];
  const size = { imageWidth: side("imageWidth"), imageHeight: side("imageHeight") };
  const list = new DetectionList(size, name, options);
  const boxes = root.at("boxes").items();
  const classes = root.at("classes").names(boxes.length === 0 ? 0 : 1);
  const power = root.at("power").optional?.number({ above: 0 });
  const rows = rowsOf(root.at("beliefs"), boxes.length, classes.length);
  for (const [i, box] of boxes.entries()) {
    const numbers = box.float32s(4, "numbers, [left, top, right, bottom]");
    list.add(box, numbers, { form: "corners" }, { scores: list.beliefsOf(rows[i]) });
  }
  return { ...list.result(classes), ...(power !== undefined && { power }) };
}

/** N lists of K. */
function rowsOf(field: JsonValue, n: number, k: number): JsonValue[][] {
  const { value } = field;
  const isRight = Array.isArray(value) && value.length === n;
  const what =
    `${n} lists of ${k} beliefs, a list for each box and a number for each class`;
  if (!isRight) field.refuseKind(what, shapeSuggestion(value, [n, k]));
  return field.items().map((row) => row.items(k, "beliefs, one for each class"));
}
