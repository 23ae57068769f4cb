/**
 * Reads LevelDB's sorted table, the format of a tensor bundle's index.
 *
 * @module
 */

import { crc32c, maskCrc32c } from "../crc32c.ts";
import { decodeSnappy } from "./snappy.ts";
import { readVarint } from "./varint.ts";

const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Bytes after each block: one for its compression, four for its checksum. */
const TRAILER_BYTES = 5;
/** Limit on the unpacked size of all rows, far above that of any real index. */
const MOST_BYTES = 2 ** 27;

/** One row of a table. */
export interface TableEntry {
  /** The key; rows are sorted by the bytes of their keys. */
  key: Uint8Array;
  value: Uint8Array;
}

/**
 * Reads a whole table and verifies the checksum of every block.
 *
 * Source: google/leveldb, doc/table_format.md, as in tensorflow/core/lib/io.
 *
 * @param bytes The file.
 * @param name Name of the file, for errors.
 * @returns The rows in the order of their keys.
 * @throws {SyntaxError} If the file is not a table, or is damaged.
 */
export function readTable(bytes: Uint8Array, name: string): TableEntry[] {
  if (bytes.length < FOOTER_BYTES) {
    throw new SyntaxError(
      `Cannot read "${name}": a table must end with a footer of ${FOOTER_BYTES} bytes: found ${bytes.length} bytes in all`,
    );
  }
  const footer = bytes.subarray(-FOOTER_BYTES);
  const view = new DataView(footer.buffer, footer.byteOffset, FOOTER_BYTES);
  if (view.getBigUint64(FOOTER_BYTES - 8, true) !== MAGIC) {
    throw new SyntaxError(
      `Cannot read "${name}": the file must end with the mark of a LevelDB table`,
    );
  }
  const metaindex = readHandle(footer, 0, name);
  const index = readHandle(footer, metaindex.next, name);
  readBlock(bytes, metaindex, name); // not used, but must be undamaged
  const entries: TableEntry[] = [];
  let blocksEnd = 0;
  let unpacked = 0;
  for (const { value } of readBlock(bytes, index, name)) {
    const handle = readHandle(value, 0, name);
    // Blocks must be in order, so none is read twice and rows cannot multiply.
    if (handle.offset < blocksEnd) {
      throw new SyntaxError(
        `Cannot read "${name}": the block at ${handle.offset} must not overlap the one before`,
      );
    }
    blocksEnd = handle.offset + handle.size;
    for (const entry of readBlock(bytes, handle, name)) {
      const before = entries.at(-1);
      if (before !== undefined && compareBytes(before.key, entry.key) >= 0) {
        throw new SyntaxError(
          `Cannot read "${name}": the keys of rows ${
            entries.length - 1
          } and ${entries.length} must be in ascending order`,
        );
      }
      unpacked += entry.key.length + entry.value.length;
      if (unpacked > MOST_BYTES) {
        throw new SyntaxError(
          `Cannot read "${name}": its rows must unpack to at most ${MOST_BYTES} bytes`,
        );
      }
      entries.push(entry);
    }
  }
  return entries;
}

interface Handle {
  offset: number;
  size: number;
}

function readHandle(
  bytes: Uint8Array,
  at: number,
  name: string,
): Handle & { next: number } {
  const offset = readVarint(bytes, at, name);
  const size = readVarint(bytes, offset.next, name);
  return { offset: Number(offset.value), size: Number(size.value), next: size.next };
}

function readBlock(file: Uint8Array, { offset, size }: Handle, name: string) {
  const end = offset + size;
  if (end + TRAILER_BYTES > file.length) {
    throw new SyntaxError(
      `Cannot read "${name}": the block at ${offset} claims ${size} bytes, the file has ${file.length}`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const stored = view.getUint32(end + 1, true);
  const found = maskCrc32c(crc32c(file.subarray(offset, end + 1)));
  if (stored !== found) {
    throw new SyntaxError(
      `Cannot read "${name}": the block at ${offset} is damaged: its checksum is ${
        found.toString(16)
      }, expected ${stored.toString(16)}`,
    );
  }
  const compression = file[end];
  if (compression > 1) {
    throw new SyntaxError(
      `Cannot read "${name}": the block at ${offset} has compression ${compression}, only 0 (none) and 1 (Snappy) are known`,
    );
  }
  const block = file.subarray(offset, end);
  return readEntries(compression === 1 ? decodeSnappy(block, name) : block, name);
}

/** The rows of a block. Each key shares its first bytes with the key before it. */
function* readEntries(block: Uint8Array, name: string): Generator<TableEntry> {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const restarts = block.length >= 4 ? view.getUint32(block.length - 4, true) : NaN;
  const end = block.length - 4 - 4 * restarts;
  if (!(end >= 0)) {
    throw new SyntaxError(
      `Cannot read "${name}": a block of ${block.length} bytes must hold its restart points: it claims ${restarts}`,
    );
  }
  const rows = block.subarray(0, end);
  let key = new Uint8Array();
  for (let at = 0; at < end;) {
    const shared = readVarint(rows, at, name);
    const unshared = readVarint(rows, shared.next, name);
    const size = readVarint(rows, unshared.next, name);
    const keyEnd = size.next + Number(unshared.value);
    const valueEnd = keyEnd + Number(size.value);
    if (Number(shared.value) > key.length || valueEnd > end) {
      throw new SyntaxError(
        `Cannot read "${name}": a row must lie within its block`,
      );
    }
    const next = new Uint8Array(Number(shared.value) + Number(unshared.value));
    next.set(key.subarray(0, Number(shared.value)));
    next.set(rows.subarray(size.next, keyEnd), Number(shared.value));
    key = next;
    yield { key, value: rows.subarray(keyEnd, valueEnd) };
    at = valueEnd;
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
