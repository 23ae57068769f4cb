/**
 * Reads the JSON of one image.
 *
 * @module
 */

import { JsonValue } from "../../src/json_value.ts";
import type { PredictInput } from "../../src/predict/input.ts";

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
  root.onlyKeys(Object.keys(FIELDS));
  const given = Object.entries(FIELDS).filter(([key]) =>
    REQUIRED.includes(key) || root.at(key).value !== undefined
  );
  return Object.fromEntries(
    given.map(([key, read]) => [key, read(root.at(key))]),
  ) as unknown as PredictInput;
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
