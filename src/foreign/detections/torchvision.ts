/**
 * Reads boxes, labels and scores in lists of their own, as torchvision's detectors and
 * transformers' `post_process_object_detection` return them.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import type { JsonValue } from "../../json_value.ts";
import { classesByLabel, ClassList, type ClassNames, isNumeral } from "./classes.ts";
import { COCO_NAMES_FROM_ZERO } from "./coco_classes.ts";
import {
  DetectionList,
  type ImageSize,
  jsonOf,
  optionsOf,
  type ResultOptions,
} from "./list.ts";

/** What the lists lack: the size of the image and the names of classes. */
export interface TorchvisionOptions extends ImageSize, ResultOptions {
  /**
   * Names of the classes by label: `weights.meta["categories"]`, or `model.config.id2label`;
   * default COCO's, whose labels are 1 to 90.
   */
  classes?: ClassNames;
}

/**
 * Reads lists of boxes, labels and scores, such as torchvision's detectors return them for
 * one image.
 *
 * @param results `boxes`, N lists of left, top, right, bottom in pixels; `labels`, N
 * numbers or names; and `scores`, N numbers. Instead of `labels`, `scores` may be N lists of
 * the beliefs in all classes, which need not sum to 1. Typed arrays are lists too, and it
 * may be text. With `bboxes` in the place of `boxes`, as mmdetection writes it, labels count
 * COCO's classes from 0.
 * @param options The size of the image, and the names of the classes.
 * @returns The detections.
 * @throws {TypeError | RangeError} If a value is missing or not allowed.
 * @throws {SyntaxError} If a text is not JSON.
 *
 * @example
 * ```ts
 * import { fromTorchvision } from "./torchvision.ts";
 * const { classes, beliefs } = fromTorchvision({
 *   boxes: [[10, 20, 40, 60]],
 *   labels: [18],
 *   scores: [0.9],
 * }, { imageWidth: 640, imageHeight: 480 });
 * if (classes[beliefs.findIndex((belief) => belief > 0)] !== "dog") throw new Error();
 * ```
 */
export function fromTorchvision(
  results: unknown,
  options: TorchvisionOptions,
): Detections {
  options = optionsOf(options);
  const { name = "results of torchvision" } = options;
  const root = jsonOf(results, name);
  const list = new DetectionList(options, name, options);
  const isFromZero = root.at("boxes").isMissing && !root.at("bboxes").isMissing;
  const boxes = rowsOf(root.at(isFromZero ? "bboxes" : "boxes"));
  const scores = root.at("scores").items(boxes.length, "scores, one for each box");
  const areVectors = scores.length > 0 &&
    scores.every(({ value }) => Array.isArray(value));
  // transformers in Python names labels that are numbers beside them.
  const key = root.at("text_labels").isMissing ? "labels" : "text_labels";
  const labels = areVectors
    ? undefined
    : root.at(key).items(boxes.length, "labels, one for each box");
  const isName = ({ value }: JsonValue) => typeof value === "string" && !isNumeral(value);
  const areNames = labels?.some(isName) ?? false;
  labels?.forEach((label) => {
    if (areNames && !isName(label)) label.refuseKind("a name, as other labels are");
  });
  const known = options.classes ?? (isFromZero ? COCO_NAMES_FROM_ZERO : undefined);
  const classes = areNames ? new ClassList() : classesByLabel(known);
  for (const [i, box] of boxes.entries()) {
    const numbers = box.float32s(4, "numbers, [left, top, right, bottom]");
    const belief = labels
      ? { label: classes.indexOf(labels[i]), score: list.rules.score(scores[i]) }
      : { scores: list.beliefsOf(vectorOf(scores[i], classes.names)) };
    list.add(box, numbers, { form: "corners" }, belief);
  }
  return list.result(classes.names);
}

/** The beliefs in all classes. */
function vectorOf(field: JsonValue, names: readonly string[]): JsonValue[] {
  const { value } = field, k = names.length;
  if (Array.isArray(value) && value.length !== k) {
    const what = `a list of ${k} beliefs, one for each class`;
    field.refuse(what, `it has ${value.length}: give the names of these classes`);
  }
  return field.items(k, "beliefs, one for each class");
}

/** Rows of four numbers, which may be flat. */
function rowsOf(field: JsonValue): JsonValue[] {
  if (typeof field.value === "string") {
    field.refuseKind("a list", "in Python, write boxes.tolist()");
  }
  const items = field.items();
  if (items.length === 0 || typeof items[0].value !== "number") return items;
  const numbers = field.float32s();
  if (numbers.length % 4 !== 0) field.refuseKind("rows of 4 numbers");
  const rows = Array.from(
    { length: numbers.length / 4 },
    (_, i) => numbers.slice(4 * i, 4 * i + 4),
  );
  return jsonOf(rows, field.place).items();
}
