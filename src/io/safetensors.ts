/**
 * Reads and writes safetensors files: named arrays in one file, which contains no code.
 *
 * Source: the description at https://github.com/huggingface/safetensors. Eight bytes hold
 * the length of a JSON header, the header has type, shape and place of each array, and the
 * rest are the numbers, little-endian and row major.
 *
 * @module
 */

import { looksLike } from "../file_kind.ts";
import {
  type Fail,
  parseHeader,
  sizeOf,
  TYPE_NAMES,
  type TypeName,
  TYPES,
} from "./_safetensors_header.ts";

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

/** An array: its shape and its numbers, row major. */
export interface NamedArray {
  /** Length of each axis; `[]` for a single number. */
  shape: readonly number[];
  /** The numbers. */
  data: ArrayData;
}

/** The content of a safetensors file. */
export interface Safetensors {
  /** The arrays by name. */
  arrays: Record<string, NamedArray>;
  /** Strings by name; empty if the file has no metadata. */
  metadata: Record<string, string>;
}

/** Bytes before the header, which hold its length. */
const PREFIX = 8;

/** Length of the longest header in bytes, as in the published implementation. */
const MAX_HEADER = 100_000_000;

/**
 * Writes arrays as one safetensors file. The order is that of the published
 * implementation, so equal arrays give equal bytes, in whatever order they are given.
 *
 * @param arrays The arrays by name; the name `"__metadata__"` is reserved.
 * @param metadata Strings by name, stored with the arrays.
 * @returns The bytes of the file.
 * @throws {TypeError} If the numbers are not in a typed array of a known type, or a value
 * of the metadata is not a string.
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
        `Cannot write safetensors as metadata "${key}" must be a string: found ${typeof value}`,
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
  bytes.fill(0x20, PREFIX + json.length, start); // spaces align the numbers
  let place = start;
  for (const { array: { data } } of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place);
    place += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. An array is a view of `bytes` if its place is aligned for its
 * type, as in every file of {@linkcode encodeSafetensors}; otherwise it is a copy.
 *
 * @param bytes The file.
 * @param name Name of the file, for errors.
 * @returns Arrays and metadata.
 * @throws {SyntaxError} If the file violates the format; the message has the name of the
 * file, the condition and the value found.
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const fail: Fail = (what, cause) => {
    throw new SyntaxError(`Cannot read "${name}": ${what}`, { cause });
  };
  const other = bytes.length === 0 ? undefined : looksLike(bytes, "a safetensors file");
  if (other) fail(other);
  if (bytes.length < PREFIX) {
    fail(`a safetensors file must have at least ${PREFIX} bytes, found ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const claimed = view.getBigUint64(0, true);
  const rest = bytes.length - PREFIX;
  if (claimed > rest) {
    fail(`header claims ${claimed} bytes, file has ${rest} after its length`);
  }
  if (claimed > MAX_HEADER) {
    fail(`header claims ${claimed} bytes, at most ${MAX_HEADER} are read`);
  }
  const start = PREFIX + Number(claimed);
  const header = bytes.subarray(PREFIX, start);
  const { metadata, entries } = parseHeader(header, bytes.length - start, fail);
  const arrays = entries.map(([array, { dtype, shape, begin, end }]) => {
    const data = viewOrCopy(TYPES[dtype], bytes, start + begin, start + end);
    return [array, { shape, data }] as const;
  });
  return { arrays: Object.fromEntries(arrays), metadata };
}

function checkArray(name: string, { shape, data }: NamedArray): TypeName {
  if (name === "__metadata__") {
    throw new RangeError(
      `Cannot write safetensors as no array must have the name "${name}", which is reserved`,
    );
  }
  const dtype = TYPE_NAMES.findLast((type) =>
    (data as unknown)?.constructor === TYPES[type]
  );
  if (dtype === undefined) {
    throw new TypeError(
      `Cannot write safetensors as the numbers of "${name}" must be a typed array: found ${
        (data as unknown)?.constructor?.name ?? data
      }`,
    );
  }
  const size = sizeOf(shape);
  if (size !== data.length) {
    throw new RangeError(
      `Cannot write safetensors as "${name}" of shape [${shape}] must hold ${size} numbers: ` +
        `found ${data.length}`,
    );
  }
  return dtype;
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

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
