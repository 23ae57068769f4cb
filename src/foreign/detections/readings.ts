/**
 * The forms of services, of programs for annotation and of models that answer in words, in
 * one table, and their reader.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import { JsonValue } from "../../json_value.ts";
import { showValue } from "../../show_value.ts";
import { type FoundBox, numberOf, type ReadImage, type Reading } from "./_reading.ts";
import { cvat, labelme, labelStudio, voc } from "./annotators.ts";
import { florence, gemini, groundingDino, qwen } from "./answers.ts";
import {
  type Classes,
  classesByLabel,
  ClassList,
  type ClassNames,
  isByText,
  isNumeral,
} from "./classes.ts";
import { COCO_NAMES_FROM_ZERO } from "./coco_classes.ts";
import { type CocoImage, sizeOf } from "./coco_results.ts";
import { DetectionList, type ResultOptions, UnsaidError } from "./list.ts";
import { azure, customVision, googleVision, rekognition, roboflow } from "./services.ts";
import { openImages, supervision, table } from "./table.ts";
import { yoloText } from "./yolo_text.ts";

/** Name of a form. */
export type ReadingName =
  | "rekognition"
  | "google-vision"
  | "azure"
  | "custom-vision"
  | "roboflow"
  | "supervision"
  | "open-images"
  | "labelme"
  | "label-studio"
  | "voc"
  | "cvat"
  | "yolo-txt"
  | "florence"
  | "gemini"
  | "qwen"
  | "grounding-dino"
  | "table";

/** Every form, by its name for `--input-format`. */
export const READINGS: Readonly<Record<ReadingName, Reading>> = {
  ...{ rekognition, "google-vision": googleVision, azure, "custom-vision": customVision },
  ...{
    roboflow,
    supervision,
    "open-images": openImages,
    labelme,
    "label-studio": labelStudio,
    voc,
    cvat,
  },
  ...{ "yolo-txt": yoloText, florence, gemini, qwen, "grounding-dino": groundingDino },
  // The last, as rows of other forms have such columns, too.
  table,
};

/** Their names. */
export const READING_NAMES = Object.keys(READINGS) as ReadingName[];

/** The form of a value, if it is one of these. */
export function readingOf(value: unknown): ReadingName | undefined {
  return READING_NAMES.find((name) => READINGS[name].is(value));
}

/** What a value does not say. */
export interface ReadingOptions extends ReadImage, ResultOptions {
  /** Names of classes by label, where labels are numbers; default COCO's 80, from 0. */
  classes?: ClassNames;
  /** `images` of COCO's annotations, for the sizes of tables' images. */
  images?: readonly CocoImage[];
  /** Boxes are shares of the image's sides, where the form does not say so. */
  normalized?: boolean;
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
  const reading = READINGS[form], { name, imageId } = options;
  const { imageWidth, imageHeight } = options;
  const size = {
    ...{ imageWidth, imageHeight },
    ...sizeOfImage(imageId ?? reading.image?.(root), options),
    ...reading.size?.(root, imageId),
  };
  if (reading.image && size.imageWidth === undefined) {
    throw new UnsaidError(
      `Cannot use ${name}: it does not have the sizes of images, give imageWidth and imageHeight (--image-size 640x480), COCO's annotations (--annotations instances.json), or columns image_width and image_height`,
    );
  }
  const list = new DetectionList(size, name, options);
  const found = reading.boxes(root, { ...size, imageId });
  const classes = classesOf(found, reading, options.classes);
  const given = options.normalized ? 1 : undefined;
  for (const { at, numbers, form, side = given, label, score, isPercent } of found) {
    const inShares = side === undefined ? numbers : numbers.map((n) => n / side);
    list.add(at, inShares, { form, areShares: side !== undefined }, {
      label: classes.indexOf(label),
      score: score ? list.rules.score(isPercent ? shareOf(score) : asNumber(score)) : 1,
    });
  }
  return list.result(classes.names);
}

/** The size of an image of COCO's annotations, if there are any. */
function sizeOfImage(id: string | undefined, options: ReadingOptions): object {
  return id === undefined || options.images === undefined ? {} : sizeOf(id, options);
}

/** The classes of some boxes. */
function classesOf(
  found: readonly FoundBox[],
  { needsNames = false }: Reading,
  names?: ClassNames,
): Classes {
  const areNumbers = found.length > 0 && found.every(({ label }) => isNumber(label));
  if (names && (areNumbers || isByText(names))) return classesByLabel(names);
  const unnamed = needsNames &&
    found.find(({ label }) => areNumbers || MACHINE_ID.test(String(label.value)));
  if (unnamed) {
    const { name, value } = unnamed.label;
    throw new UnsaidError(
      `Cannot use ${name}: it does not have the names of its classes, such as that of ${
        showValue(value)
      }, give them as classes (--classes names.txt)`,
    );
  }
  return areNumbers ? classesByLabel(COCO_NAMES_FROM_ZERO) : new ClassList();
}

/** What Google calls a class in OpenImages. */
const MACHINE_ID = /^\/[a-z]\/\w+$/;

function isNumber({ value }: JsonValue): boolean {
  return typeof value === "number" || isNumeral(value);
}

/** A number that is written as a text, as a number. */
function asNumber(field: JsonValue): JsonValue {
  return typeof field.value === "string"
    ? new JsonValue(numberOf(field), field.place)
    : field;
}

/** A percentage as a share. */
function shareOf(field: JsonValue): JsonValue {
  return new JsonValue(field.number({ min: 0, max: 100 }) / 100, field.place);
}
