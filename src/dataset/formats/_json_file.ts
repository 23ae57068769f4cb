/**
 * A JSON file of somebody else's dataset, as its text.
 *
 * @module
 */

import { throwKindAs } from "../../json_problem.ts";
import { type JsonValue, parseJson } from "../../json_value.ts";

/** One JSON file. */
export interface JsonFile {
  /** Name of the file, for errors. */
  name: string;
  /** Its contents. */
  text: string;
}

/**
 * Parses a file.
 *
 * @returns Its value, whose checks throw a `SyntaxError` for a value of the wrong kind.
 * @throws {SyntaxError} If it is not JSON.
 */
export function parseJsonFile({ name, text }: JsonFile): JsonValue {
  return parseJson(text, `"${name}"`, throwKindAs(SyntaxError));
}
