/**
 * Parses the messages in the index of a tensor bundle, TensorFlow's checkpoint format.
 *
 * Source: tensorflow/core/protobuf/tensor_bundle.proto, core/framework/types.proto,
 * tensor_shape.proto and tensor_slice.proto.
 *
 * @module
 */

import { readProtobuf } from "./varint.ts";

/** Properties of the whole checkpoint. */
export interface BundleHeader {
  /** Number of data files. */
  shards: number;
  /** Whether each number has its highest byte first. */
  isBigEndian: boolean;
}

/** Start and length along each axis; length -1 is the whole axis. */
export type TensorSlice = readonly (readonly [start: number, length: number])[];

/** Type, shape and place of a tensor. */
export interface BundleEntry {
  /** TensorFlow's name of the type, such as `"float32"`. */
  dtype: TensorType;
  /** Length of each axis; `[]` for a single number. */
  shape: readonly number[];
  /** Number of elements. */
  numbers: number;
  /** Index of the data file. */
  shard: number;
  /** Offset of the first byte in the data file. */
  offset: number;
  /** Number of bytes. */
  size: number;
  /** Masked CRC-32C of the bytes. */
  crc32c: number;
  /** Parts of a partitioned variable, which have entries of their own; else empty. */
  slices: readonly TensorSlice[];
}

/** Names of the types that can be read, by their number in `types.proto`. */
const TYPE_NAMES = {
  1: "float32",
  2: "float64",
  3: "int32",
  4: "uint8",
  5: "int16",
  6: "int8",
  7: "string",
  9: "int64",
  10: "bool",
  17: "uint16",
  19: "float16",
  22: "uint32",
  23: "uint64",
} as const;

/** Name of a type that can be read. */
export type TensorType = (typeof TYPE_NAMES)[keyof typeof TYPE_NAMES];

/** Bytes of one element; a string takes at least one byte, for its length. */
const LEAST_BYTES: Record<TensorType, number> = {
  float32: 4,
  float64: 8,
  int32: 4,
  uint8: 1,
  int16: 2,
  int8: 1,
  string: 1,
  int64: 8,
  bool: 1,
  uint16: 2,
  float16: 2,
  uint32: 4,
  uint64: 8,
};

/** TensorFlow's limit on the number of axes. */
const MOST_AXES = 254;

/**
 * Parses the header, which is the row with the empty key.
 *
 * @throws {SyntaxError} If it does not parse, or requires a newer reader.
 */
export function parseHeader(message: Uint8Array, file: string): BundleHeader {
  const header = { shards: 0, isBigEndian: false };
  for (const { field, value } of readProtobuf(message, file)) {
    if (field === 1) header.shards = Number(value);
    if (field === 2) header.isBigEndian = value === 1;
    if (field !== 3 || !(value instanceof Uint8Array)) continue;
    for (const version of readProtobuf(value, file)) {
      if (version.field === 2 && Number(version.value) > 1) {
        throw new SyntaxError(
          `Cannot read "${file}": it must be readable by version 1: found ${version.value}`,
        );
      }
    }
  }
  if (!(header.shards >= 1 && header.shards <= 99999)) {
    throw new SyntaxError(
      `Cannot read "${file}": the number of shards must be in [1, 99999]: found ${header.shards}`,
    );
  }
  return header;
}

/**
 * Parses the row of a tensor.
 *
 * @throws {SyntaxError} If it does not parse, or its size does not fit its type and shape.
 */
export function parseEntry(
  message: Uint8Array,
  file: string,
  name: string,
  shards: number,
): BundleEntry {
  let dtype = 0;
  let shape: number[] = [];
  const slices: TensorSlice[] = [];
  const numbers = { shard: 0, offset: 0, size: 0, crc32c: 0 };
  const fail = (problem: string): never => {
    throw new SyntaxError(`Cannot read "${file}": the entry "${name}" ${problem}`);
  };
  for (const { field, value } of readProtobuf(message, file)) {
    if (value instanceof Uint8Array) {
      if (field === 2) shape = parseShape(value, file);
      if (field === 7) slices.push(parseSlice(value, file));
    } else if (field === 1) dtype = value;
    else if (field === 3) numbers.shard = value;
    else if (field === 4) numbers.offset = value;
    else if (field === 5) numbers.size = value;
    else if (field === 6) numbers.crc32c = value;
  }
  const type = TYPE_NAMES[dtype as keyof typeof TYPE_NAMES];
  if (type === undefined) fail(`has the unknown type ${dtype}`);
  if (shape.length > MOST_AXES || shape.some((length) => !(length >= 0))) {
    fail(`has the impossible shape [${shape.slice(0, 8)}]`);
  }
  const count = shape.reduce((product, length) => product * length, 1);
  if (!Number.isSafeInteger(count)) fail(`has the impossible shape [${shape}]`);
  const { shard, offset, size } = numbers;
  if (!(shard >= 0 && shard < shards && offset >= 0 && size >= 0)) {
    fail(
      `has an impossible place: shard ${shard} of ${shards}, offset ${offset}, ${size} bytes`,
    );
  }
  const least = count * LEAST_BYTES[type];
  const fits = type === "string" ? size >= least : size === least;
  if (slices.length === 0 && !fits) {
    fail(`has ${size} bytes, ${type}[${shape}] needs ${least}`);
  }
  return { dtype: type, shape, numbers: count, slices, ...numbers };
}

function parseShape(message: Uint8Array, file: string): number[] {
  const shape: number[] = [];
  for (const { field, value } of readProtobuf(message, file)) {
    if (field !== 2 || !(value instanceof Uint8Array)) continue;
    let length = 0;
    for (const dimension of readProtobuf(value, file)) {
      if (dimension.field === 1) length = Number(dimension.value);
    }
    shape.push(length);
  }
  return shape;
}

function parseSlice(message: Uint8Array, file: string): TensorSlice {
  const slice: [number, number][] = [];
  for (const { field, value } of readProtobuf(message, file)) {
    if (field !== 1 || !(value instanceof Uint8Array)) continue;
    const extent: [number, number] = [0, -1];
    for (const part of readProtobuf(value, file)) {
      if (part.field === 1) extent[0] = Number(part.value);
      if (part.field === 2) extent[1] = Number(part.value);
    }
    slice.push(extent);
  }
  return slice;
}
