/**
 * Reads the JSON of one image.
 *
 * @module
 */

import {
  INPUT_KEYS,
  keyIn,
  OWN_KEYS,
  twiceNamed,
} from "../../../src/foreign/image_keys.ts";
import { JsonValue } from "../../../src/json_value.ts";
import type { PredictInput } from "../../../src/predict/input.ts";

/** The reader of each field. */
const FIELDS: Record<keyof PredictInput, (field: JsonValue) => unknown> = {
  imageWidth: (field) => field.number(),
  imageHeight: (field) => field.number(),
  boxes: (field) => numbersIn(field, "a list of [x1, y1, x2, y2]"),
  entityLabels: (field) => labelsIn(field),
  entityScores: (field) => numbersIn(field, "a list of numbers"),
  entityLogits: (field) => numbersIn(field, "numbers, as a list or as N lists of C"),
  relationLogits: (field) =>
    numbersIn(field, "numbers, as a list or as N lists of N lists of P"),
};

/** What an image of own data may have besides, which has no part in a prediction. */
const BESIDES = ["id", "image", "fileName", "split", "relations"];

/** Number of keys that a message shows. */
const MOST_KEYS = 8;

const REQUIRED = ["imageWidth", "imageHeight", "boxes"];

/**
 * Checks the kinds of the fields of an image.
 *
 * @param value The parsed JSON.
 * @param name Name of the file, for errors.
 * @returns The image; the predictor checks the sizes of its fields.
 * @throws {TypeError | RangeError} If a field is missing, unknown or of the wrong kind, or
 * if a number is infinite.
 */
export function parsePredictInput(value: unknown, name: string): PredictInput {
  const root = new JsonValue(value, `"${name}"`);
  const others = Object.keys(INPUT_KEYS);
  if (!isImage(value)) {
    root.refuseKind(
      "an object with imageWidth, imageHeight and boxes, or detections in one of the forms that --help lists at --input-format",
      keysText(value),
    );
  }
  root.onlyKeys([...Object.keys(FIELDS), ...others, "detectedLabels", ...BESIDES]);
  const image = root.object();
  const twice = twiceNamed(image);
  if (twice) root.at(twice[0]).refuse(`left out beside "${twice[1]}", which is the same`);
  const names = image.detectedLabels === undefined
    ? OWN_KEYS
    : { ...OWN_KEYS, entityLabels: "detectedLabels" };
  const given = Object.entries(FIELDS)
    .map(([key, read]) => ({ key, read, field: root.at(keyIn(image, key, names)) }))
    .filter(({ key, field }) => REQUIRED.includes(key) || field.value !== undefined);
  return Object.fromEntries(
    given.map(({ key, read, field }) => [key, read(field)]),
  ) as unknown as PredictInput;
}

/** Whether a value has anything of an image. */
function isImage(value: unknown): boolean {
  const keys = [...Object.keys(FIELDS), ...Object.keys(INPUT_KEYS), ...BESIDES];
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && keys.some((key) => key in value);
}

/** The keys of an object or of the first one of a list, as the end of a message. */
function keysText(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first !== "object" || first === null || Array.isArray(first)) {
    return undefined;
  }
  const keys = Object.keys(first).slice(0, MOST_KEYS).map((key) => JSON.stringify(key));
  return keys.length === 0
    ? undefined
    : `${value === first ? "it" : "its first item"} has ${keys.join(", ")}`;
}

/** Lists of numbers, in lists down to the third level; their lengths the predictor checks. */
function numbersIn(field: JsonValue, must: string, depth = 2): unknown {
  if (!Array.isArray(field.value)) return field.refuseKind(must);
  for (const item of field.items()) {
    if (depth > 0 && Array.isArray(item.value)) numbersIn(item, must, depth - 1);
    else item.number();
  }
  return field.value;
}

function labelsIn(field: JsonValue): unknown {
  if (!Array.isArray(field.value)) return field.refuseKind("a list of names or indices");
  for (const item of field.items()) {
    const { value } = item;
    if (typeof value !== "string" && typeof value !== "number") {
      item.refuseKind("a name or an index");
    }
  }
  return field.value;
}
