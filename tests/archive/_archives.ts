/**
 * Writes archives byte by byte from the descriptions of the formats (POSIX pax for tar,
 * PKWARE's APPNOTE for zip), so that their headers can lie.
 *
 * @module
 */

import { crc32, deflateRawSync } from "node:zlib";
import type { OpenFile } from "../../src/files.ts";

const utf8 = new TextEncoder();

/** Bytes in memory as a file that is open for reading. */
export function asFile(bytes: Uint8Array, name: string): OpenFile {
  return {
    name,
    size: bytes.length,
    read: (start, length) =>
      Promise.resolve(new Uint8Array(bytes.subarray(start, start + length))),
  };
}

/** All bytes of a stream. */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(ReadableStream.from(chunks)).arrayBuffer());
}

/** An entry of {@linkcode tarOf}; `type` is the flag in the header, `"0"` a file. */
export interface TarItem {
  path: string;
  content?: string | Uint8Array;
  type?: string;
  link?: string;
  /** A false size for the header. */
  size?: number;
}

/** A tar archive in the form "ustar". */
export function tarOf(items: TarItem[], end = true): Uint8Array<ArrayBuffer> {
  const blocks = items.flatMap(({ path, content = "", type = "0", link = "", size }) => {
    const body = typeof content === "string" ? utf8.encode(content) : content;
    const header = new Uint8Array(512);
    const put = (place: number, text: string) => header.set(utf8.encode(text), place);
    put(0, path);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, `${(size ?? body.length).toString(8).padStart(11, "0")} `);
    put(136, "00000000000 ");
    put(148, "        ");
    put(156, type);
    put(157, link);
    put(257, "ustar\x0000");
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
    return [header, body, new Uint8Array(-body.length & 511)];
  });
  return join([...blocks, new Uint8Array(end ? 1024 : 0)]);
}

/** An entry of {@linkcode zipOf}. */
export interface ZipItem {
  path: string | Uint8Array;
  content?: string | Uint8Array;
  /** Whether the file is stored instead of deflated. */
  stored?: boolean;
  /** Whether sizes and offsets have 64 bits. */
  zip64?: boolean;
  /** Unix mode with the type of the file. */
  mode?: number;
  /** A false size for the list of files. */
  size?: number;
  /** Bits 0 (encrypted) and 11 (UTF-8). */
  flags?: number;
}

/** A zip archive. */
export function zipOf(items: ZipItem[]): Uint8Array<ArrayBuffer> {
  const [files, list]: Uint8Array[][] = [[], []];
  let [place, is64] = [0, false];
  for (const item of items) {
    const { content = "", stored, zip64 = false, mode = 0o100644, flags = 0x800 } = item;
    const path = typeof item.path === "string" ? utf8.encode(item.path) : item.path;
    const body = typeof content === "string" ? utf8.encode(content) : content;
    const packed = stored ? body : deflateRawSync(body);
    const size = item.size ?? body.length;
    is64 ||= zip64;
    const extra = (...values: number[]) =>
      zip64
        ? join([numbers(2, 1, 8 * values.length), numbers(8, ...values)])
        : numbers(2);
    const wide = (value: number) => zip64 ? 0xffffffff : value;
    const common = join([
      numbers(2, zip64 ? 45 : 20, flags, stored ? 0 : 8, 0, 0x21),
      numbers(4, crc32(body), wide(packed.length), wide(size)),
      numbers(2, path.length),
    ]);
    const local = extra(size, packed.length);
    const file = join([
      utf8.encode("PK\x03\x04"),
      common,
      numbers(2, local.length),
      path,
      local,
      packed,
    ]);
    const central = extra(size, packed.length, place);
    list.push(
      utf8.encode("PK\x01\x02"),
      numbers(2, 0x031e),
      common,
      numbers(2, central.length, 0, 0, 0),
      numbers(4, mode * 2 ** 16, wide(place)),
      path,
      central,
    );
    files.push(file);
    place += file.length;
  }
  const size = list.reduce((sum, part) => sum + part.length, 0);
  const end64 = join([
    utf8.encode("PK\x06\x06"),
    numbers(8, 44),
    numbers(2, 45, 45),
    numbers(4, 0, 0),
    numbers(8, items.length, items.length, size, place),
    utf8.encode("PK\x06\x07"),
    numbers(4, 0),
    numbers(8, place + size),
    numbers(4, 1),
  ]);
  const end = join([
    utf8.encode("PK\x05\x06"),
    is64
      ? numbers(2, 0xffff, 0xffff, 0xffff, 0xffff)
      : numbers(2, 0, 0, items.length, items.length),
    is64 ? numbers(4, 0xffffffff, 0xffffffff) : numbers(4, size, place),
    numbers(2, 0),
  ]);
  return join([...files, ...list, ...(is64 ? [end64] : []), end]);
}

/** Numbers in little-endian order, each with its width in bytes. */
function numbers(bytes: 2 | 4 | 8, ...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes * values.length));
  for (const [i, value] of values.entries()) {
    if (bytes === 2) view.setUint16(2 * i, value, true);
    else if (bytes === 4) view.setUint32(4 * i, value, true);
    else view.setBigUint64(8 * i, BigInt(value), true);
  }
  return new Uint8Array(view.buffer);
}

/** Chunks end to end. */
export function join(chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes;
}
