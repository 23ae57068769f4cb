/**
 * Writes small TensorFlow checkpoints for tests by the description of the format: shards,
 * and an index with any number of blocks, with or without Snappy.
 *
 * @module
 */

import { crc32c, maskCrc32c } from "../../../src/io/crc32c.ts";

/** One tensor to write; its bytes go to the shard unchanged. */
export interface TensorToWrite {
  /** Number of the type in TensorFlow's `types.proto`. */
  dtype: number;
  shape: number[];
  bytes: Uint8Array;
  shard?: number;
  /** Parts of a partitioned variable, which then has no bytes of its own. */
  slices?: [start: number, length: number][][];
  /** Replaces the checksum of `bytes`. */
  crc?: number;
}

/** The files of a checkpoint by the suffix of their names. */
export function writeBundle(
  tensors: [key: Uint8Array, TensorToWrite][],
  options: {
    shards?: number;
    bigEndian?: boolean;
    rowsPerBlock?: number;
    snappy?: boolean;
  } = {},
): Record<string, Uint8Array> {
  const shards = options.shards ?? 1;
  const data = Array.from({ length: shards }, () => [] as number[]);
  const rows: [Uint8Array, Uint8Array][] = [[
    new Uint8Array(),
    message([1, shards], [2, options.bigEndian ? 1 : 0], [3, message([1, 1])]),
  ]];
  const sorted = tensors.toSorted(([a], [b]) => a.toHex() < b.toHex() ? -1 : 1);
  for (const [key, { dtype, shape, bytes, shard = 0, slices = [], crc }] of sorted) {
    const offset = data[shard].length;
    for (const byte of bytes) data[shard].push(byte);
    const dims = shape.map((size) => [2, message([1, size])] as const);
    rows.push([
      key,
      message(
        [1, dtype],
        [2, message(...dims)],
        [3, shard],
        [4, offset],
        [5, bytes.length],
        [6, { fixed32: crc ?? maskCrc32c(crc32c(bytes)) }],
        ...slices.map((slice) =>
          [
            7,
            message(
              ...slice.map(([start, length]) =>
                [
                  1,
                  length < 0 ? message() : message([1, start], [2, length]),
                ] as const
              ),
            ),
          ] as const
        ),
      ),
    ]);
  }
  const five = (n: number) => String(n).padStart(5, "0");
  return {
    ".index": writeTable(
      rows,
      options.rowsPerBlock ?? rows.length,
      options.snappy ?? false,
    ),
    ...Object.fromEntries(
      data.map((
        bytes,
        i,
      ) => [`.data-${five(i)}-of-${five(shards)}`, Uint8Array.from(bytes)]),
    ),
  };
}

/** Encodes a LevelDB table; every second key shares a prefix with the one before. */
export function writeTable(
  rows: [Uint8Array, Uint8Array][],
  rowsPerBlock: number,
  snappy: boolean,
): Uint8Array {
  const file: number[] = [];
  const addBlock = (entries: [Uint8Array, Uint8Array][]): Uint8Array => {
    const block: number[] = [];
    entries.forEach(([key, value], i) => {
      const before = i % 2 ? entries[i - 1][0] : new Uint8Array();
      let shared = 0;
      while (
        shared < Math.min(before.length, key.length) && before[shared] === key[shared]
      ) {
        shared++;
      }
      block.push(
        ...varint(shared),
        ...varint(key.length - shared),
        ...varint(value.length),
        ...key.subarray(shared),
        ...value,
      );
    });
    block.push(0, 0, 0, 0, 1, 0, 0, 0); // one restart point, at 0
    const stored = snappy ? literalSnappy(block) : block;
    const offset = file.length;
    const typed = Uint8Array.from([...stored, snappy ? 1 : 0]);
    file.push(...typed, ...fixed32(maskCrc32c(crc32c(typed))));
    return Uint8Array.from([...varint(offset), ...varint(stored.length)]);
  };
  const index: [Uint8Array, Uint8Array][] = [];
  for (let i = 0; i < rows.length; i += rowsPerBlock) {
    const entries = rows.slice(i, i + rowsPerBlock);
    index.push([entries.at(-1)![0], addBlock(entries)]);
  }
  const metaindex = addBlock([]);
  const footer = [...metaindex, ...addBlock(index)];
  while (footer.length < 40) footer.push(0);
  return Uint8Array.from([
    ...file,
    ...footer,
    ...[0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb],
  ]);
}

/** Packs bytes as a Snappy block of literals of up to 60 bytes. */
function literalSnappy(bytes: number[]): number[] {
  const out = varint(bytes.length);
  for (let i = 0; i < bytes.length; i += 60) {
    const literal = bytes.slice(i, i + 60);
    out.push((literal.length - 1) << 2, ...literal);
  }
  return out;
}

type FieldValue = number | Uint8Array | { fixed32: number };

/** Encodes a protocol-buffer message. */
export function message(...fields: (readonly [field: number, FieldValue])[]): Uint8Array {
  const bytes: number[] = [];
  for (const [field, value] of fields) {
    if (typeof value === "number") bytes.push(...varint(field << 3), ...varint(value));
    else if (value instanceof Uint8Array) {
      bytes.push(...varint((field << 3) | 2), ...varint(value.length), ...value);
    } else bytes.push(...varint((field << 3) | 5), ...fixed32(value.fixed32));
  }
  return Uint8Array.from(bytes);
}

export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return bytes;
}

export function fixed32(value: number): number[] {
  return [...new Uint8Array(Uint32Array.of(value).buffer)];
}

/** Opens the files of {@linkcode writeBundle} under the prefix `"model"`. */
export function openIn(files: Record<string, Uint8Array>) {
  return (path: string) => {
    const bytes = files[path.slice("model".length)];
    if (bytes === undefined) return Promise.reject(new Error(`no ${path}`));
    return Promise.resolve({
      name: path,
      size: bytes.length,
      read: (offset: number, length: number) =>
        Promise.resolve(bytes.subarray(offset, offset + length)),
    });
  };
}
