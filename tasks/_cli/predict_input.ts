/**
 * Reads what `predict` is given: JSON from a file or from stdin.
 *
 * @module
 */

import { readFile } from "../../src/files.ts";
import { nearestName } from "../../src/nearest.ts";
import type { PredictInput } from "../../src/predict/input.ts";

/** What each field may hold. */
const FIELDS = {
  imageWidth: "a number",
  imageHeight: "a number",
  boxes: "a list of [x1, y1, x2, y2]",
  entityLabels: "a list of names or indices",
  entityScores: "a list of numbers",
  entityLogits: "numbers, as a list or as N lists of C",
  relationLogits: "numbers, as a list or as N lists of N lists of P",
} as const;

type Field = keyof typeof FIELDS;
const REQUIRED: readonly Field[] = ["imageWidth", "imageHeight", "boxes"];

/**
 * Reads and checks the JSON of one image.
 *
 * @param path A file, or `-` for stdin.
 * @returns The image, of the right kinds; whether sizes fit, the predictor says.
 * @throws {SyntaxError} If it is no JSON.
 * @throws {TypeError} If a field is missing, unknown or of the wrong kind.
 */
export async function readPredictInput(path: string): Promise<PredictInput> {
  const name = path === "-" ? "stdin" : path;
  const bytes = path === "-"
    ? await new Response(Deno.stdin.readable).bytes()
    : await readFile(path);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new SyntaxError(`Cannot read "${name}": it must be JSON: ${reason}`, { cause });
  }
  return parsePredictInput(value, name);
}

/** Checks the kinds of a parsed image; `name` is for errors. */
export function parsePredictInput(value: unknown, name: string): PredictInput {
  const fail = (what: string): never => {
    throw new TypeError(`Cannot use "${name}": ${what}`);
  };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fail("it must be an object with imageWidth, imageHeight and boxes");
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    if (Object.hasOwn(FIELDS, key)) continue;
    fail(
      `unknown field "${key}", the nearest is "${nearestName(key, Object.keys(FIELDS))}"`,
    );
  }
  for (const key of REQUIRED) {
    if (!Object.hasOwn(record, key)) fail(`"${key}" is missing: ${FIELDS[key]}`);
  }
  const input: Record<string, unknown> = {};
  for (const key of Object.keys(FIELDS) as Field[]) {
    if (!Object.hasOwn(record, key)) continue;
    const field = record[key];
    if (FIELDS[key] === "a number") {
      if (typeof field !== "number") {
        fail(`"${key}" must be a number: found ${show(field)}`);
      }
      input[key] = field;
      continue;
    }
    if (!Array.isArray(field)) {
      fail(`"${key}" must be ${FIELDS[key]}: found ${show(field)}`);
    }
    const items = (field as unknown[]).flat(2);
    const isRight = (item: unknown) =>
      typeof item === "number" || key === "entityLabels" && typeof item === "string";
    const wrong = items.find((item) => !isRight(item));
    if (wrong !== undefined) {
      fail(`"${key}" must be ${FIELDS[key]}: found ${show(wrong)}`);
    }
    input[key] = items;
  }
  return input as unknown as PredictInput;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
