/**
 * Reads the detections of one image from JSON in any of the known forms.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import { JsonValue } from "../../json_value.ts";
import { keyIn, OWN_KEYS } from "../image_keys.ts";
import type { ClassNames } from "./classes.ts";
import type { ImageSize } from "./list.ts";
import { type CocoOptions, fromCocoResults } from "./coco_results.ts";
import { fromDetectionsJson } from "./detections_json.ts";
import { fromCocoSsd } from "./coco_ssd.ts";
import { fromTorchvision } from "./torchvision.ts";
import { fromTransformersJs } from "./transformers_js.ts";
import { fromUltralytics } from "./ultralytics.ts";

/** The forms of JSON files with detections. */
export const DETECTION_FORMATS = [
  "detections",
  "coco",
  "transformers",
  "ultralytics",
  "torchvision",
  "coco-ssd",
] as const;

/** Name of a form. */
export type DetectionFormat = typeof DETECTION_FORMATS[number];

/** What a user may say of a file of detections. */
export interface DetectionHints extends Partial<ImageSize> {
  /** The form; by default it is recognized. */
  format?: DetectionFormat;
  /** JSON of COCO's annotations, for the sizes of images and the names of classes. */
  annotations?: unknown;
  /** The image to take of COCO's results. */
  imageId?: string;
  /** Names of classes by label, of torchvision's lists. */
  classes?: ClassNames;
  /** Boxes are shares of the image's sides, of transformers.js and ultralytics. */
  normalized?: boolean;
  /** Refuse everything that would be mended. */
  strict?: boolean;
}

/** Reads one form. */
type Reader = (value: unknown, name: string, hints: DetectionHints) => Detections;

const READERS: Readonly<Record<DetectionFormat, Reader>> = {
  detections: (value, name, hints) => fromDetectionsJson(value, { ...hints, name }),
  coco: (value, name, hints) =>
    fromCocoResults(value, { ...hints, ...annotationsOf(hints), name }),
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

/** Keys of an object around the detections; names of the image have no part in it. */
const WRAPPER_KEYS = [
  ...["imageWidth", "imageHeight", "width", "height", "detections"],
  ...["image", "fileName", "file_name", "id"],
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
  const root = new JsonValue(value, `"${name}"`);
  const isWrapped = isObject(value) && "detections" in value;
  if (isWrapped) root.onlyKeys(WRAPPER_KEYS);
  const inner = isWrapped ? value.detections : predictionsOf(value);
  const isBatch = Array.isArray(inner) && inner.length > 0 &&
    (inner.every(Array.isArray) || inner.every(isTorchvision));
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
  return READERS[format](detections, `"${name}"`, { ...hints, ...known });
}

/** Recognizes a form by the keys of its first item; in a wrapper, no item is of any form. */
function formatOf(value: unknown, isWrapped: boolean): DetectionFormat | undefined {
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
  if ("xmin" in item && "confidence" in item) return "ultralytics";
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
  return isInferencer ? predictions : value;
}

/** Images and classes of annotations, as far as they are lists. */
function annotationsOf({ annotations }: DetectionHints): CocoOptions {
  if (annotations === undefined) return {};
  const root = new JsonValue(annotations, "the annotations");
  return {
    images: root.at("images").items().map((image) => ({
      id: image.at("id").value as number,
      width: image.at("width").number(),
      height: image.at("height").number(),
      file_name: image.at("file_name").optional?.string(),
    })),
    categories: root.at("categories").optional?.items().map((category) => ({
      id: category.at("id").integer(),
      name: category.at("name").id(),
    })),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
