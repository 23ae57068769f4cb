/**
 * Kinds of JSON values and of texts that are no JSON, and paths of values.
 *
 * @module
 */

import { KIND_BYTES, looksLike } from "./file_kind.ts";
import type { JsonProblem } from "./json_problem.ts";

/**
 * Says why a file could not be parsed.
 *
 * @param source Its text or bytes, as given.
 * @param text Its text, as far as it is one.
 * @param cause The error of `JSON.parse` or of the decoder.
 */
export function notJson(
  source: string | Uint8Array,
  text: string,
  cause: Error,
): Omit<JsonProblem, "name" | "path"> {
  const failed = { ErrorClass: SyntaxError, cause };
  const other = source.length === 0 ? undefined : looksLike(
    typeof source === "string"
      ? new TextEncoder().encode(source.slice(0, KIND_BYTES))
      : source,
    "a JSON file",
  );
  if (other) return { problem: `is not JSON: ${other}`, ...failed };
  // The json module of Python writes NaN and Infinity, which are not JSON.
  const nan = /\b(NaN|Infinity)\b/.exec(text)?.[0];
  return {
    problem: nan
      ? `has ${nan}, which JSON does not allow`
      : `is not JSON (${cause.message})`,
    suggestion: nan ? "leave the value out" : remedyOf(text),
    ...failed,
  };
}

/** So much of a text tells who has written it. */
const TOLD = 10_000;

/** What to do about text that is nearly JSON. */
function remedyOf(text: string): string | undefined {
  const start = text.slice(0, TOLD);
  if (/^[\s[{(]*'|\b(tensor|array)\(|[:[,]\s*(None|True|False)\b/.test(start)) {
    return "it looks like text of Python: write it by json.dump, arrays by .tolist()";
  }
  return /,\s*[\]}]/.test(text) ? "JSON has no comma before ] and }" : undefined;
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list, of a length if one is given. */
export function isList(value: unknown, length: number | undefined): value is unknown[] {
  return Array.isArray(value) && (length === undefined || value.length === length);
}

/** Whether a value is a number that is finite as float32. */
export function isFloat32(value: unknown): boolean {
  return Number.isFinite(value) && Number.isFinite(Math.fround(value as number));
}

/** What a list must be, for messages. */
export function listOf(length?: number, what?: string): string {
  if (length === undefined) return "a list";
  return what === undefined ? `a list of ${length}` : `a list of ${length} ${what}`;
}

/** The path of a key or index in what has a path, such as `images[3].boxes`. */
export function joinPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[a-z_]\w*$/i.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
