/**
 * Reads TensorFlow's checkpoints (format V2, "tensor bundle"): the index, `<prefix>.index`,
 * says where the bytes of each variable lie in the shards, `<prefix>.data-00000-of-00001`
 * and so on.
 *
 * Source: tensorflow/core/util/tensor_bundle and core/protobuf/tensor_bundle.proto.
 *
 * @module
 */

import { type ByteSource, readExactly } from "../byte_source.ts";
import { crc32c, maskCrc32c } from "../crc32c.ts";
import { readTable } from "./leveldb_table.ts";
import type { NamedArray } from "../safetensors.ts";
import {
  type BundleEntry,
  type BundleHeader,
  parseEntry,
  parseHeader,
} from "./_bundle_proto.ts";
import { sliceKey } from "./_slice_key.ts";
import { decodeNumbers, decodeStrings, NUMBER_TYPES } from "./_tensor.ts";

/** Opens a file by its path. */
export type OpenFile = (path: string) => Promise<ByteSource>;

/** A checkpoint. Its index is in memory; tensors are read on demand. */
export class TensorBundle {
  /** Every tensor by name, without the parts of partitioned variables. */
  readonly entries: ReadonlyMap<string, BundleEntry>;
  readonly #prefix: string;
  readonly #header: BundleHeader;
  readonly #parts: ReadonlyMap<string, BundleEntry>;
  readonly #open: OpenFile;
  readonly #shards = new Map<number, Promise<ByteSource>>();

  private constructor(
    prefix: string,
    header: BundleHeader,
    rows: ReadonlyMap<string, BundleEntry>,
    open: OpenFile,
  ) {
    this.#prefix = prefix;
    this.#header = header;
    this.#open = open;
    this.#parts = rows;
    this.entries = new Map([...rows].filter(([key]) => !key.startsWith("\0")));
  }

  /**
   * Reads the index of a checkpoint.
   *
   * @param prefix Path of the checkpoint without `.index`.
   * @param open Opens the index and the shards by path.
   * @throws {SyntaxError} If the index does not parse or is damaged.
   */
  static async open(prefix: string, open: OpenFile): Promise<TensorBundle> {
    const index = await open(`${prefix}.index`);
    const bytes = await readExactly(index, 0, index.size);
    const rows = readTable(bytes, index.name);
    if (rows.length === 0 || rows[0].key.length > 0) {
      throw new SyntaxError(
        `Cannot read "${index.name}": the table must begin with a bundle header`,
      );
    }
    const header = parseHeader(rows[0].value, index.name);
    const entries = rows.slice(1).map(({ key, value }): [string, BundleEntry] => {
      const name = keyToString(key);
      return [name, parseEntry(value, index.name, name, header.shards)];
    });
    refuseOverlaps(entries, index.name);
    return new TensorBundle(prefix, header, new Map(entries), open);
  }

  /** Number of shards. */
  get shards(): number {
    return this.#header.shards;
  }

  /**
   * Reads a tensor of numbers and verifies its checksum. Joins the parts of a partitioned
   * variable; `bool` is read as bytes.
   *
   * @param name Name of the variable.
   * @throws {RangeError} If no tensor has that name, or it does not hold numbers.
   * @throws {SyntaxError} If its bytes are missing or damaged.
   */
  async read(name: string): Promise<NamedArray> {
    const entry = this.#entry(name);
    if (!Object.hasOwn(NUMBER_TYPES, entry.dtype)) {
      throw new RangeError(
        `Cannot read "${name}" of "${this.#prefix}" as its type must be numeric: found ${entry.dtype}`,
      );
    }
    return entry.slices.length > 0
      ? await this.#readPartitioned(name, entry)
      : decodeNumbers(entry, await this.#bytes(name, entry), this.#header.isBigEndian);
  }

  /**
   * Reads a tensor of strings and verifies its checksums.
   *
   * @param name Name of the variable.
   * @returns The bytes of each string, row major.
   * @throws {RangeError} If no tensor has that name, or it does not hold strings.
   * @throws {SyntaxError} If its bytes are missing or damaged.
   */
  async readStrings(name: string): Promise<Uint8Array[]> {
    const entry = this.#entry(name);
    if (entry.dtype !== "string" || entry.slices.length > 0 || this.#header.isBigEndian) {
      throw new RangeError(
        `Cannot read "${name}" of "${this.#prefix}" as its type must be string: found ${entry.dtype}${
          entry.dtype === "string" ? ", partitioned or big-endian" : ""
        }`,
      );
    }
    const shard = await this.#shard(entry.shard);
    const bytes = await readExactly(shard, entry.offset, entry.size);
    return decodeStrings(entry, bytes, `${shard.name}: ${name}`);
  }

  #entry(name: string): BundleEntry {
    const entry = this.entries.get(name);
    if (entry !== undefined) return entry;
    throw new RangeError(
      `Cannot find the variable "${name}": "${this.#prefix}" must have it`,
    );
  }

  #shard(index: number): Promise<ByteSource> {
    const five = (n: number) => String(n).padStart(5, "0");
    const path = `${this.#prefix}.data-${five(index)}-of-${five(this.#header.shards)}`;
    const shard = this.#shards.get(index) ?? this.#open(path);
    this.#shards.set(index, shard);
    return shard;
  }

  async #bytes(name: string, entry: BundleEntry): Promise<Uint8Array> {
    const shard = await this.#shard(entry.shard);
    const bytes = await readExactly(shard, entry.offset, entry.size);
    const found = maskCrc32c(crc32c(bytes));
    if (found !== entry.crc32c) {
      throw new SyntaxError(
        `Cannot read "${shard.name}": "${printable(name)}" is damaged: its checksum is ${
          found.toString(16)
        }, expected ${entry.crc32c.toString(16)}`,
      );
    }
    return bytes;
  }

  async #readPartitioned(name: string, whole: BundleEntry): Promise<NamedArray> {
    const { shape } = whole;
    const numbers = shape.reduce((product, length) => product * length, 1);
    const fail = (problem: string): never => {
      throw new SyntaxError(
        `Cannot read "${this.#prefix}.index": the parts of "${name}" ${problem}`,
      );
    };
    const parts = whole.slices.map((slice) => {
      const key = sliceKey(name, slice);
      const part = this.#parts.get(key);
      const extents = slice.map(([start, length], axis) =>
        length === -1 ? [0, shape[axis]] as const : [start, length] as const
      );
      if (part === undefined || slice.length !== shape.length) {
        return fail(`lack ${JSON.stringify(slice)}`);
      }
      const isInside = extents.every(([start, length], axis) =>
        start >= 0 && length >= 0 && start + length <= shape[axis] &&
        part.shape[axis] === length
      );
      if (!isInside || part.dtype !== whole.dtype || part.slices.length > 0) {
        return fail(`do not fit its type and shape at ${JSON.stringify(slice)}`);
      }
      return { key, part, starts: extents.map(([start]) => start) };
    });
    const held = parts.reduce((sum, { part }) => sum + part.numbers, 0);
    if (new Set(parts.map(({ key }) => key)).size < parts.length) fail("are repeated");
    if (held !== numbers) fail(`hold ${held} numbers, its shape ${numbers}`);
    for (const { part } of parts) {
      const { size } = await this.#shard(part.shard);
      if (part.offset + part.size > size) fail(`lie past the end of shard ${part.shard}`);
    }
    const data = new NUMBER_TYPES[whole.dtype as keyof typeof NUMBER_TYPES](numbers);
    const isFilled = new Uint8Array(numbers);
    for (const { key, part, starts } of parts) {
      const bytes = await this.#bytes(key, part);
      const source = decodeNumbers(part, bytes, this.#header.isBigEndian);
      for (const [from, to, length] of rowsOf(source.shape, starts, shape)) {
        if (isFilled.subarray(to, to + length).includes(1)) fail("overlap");
        isFilled.fill(1, to, to + length);
        data.set(source.data.subarray(from, from + length) as never, to);
      }
    }
    return { shape, data };
  }
}

/** Refuses tensors that share bytes, so all tensors together fit into the files. */
function refuseOverlaps(entries: readonly [string, BundleEntry][], file: string): void {
  const stored = entries.filter(([, { size, slices }]) =>
    size > 0 && slices.length === 0
  );
  stored.sort(([, a], [, b]) => a.shard - b.shard || a.offset - b.offset);
  for (let i = 1; i < stored.length; i++) {
    const [[before, a], [after, b]] = [stored[i - 1], stored[i]];
    if (a.shard === b.shard && a.offset + a.size > b.offset) {
      throw new SyntaxError(
        `Cannot read "${file}": the bytes of "${printable(before)}" and "${
          printable(after)
        }" must not overlap`,
      );
    }
  }
}

/** Rows of a part along its last axis: offset in the part, offset in the whole, length. */
function* rowsOf(
  part: readonly number[],
  starts: readonly number[],
  whole: readonly number[],
): Generator<[from: number, to: number, length: number]> {
  const length = part.at(-1) ?? 1;
  const rows = length === 0 ? 0 : part.reduce((product, n) => product * n, 1) / length;
  for (let row = 0; row < rows; row++) {
    let to = 0;
    let rest = row;
    let stride = whole.at(-1) ?? 1;
    for (let axis = part.length - 2; axis >= 0; axis--) {
      to += (starts[axis] + rest % part[axis]) * stride;
      rest = Math.floor(rest / part[axis]);
      stride *= whole[axis];
    }
    yield [row * length, to + (starts.at(-1) ?? 0), length];
  }
}

/** Decodes a key: UTF-8, or for a part of a variable one character per byte. */
function keyToString(key: Uint8Array): string {
  if (key[0] !== 0) return new TextDecoder().decode(key);
  return Array.from(key, (byte) => String.fromCharCode(byte)).join("");
}

function printable(name: string): string {
  // deno-lint-ignore no-control-regex -- keys of parts hold control characters
  return name.replace(/[\0-\x1f\x7f-\xff]/g, "·");
}
