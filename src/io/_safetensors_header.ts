/**
 * The header of a safetensors file: type, shape and place of each array, checked.
 *
 * @module
 */

import { Float16 } from "../float16.ts";
import { showValue } from "../show_value.ts";
import { findRepeatedKey } from "./_json_keys.ts";

/**
 * The types that can be read, smallest alignment first. The published implementation
 * writes arrays in the opposite order, which aligns each one to its type. `BOOL` is read
 * as bytes and never written.
 */
export const TYPES = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  I16: Int16Array,
  U16: Uint16Array,
  F16: Float16,
  I32: Int32Array,
  U32: Uint32Array,
  F32: Float32Array,
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
} as const;

/** Name of a type in the header. */
export type TypeName = keyof typeof TYPES;

/** All names, in the order of {@linkcode TYPES}. */
export const TYPE_NAMES = Object.keys(TYPES) as TypeName[];

/** The header's description of one array; offsets count from the end of the header. */
export interface Entry {
  dtype: TypeName;
  shape: number[];
  begin: number;
  end: number;
}

/** Throws an error that names the file. */
export type Fail = (what: string, cause?: unknown) => never;

/** The content of a header. */
export interface Header {
  metadata: Record<string, string>;
  entries: (readonly [name: string, entry: Entry])[];
}

/**
 * Reads the header and checks that its arrays fill the rest of the file.
 *
 * @param bytes The header, without the bytes around it.
 * @param length Number of bytes after the header.
 * @param fail Called with the problem found.
 * @returns Metadata, and arrays in the order of the file.
 */
export function parseHeader(bytes: Uint8Array, length: number, fail: Fail): Header {
  const { __metadata__: metadata = {}, ...described } = parseJson(bytes, fail);
  if (!isRecord(metadata)) return fail(`"__metadata__" must be an object of strings`);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      fail(`metadata "${key}" must be a string, found ${showValue(value)}`);
    }
  }
  const entries = Object.entries(described).map(([name, value]) =>
    [name, parseEntry(name, value, fail)] as const
  );
  checkPlaces(entries, length, fail);
  return { metadata: metadata as Record<string, string>, entries };
}

function parseJson(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    return fail(`header is not JSON (${(error as Error).message})`, error);
  }
  if (!isRecord(header)) {
    return fail(`header must be a JSON object, found ${showValue(header)}`);
  }
  const repeated = findRepeatedKey(text);
  if (repeated !== undefined) fail(`header has the key "${repeated}" twice`);
  return header;
}

function parseEntry(name: string, value: unknown, fail: Fail): Entry {
  if (!isRecord(value)) {
    return fail(`array "${name}" must be an object with dtype, shape and data_offsets`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(TYPES, dtype)) {
    return fail(
      `array "${name}" must have a dtype of ${TYPE_NAMES.join(", ")}, found ${
        showValue(dtype)
      }`,
    );
  }
  if (!isCounts(shape)) {
    return fail(
      `shape of "${name}" must be a list of whole numbers >= 0, found ${
        showValue(shape)
      }`,
    );
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    return fail(
      `data_offsets of "${name}" must be two whole numbers, first <= second, found ${
        showValue(offsets)
      }`,
    );
  }
  const [begin, end] = offsets;
  const needed = sizeOf(shape) * TYPES[dtype as TypeName].BYTES_PER_ELEMENT;
  if (needed !== end - begin) {
    fail(
      `array "${name}" of ${dtype} and shape [${shape}] needs ${needed} bytes, ` +
        `its data_offsets give it ${end - begin}`,
    );
  }
  return { dtype: dtype as TypeName, shape, begin, end };
}

/** Checks that the arrays fill the bytes after the header, each byte once. */
function checkPlaces(
  entries: (readonly [string, Entry])[],
  length: number,
  fail: Fail,
): void {
  let filled = 0;
  let before = "the header";
  const places = entries.toSorted(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  for (const [name, { begin, end }] of places) {
    if (end > length) {
      fail(`array "${name}" ends at byte ${end} of the numbers, file has ${length}`);
    }
    if (begin < filled) fail(`arrays "${before}" and "${name}" overlap at byte ${begin}`);
    if (begin > filled) fail(`hole of ${begin - filled} bytes before array "${name}"`);
    [filled, before] = [end, name];
  }
  if (filled !== length) {
    fail(`arrays end at byte ${filled} of the numbers, file has ${length}`);
  }
}

/** Number of values of an array. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
