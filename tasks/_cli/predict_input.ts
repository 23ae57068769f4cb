/**
 * Reads the input of `predict`: JSON from a file or stdin.
 *
 * @module
 */

import { readFile } from "../../src/files.ts";
import { JsonValue, parseJson } from "../../src/json_value.ts";
import type { PredictInput } from "../../src/predict/input.ts";

/** The reader of each field. */
const FIELDS: Record<keyof PredictInput, (field: JsonValue) => unknown> = {
  imageWidth: (field) => field.number(),
  imageHeight: (field) => field.number(),
  boxes: (field) => numbersIn(field, "a list of [x1, y1, x2, y2]"),
  entityLabels: (field) => flat(field, "a list of names or indices").map(labelOf),
  entityScores: (field) => numbersIn(field, "a list of numbers"),
  entityLogits: (field) => numbersIn(field, "numbers, as a list or as N lists of C"),
  relationLogits: (field) =>
    numbersIn(field, "numbers, as a list or as N lists of N lists of P"),
};

const REQUIRED = ["imageWidth", "imageHeight", "boxes"];

/**
 * Reads and checks the JSON of one image.
 *
 * @param path Path of the file, or `-` for stdin.
 * @returns The image, whose fields have the right kinds; the predictor checks their sizes.
 * @throws {SyntaxError} If it is not JSON.
 * @throws {TypeError | RangeError} If a field is missing, unknown or of the wrong kind, or
 * if a number is infinite.
 */
export async function readPredictInput(path: string): Promise<PredictInput> {
  const name = path === "-" ? "stdin" : path;
  const bytes = path === "-"
    ? await new Response(Deno.stdin.readable).bytes()
    : await readFile(path);
  return parsePredictInput(parseJson(bytes, `"${name}"`).value, name);
}

/** Checks the kinds of a parsed image; `name` is for errors. */
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

function numbersIn(field: JsonValue, must: string): number[] {
  return flat(field, must).map((item) => item.number());
}

function labelOf(item: JsonValue): string | number {
  const { value } = item;
  return typeof value === "string" || typeof value === "number"
    ? value
    : item.refuseKind("a name or an index");
}

/** The items of a list and of the lists in it, down to the third level. */
function flat(field: JsonValue, must: string, depth = 2): JsonValue[] {
  if (!Array.isArray(field.value)) return field.refuseKind(must);
  return field.items().flatMap((item) =>
    depth > 0 && Array.isArray(item.value) ? flat(item, must, depth - 1) : [item]
  );
}
