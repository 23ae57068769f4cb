/**
 * Converts the bytes of NumPy arrays of every dtype to typed arrays or lists.
 *
 * @module
 */

import type { ArrayData } from "../safetensors.ts";
import { type Dtype, dtypeName } from "./dtype.ts";
import { eachInOrder } from "../strides.ts";

/** An array in row-major order. */
export class NumpyArray {
  /** NumPy's name of the type, such as `"float32"`, `"str"` or `"datetime64[ns]"`. */
  readonly dtype: string;
  /** Length of each axis; `[]` for a single element. */
  readonly shape: readonly number[];
  /**
   * The elements. A complex number is two numbers, a date is a count of units as a 64-bit
   * integer, and a `longdouble` is rounded to a double; strings, records and objects are a
   * list.
   */
  readonly data: ArrayData | unknown[];

  /** Keeps the data without a copy. */
  constructor(dtype: string, shape: readonly number[], data: ArrayData | unknown[]) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }
}

/** Typed arrays by kind and size in bytes. */
const NUMBERS: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayData>> = {
  b1: Uint8Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  f2: Float16Array,
  f4: Float32Array,
  f8: Float64Array,
  c8: Float32Array,
  c16: Float64Array,
  M8: BigInt64Array,
  m8: BigInt64Array,
};

/**
 * Decodes the bytes of an array.
 *
 * @param dtype Type of an element.
 * @param shape Length of each axis.
 * @param bytes The elements, which are copied.
 * @param isFortran Whether the first axis varies fastest.
 * @param fail Throws an error with the name of the file and the problem.
 * @returns The array in row-major order.
 */
export function decodeNumpy(
  dtype: Dtype,
  shape: readonly number[],
  bytes: Uint8Array,
  isFortran: boolean,
  fail: (problem: string) => never,
): NumpyArray {
  const count = countOf(shape, fail);
  if (count * dtype.itemSize !== bytes.length) {
    fail(
      `an array of ${dtypeName(dtype)}[${shape}] in ${bytes.length} bytes instead of ${
        count * dtype.itemSize
      }`,
    );
  }
  const isTransposed = isFortran && shape.length > 1;
  const ordered = isTransposed ? fromFortran(bytes, shape, dtype.itemSize) : bytes;
  const NumberArray = dtype.fields === undefined && dtype.sub === undefined
    ? NUMBERS[dtype.kind + dtype.itemSize]
    : undefined;
  if (NumberArray === undefined) {
    const view = new DataView(ordered.buffer, ordered.byteOffset, ordered.byteLength);
    // The file size does not limit the number of elements that take no bytes.
    if (dtype.itemSize === 0 && count > 0) {
      fail(`${count} elements of ${dtypeName(dtype)} without bytes`);
    }
    const elements = Array.from(
      { length: count },
      (_, i) => decodeElement(dtype, view, i * dtype.itemSize),
    );
    const isLong = "fc".includes(dtype.kind);
    const data = isLong ? Float64Array.from((elements as number[]).flat()) : elements;
    return new NumpyArray(dtypeName(dtype), shape, data);
  }
  const copy = new Uint8Array(ordered);
  if (dtype.order === ">") {
    const width = dtype.kind === "c" ? dtype.itemSize / 2 : dtype.itemSize;
    for (let i = 0; width > 1 && i < copy.length; i += width) {
      copy.subarray(i, i + width).reverse();
    }
  }
  return new NumpyArray(dtypeName(dtype), shape, new NumberArray(copy.buffer));
}

/** Number of elements of a shape. */
export function countOf(
  shape: readonly number[],
  fail: (problem: string) => never,
): number {
  const count = shape.reduce((product, length) => product * length, 1);
  const isSound = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  return isSound && Number.isSafeInteger(count)
    ? count
    : fail(`an array of the impossible shape [${shape.slice(0, 8)}]`);
}

/**
 * Decodes one element: a number, a boolean, a 64-bit bigint, `[real, imaginary]`, a
 * string, bytes, a list, or a record of its fields.
 */
export function decodeElement(dtype: Dtype, view: DataView, at: number): unknown {
  const { kind, itemSize, order, fields, sub } = dtype;
  if (fields !== undefined) {
    const record: Record<string, unknown> = Object.create(null);
    for (const field of fields) {
      record[field.name] = decodeElement(field.dtype, view, at + field.offset);
    }
    return record;
  }
  if (sub !== undefined) {
    const length = sub.dtype.itemSize === 0 ? 0 : itemSize / sub.dtype.itemSize;
    return Array.from(
      { length },
      (_, i) => decodeElement(sub.dtype, view, at + i * sub.dtype.itemSize),
    );
  }
  const isLittle = order !== ">";
  switch (kind + itemSize) {
    case "b1":
      return view.getUint8(at) !== 0;
    case "i1":
      return view.getInt8(at);
    case "i2":
      return view.getInt16(at, isLittle);
    case "i4":
      return view.getInt32(at, isLittle);
    case "i8":
    case "M8":
    case "m8":
      return view.getBigInt64(at, isLittle);
    case "u1":
      return view.getUint8(at);
    case "u2":
      return view.getUint16(at, isLittle);
    case "u4":
      return view.getUint32(at, isLittle);
    case "u8":
      return view.getBigUint64(at, isLittle);
    case "f2":
      return view.getFloat16(at, isLittle);
    case "f4":
      return view.getFloat32(at, isLittle);
    case "f8":
      return view.getFloat64(at, isLittle);
    case "c8":
      return [view.getFloat32(at, isLittle), view.getFloat32(at + 4, isLittle)];
    case "c16":
      return [view.getFloat64(at, isLittle), view.getFloat64(at + 8, isLittle)];
  }
  if (kind === "f") return decodeExtended(view, at);
  if (kind === "c") {
    return [decodeExtended(view, at), decodeExtended(view, at + itemSize / 2)];
  }
  if (kind === "U") {
    let text = "";
    for (let i = 0; i < itemSize; i += 4) {
      const code = view.getUint32(at + i, isLittle);
      text += code < 0x110000 ? String.fromCodePoint(code) : "\ufffd";
    }
    return text.replace(/\0+$/, "");
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, itemSize);
  if (kind === "V") return bytes.slice();
  let end = itemSize;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return latin1(bytes.subarray(0, end));
}

/** Decodes an 80-bit number of x86; its mantissa includes the leading one. */
function decodeExtended(view: DataView, at: number): number {
  const mantissa = view.getBigUint64(at, true);
  const high = view.getUint16(at + 8, true);
  const sign = high >> 15 ? -1 : 1;
  const exponent = high & 0x7fff;
  if (exponent === 0x7fff) return BigInt.asUintN(63, mantissa) ? NaN : sign * Infinity;
  // Two factors, as 2 ** -16445 would underflow to zero.
  const scale = exponent - 16383;
  const half = Math.trunc(scale / 2);
  return sign * (Number(mantissa) * 2 ** -63) * 2 ** half * 2 ** (scale - half);
}

/** Decodes one character per byte, as Python's `latin1`. */
export function latin1(bytes: Uint8Array): string {
  const step = 8192; // engines limit the number of arguments of a call
  let text = "";
  for (let i = 0; i < bytes.length; i += step) {
    text += String.fromCharCode(...bytes.subarray(i, i + step));
  }
  return text;
}

/** Reorders elements so that the last axis varies fastest, not the first. */
function fromFortran(
  bytes: Uint8Array,
  shape: readonly number[],
  width: number,
): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, length) => product * length, width)
  );
  eachInOrder({ shape, strides }, out.length / width, (from, i) => {
    for (let k = 0; k < width; k++) out[i * width + k] = bytes[from + k];
  });
  return out;
}
