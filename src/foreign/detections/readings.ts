/**
 * The forms of services, of programs for annotation and of models that answer in words, in
 * one table, and their reader.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import { JsonValue } from "../../json_value.ts";
import type { Reading } from "./_reading.ts";
import { cvat, labelme, labelStudio, voc } from "./annotators.ts";
import { florence, gemini, groundingDino, qwen } from "./answers.ts";
import { classesByLabel, ClassList, type ClassNames, isNumeral } from "./classes.ts";
import { COCO_NAMES_FROM_ZERO } from "./coco_classes.ts";
import { DetectionList, type ImageSize, type ResultOptions } from "./list.ts";
import {
  azure,
  customVision,
  googleVision,
  rekognition,
  roboflow,
  supervision,
} from "./services.ts";
import { yoloText } from "./yolo_text.ts";

/** Name of a form. */
export type ReadingName =
  | "rekognition"
  | "google-vision"
  | "azure"
  | "custom-vision"
  | "roboflow"
  | "supervision"
  | "labelme"
  | "label-studio"
  | "voc"
  | "cvat"
  | "yolo-txt"
  | "florence"
  | "gemini"
  | "qwen"
  | "grounding-dino";

/** Every form, by its name for `--input-format`. */
export const READINGS: Readonly<Record<ReadingName, Reading>> = {
  ...{ rekognition, "google-vision": googleVision, azure, "custom-vision": customVision },
  ...{ roboflow, supervision, labelme, "label-studio": labelStudio, voc, cvat },
  ...{ "yolo-txt": yoloText, florence, gemini, qwen, "grounding-dino": groundingDino },
};

/** Their names. */
export const READING_NAMES = Object.keys(READINGS) as ReadingName[];

/** The form of a value, if it is one of the table. */
export function readingOf(value: unknown): ReadingName | undefined {
  return READING_NAMES.find((name) => READINGS[name].is(value));
}

/** What a value does not say. */
export interface ReadingOptions extends Partial<ImageSize>, ResultOptions {
  /** Names of classes by label, where labels are numbers; default COCO's 80, from 0. */
  classes?: ClassNames;
}

/**
 * Reads the detections of an image in one of the forms.
 *
 * @param root The value.
 * @param form Its form.
 * @param options The size of the image, where the form does not have it, and names.
 * @throws {TypeError | RangeError} If a value is missing or not allowed, or the size of the
 * image is nowhere.
 */
export function readBy(
  root: JsonValue,
  form: ReadingName,
  options: ReadingOptions & { name: string },
): Detections {
  const reading = READINGS[form];
  const { imageWidth, imageHeight } = options;
  const size = { imageWidth, imageHeight, ...reading.size?.(root) };
  const list = new DetectionList(size, options.name, options);
  const found = reading.boxes(root, size);
  const areNumbers = found.length > 0 &&
    found.every(({ label: { value } }) => typeof value === "number" || isNumeral(value));
  const classes = areNumbers
    ? classesByLabel(options.classes ?? COCO_NAMES_FROM_ZERO)
    : new ClassList();
  for (const { at, numbers, form, side, label, score, isPercent } of found) {
    const inShares = side === undefined ? numbers : numbers.map((n) => n / side);
    list.add(at, inShares, { form, areShares: side !== undefined }, {
      label: classes.indexOf(label),
      score: score ? list.rules.score(isPercent ? shareOf(score) : score) : 1,
    });
  }
  return list.result(classes.names);
}

/** A percentage as a share. */
function shareOf(field: JsonValue): JsonValue {
  return new JsonValue(field.number({ min: 0, max: 100 }) / 100, field.place);
}
