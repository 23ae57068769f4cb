/**
 * Reads the detections of one image from JSON in any of the known forms.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import { JsonValue } from "../../json_value.ts";
import { keyIn, OWN_KEYS } from "../image_keys.ts";
import type { ClassNames } from "./classes.ts";
import { type ImageSize, jsonOf, optionsOf } from "./list.ts";
import { type CocoCategory, type CocoImage, fromCocoResults } from "./coco_results.ts";
import { fromDetectionsJson } from "./detections_json.ts";
import { fromCocoSsd } from "./coco_ssd.ts";
import {
  readBy,
  READING_NAMES,
  type ReadingName,
  readingOf,
  READINGS,
} from "./readings.ts";
import { fromTorchvision } from "./torchvision.ts";
import { fromTransformersJs } from "./transformers_js.ts";
import { fromUltralytics } from "./ultralytics.ts";

/** Name of a form of files with detections. */
export type DetectionFormat =
  | "detections"
  | "coco"
  | "transformers"
  | "ultralytics"
  | "torchvision"
  | "coco-ssd"
  | ReadingName;

/** What a user may say of a file of detections. */
export interface DetectionHints extends Partial<ImageSize> {
  /** The form; by default it is recognized. */
  format?: DetectionFormat;
  /** `images` of COCO's annotations, for their sizes. */
  images?: readonly CocoImage[];
  /** `categories` of COCO's annotations, for their names. */
  categories?: readonly CocoCategory[];
  /** The image to take of COCO's results. */
  imageId?: string;
  /** Names of classes by label, where labels are numbers. */
  classes?: ClassNames;
  /** Boxes are shares of the image's sides, of transformers.js and ultralytics. */
  normalized?: boolean;
  /** Refuse everything that would be mended. */
  strict?: boolean;
}

/** Reads one form. */
type Reader = (value: unknown, name: string, hints: DetectionHints) => Detections;

const READERS: Readonly<Record<Exclude<DetectionFormat, ReadingName>, Reader>> = {
  detections: (value, name, hints) => fromDetectionsJson(value, { ...hints, name }),
  coco: (value, name, hints) => fromCocoResults(value, { ...hints, name }),
  transformers: (value, name, hints) =>
    fromTransformersJs(value, {
      ...hints as ImageSize,
      name,
      percentage: hints.normalized,
    }),
  ultralytics: (value, name, hints) =>
    fromUltralytics(value, { ...hints as ImageSize, name }),
  torchvision: (value, name, hints) =>
    fromTorchvision(value, { ...hints as ImageSize, name }),
  "coco-ssd": (value, name, hints) => fromCocoSsd(value, { ...hints as ImageSize, name }),
};

/** All forms. */
export const DETECTION_FORMATS: readonly DetectionFormat[] = [
  ...Object.keys(READERS) as (keyof typeof READERS)[],
  ...READING_NAMES,
];

/** Keys of an object around the detections; names of the image have no part in it. */
const WRAPPER_KEYS = [
  ...["imageWidth", "imageHeight", "width", "height", "detections"],
  ...["image", "fileName", "file_name", "id"],
];

/** Keys of an image among others; a detection has none of them. */
const IMAGE_KEYS = [
  ...["boxes", "bboxes", "beliefs", "detections", "instances", "predictions"],
  ...["imageWidth", "imageHeight"],
];

/**
 * Reads the detections of one image. They may stand in an object `{ imageWidth,
 * imageHeight, detections }`, as most forms do not have the size of the image; as the only
 * item of a list, as pipelines return those of a batch; as `predictions` of mmdetection's
 * inferencer; and as `instances` of each image, as in detectron2's
 * `instances_predictions.pth`.
 *
 * @param value The parsed JSON.
 * @param name The file, for messages.
 * @param hints What the user says of it.
 * @returns The detections, or `undefined` if the form is none of these.
 * @throws {TypeError | RangeError} If the form is known or given, and a value in it is
 * missing or not allowed, or the size of the image is nowhere.
 */
export function readDetectionsJson(
  value: unknown,
  name: string,
  hints: DetectionHints = {},
): Detections | undefined {
  return readForm(new JsonValue(value, `"${name}"`), hints);
}

/** What detections do not say of themselves. */
export interface ResultsOptions extends DetectionHints {
  /** What they are called in messages. */
  name?: string;
}

/**
 * Reads a detector's results in any of the forms of docs/detector_files.md, which is
 * recognized by their keys.
 *
 * @param results The detections in one image, as values of JSON or as its text.
 * @param options The size of the image, unless the form has it; names of classes, where
 * labels are numbers.
 * @returns The detections.
 * @throws {TypeError | RangeError} If the form is none of these, a value is missing or not
 * allowed, or the size of the image is nowhere.
 * @throws {SyntaxError} If a text is not JSON.
 *
 * @example
 * ```ts
 * import { fromResults } from "./read_json.ts";
 * const answer = [{ box_2d: [250, 100, 750, 500], label: "dog" }]; // Gemini's thousandths
 * const { classes, boxes } = fromResults(answer, { imageWidth: 640, imageHeight: 480 });
 * if (classes.join() !== "dog" || boxes.join() !== "64,120,320,360") throw new Error();
 * ```
 */
export function fromResults(
  results: unknown,
  options: ResultsOptions = {},
): Detections {
  const { name = "the results", ...hints } = optionsOf(options);
  new JsonValue(hints, "the options").at("format").optional?.oneOf(DETECTION_FORMATS);
  const root = jsonOf(results, name);
  return readForm(root, hints) ?? root.refuseKind(
    `the results of a detector, in a form of docs/detector_files.md (${
      DETECTION_FORMATS.join(", ")
    })`,
  );
}

/** Reads one form; `undefined` if it is none. */
function readForm(root: JsonValue, hints: DetectionHints): Detections | undefined {
  const { value, name } = root;
  const isWrapped = isObject(value) && "detections" in value;
  if (isWrapped) root.onlyKeys(WRAPPER_KEYS);
  const inner = isWrapped ? value.detections : predictionsOf(value);
  const isBatch = Array.isArray(inner) && inner.length > 0 &&
    inner.every((item) =>
      Array.isArray(item)
        ? typeof item[0] !== "number"
        : isTorchvision(item) || readingOf(item) !== undefined
    );
  const detections = isBatch && inner.length === 1 ? inner[0] : inner;
  const format = hints.format ?? formatOf(isBatch ? inner[0] : inner, isWrapped);
  if (format === undefined) return undefined;
  if (isBatch && inner.length > 1) {
    root.refuse("of one image", `it is a batch of ${inner.length}: write one file each`);
  }
  const side = (key: string) =>
    root.at(keyIn(value as object, key, OWN_KEYS)).optional?.number({ above: 0 });
  const size = isObject(value)
    ? { imageWidth: side("imageWidth"), imageHeight: side("imageHeight") }
    : {};
  const known = Object.fromEntries(
    Object.entries(size).filter(([, side]) => side !== undefined),
  );
  const options = { ...hints, ...known, name };
  return isReading(format)
    ? readBy(new JsonValue(detections, name), format, options)
    : READERS[format](detections, name, options);
}

/**
 * Whether an item of a list is an image by itself, and not one of the detections in an
 * image: what `detect` prints, lists of boxes and scores, a wrapper, or a batch's list of
 * detections.
 */
export function isImageItem(item: unknown): boolean {
  if (Array.isArray(item)) return typeof item[0] !== "number";
  return isObject(item) &&
    (readingOf(item) !== undefined || IMAGE_KEYS.some((key) => key in item));
}

/** The images in an object that holds a batch, such as `predictions` of mmdetection. */
export function batchIn(value: unknown): unknown[] | undefined {
  const inner = isObject(value) ? predictionsOf(value) : undefined;
  return Array.isArray(inner) && inner.length > 1 && inner.every(isImageItem)
    ? inner
    : undefined;
}

function isReading(format: DetectionFormat): format is ReadingName {
  return Object.hasOwn(READINGS, format);
}

/** Recognizes a form by the keys of its first item; in a wrapper, no item is of any form. */
function formatOf(value: unknown, isWrapped: boolean): DetectionFormat | undefined {
  const reading = readingOf(value);
  if (reading !== undefined) return reading;
  if (isObject(value)) {
    if ("boxes" in value && "beliefs" in value) return "detections";
    return isTorchvision(value) ? "torchvision" : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  if (value.length === 0) return isWrapped ? "transformers" : "coco";
  const [item] = value;
  if (!isObject(item)) return undefined;
  if ("image_id" in item && "bbox" in item) return "coco";
  if ("class" in item && "score" in item && "bbox" in item) return "coco-ssd";
  if (!isObject(item.box)) return undefined;
  if ("xmin" in item.box) return "transformers";
  return "x1" in item.box ? "ultralytics" : undefined;
}

/** Whether an object has torchvision's lists, and is not the input of a prediction. */
function isTorchvision(value: unknown): boolean {
  if (!isObject(value) || !("scores" in value)) return false;
  if ("bboxes" in value) return true;
  return "boxes" in value && !("imageWidth" in value) && !("width" in value);
}

/** The lists in what mmdetection's inferencer and detectron2 write, or the value itself. */
function predictionsOf(value: unknown): unknown {
  const hasInstances = (item: unknown) => isObject(item) && Array.isArray(item.instances);
  if (Array.isArray(value) && value.length > 0 && value.every(hasInstances)) {
    return value.flatMap(({ instances }) => instances);
  }
  const { predictions } = Object(value);
  const isInferencer = Array.isArray(predictions) && predictions.length > 0 &&
    predictions.every(isTorchvision);
  if (isInferencer) return predictions;
  // Google's answers to several images, and the images of CVAT's XML.
  const { responses, annotations } = Object(value);
  const { image } = Object(annotations), images = image === undefined ? responses : image;
  const list = Array.isArray(images) ? images : [images];
  return list.length > 0 && list.every((item) => readingOf(item) !== undefined)
    ? list
    : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
