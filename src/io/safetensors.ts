/**
 * Safetensors files: named arrays in one flat file, with nothing in it that could run.
 *
 * Source: the format's description at https://github.com/huggingface/safetensors. Eight
 * bytes give the length of a JSON header, the header gives type, shape and place of each
 * array, the rest is their numbers, little-endian and row major.
 *
 * @module
 */

import { findRepeatedKey } from "./_json_keys.ts";

/** The numbers of one array. */
export type ArrayData =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Float16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A shape and as many numbers, row major. */
export interface NamedArray {
  /** Length of each axis; `[]` for a single number. */
  shape: readonly number[];
  /** The numbers. */
  data: ArrayData;
}

/** What a safetensors file holds. */
export interface Safetensors {
  /** The arrays by name. */
  arrays: Record<string, NamedArray>;
  /** Free strings by name; empty if the file has none. */
  metadata: Record<string, string>;
}

/**
 * Every type that we read, smallest alignment first: the published implementation
 * writes them in the opposite order, so that each array is aligned to its own type.
 * `BOOL` is read as bytes and never written.
 */
const TYPES = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  I16: Int16Array,
  U16: Uint16Array,
  F16: Float16Array,
  I32: Int32Array,
  U32: Uint32Array,
  F32: Float32Array,
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
} as const;

type TypeName = keyof typeof TYPES;

const TYPE_NAMES = Object.keys(TYPES) as TypeName[];

/** Bytes before the header: its length. */
const PREFIX = 8;

/** The longest header that is read, in bytes, as in the published implementation. */
const MAX_HEADER = 100_000_000;

/** Where one array lies, as the header says it. */
interface Entry {
  dtype: TypeName;
  shape: number[];
  begin: number;
  end: number;
}

/**
 * Writes arrays as one safetensors file. Equal arrays give equal bytes, whatever the
 * order of their names, and the bytes of the published implementation.
 *
 * @param arrays The arrays by name; `"__metadata__"` is not a name.
 * @param metadata Free strings that are stored beside them.
 * @returns The file.
 * @throws {TypeError} If the numbers are in no array of a known type, or a value of the
 * metadata is no string.
 * @throws {RangeError} If a shape does not fit its numbers, or a name is reserved.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
 * const bytes = encodeSafetensors({ w: { shape: [2], data: new Float32Array([1, 2]) } });
 * const { arrays } = decodeSafetensors(bytes, "w.safetensors");
 * if (arrays.w.data[1] !== 2) throw new Error();
 * ```
 */
export function encodeSafetensors(
  arrays: Record<string, NamedArray>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = Object.entries(arrays)
    .map(([name, array]) => ({ name, array, dtype: checkArray(name, array) }))
    .sort((a, b) =>
      TYPE_NAMES.indexOf(b.dtype) - TYPE_NAMES.indexOf(a.dtype) ||
      compareText(a.name, b.name)
    );
  const header: [string, unknown][] = [];
  const strings = Object.entries(metadata).sort(([a], [b]) => compareText(a, b));
  for (const [key, value] of strings) {
    if (typeof value !== "string") {
      throw new TypeError(
        `Cannot write safetensors: metadata "${key}" must be a string, not ${typeof value}`,
      );
    }
  }
  if (strings.length > 0) header.push(["__metadata__", Object.fromEntries(strings)]);
  let end = 0;
  for (const { name, array: { shape, data }, dtype } of sorted) {
    const begin = end;
    end += data.byteLength;
    header.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = PREFIX + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - PREFIX), true);
  bytes.set(json, PREFIX);
  bytes.fill(0x20, PREFIX + json.length, start); // spaces, so that the numbers are aligned
  let place = start;
  for (const { array: { data } } of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place);
    place += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. The arrays are views of `bytes` wherever these are aligned
 * for them, as in every file that {@linkcode encodeSafetensors} writes.
 *
 * @param bytes The file.
 * @param name Its name, for errors.
 * @returns Arrays and metadata.
 * @throws {SyntaxError} If the file is not what the format says; the message has its
 * name, what must hold and what was found.
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const fail = (what: string, cause?: unknown): never => {
    throw new SyntaxError(`Cannot read "${name}": ${what}`, { cause });
  };
  if (bytes.length < PREFIX) {
    fail(`a safetensors file has at least ${PREFIX} bytes, this one ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const claimed = view.getBigUint64(0, true);
  if (claimed > bytes.length - PREFIX) {
    fail(
      `header claims ${claimed} bytes, file has ${
        bytes.length - PREFIX
      } after its length`,
    );
  }
  if (claimed > MAX_HEADER) {
    fail(`header claims ${claimed} bytes, at most ${MAX_HEADER} are read`);
  }
  const start = PREFIX + Number(claimed);
  const header = parseHeader(bytes.subarray(PREFIX, start), fail);
  const { __metadata__: metadata = {}, ...described } = header;
  if (!isRecord(metadata)) fail(`"__metadata__" must be an object of strings`);
  for (const [key, value] of Object.entries(metadata as Record<string, unknown>)) {
    if (typeof value !== "string") {
      fail(`metadata "${key}" must be a string, found ${JSON.stringify(value)}`);
    }
  }
  const entries = Object.entries(described).map(([array, value]) =>
    [array, parseEntry(array, value, fail)] as const
  );
  checkPlaces(entries, bytes.length - start, fail);
  const arrays = entries.map(([array, { dtype, shape, begin, end }]) => {
    const data = viewOrCopy(TYPES[dtype], bytes, start + begin, start + end);
    return [array, { shape, data }] as const;
  });
  return {
    arrays: Object.fromEntries(arrays),
    metadata: metadata as Record<string, string>,
  };
}

type Fail = (what: string, cause?: unknown) => never;

function checkArray(name: string, { shape, data }: NamedArray): TypeName {
  if (name === "__metadata__") {
    throw new RangeError(`Cannot write safetensors: "${name}" is not a name of an array`);
  }
  const dtype = TYPE_NAMES.findLast((type) =>
    (data as unknown)?.constructor === TYPES[type]
  );
  if (dtype === undefined) {
    throw new TypeError(
      `Cannot write safetensors: the numbers of "${name}" must be a typed array, found ${
        (data as unknown)?.constructor?.name ?? data
      }`,
    );
  }
  const size = sizeOf(shape);
  if (size !== data.length) {
    throw new RangeError(
      `Cannot write safetensors: "${name}" of shape [${shape}] must hold ${size} numbers, ` +
        `found ${data.length}`,
    );
  }
  return dtype;
}

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    return fail(`header is not JSON (${(error as Error).message})`, error);
  }
  if (!isRecord(header)) return fail(`header must be a JSON object, found ${text}`);
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
        JSON.stringify(dtype)
      }`,
    );
  }
  if (!isCounts(shape)) {
    return fail(
      `shape of "${name}" must be a list of whole numbers >= 0, found ${
        JSON.stringify(shape)
      }`,
    );
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    return fail(
      `data_offsets of "${name}" must be two whole numbers, first <= second, found ${
        JSON.stringify(offsets)
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

/** The arrays must fill the bytes after the header, each byte once. */
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

function viewOrCopy(
  Type: typeof TYPES[TypeName],
  bytes: Uint8Array,
  begin: number,
  end: number,
): ArrayData {
  const length = (end - begin) / Type.BYTES_PER_ELEMENT;
  const place = bytes.byteOffset + begin;
  return place % Type.BYTES_PER_ELEMENT === 0
    ? new Type(bytes.buffer as ArrayBuffer, place, length)
    : new Type(bytes.slice(begin, end).buffer as ArrayBuffer, 0, length);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
