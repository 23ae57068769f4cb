// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * The part of `@std/tar` that archives use, with the same signatures, built on
 * `modern-tar`, which also reads long names (GNU, PAX). One line of `deno.json` switches
 * to the original.
 *
 * @module
 */

import {
  createTarDecoder,
  createTarPacker,
  type ParsedTarEntry,
} from "npm:modern-tar@0.8.6";

/** The header that every tar has; the original calls it `OldStyleFormat`. */
export interface OldStyleFormat {
  name: string;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Seconds since 1970. */
  mtime: number;
  /** `"0"` a file, `"1"` and `"2"` links, `"3"`, `"4"`, `"6"` devices, `"5"` a folder. */
  typeflag: string;
  linkname: string;
}

/** One entry of an archive being read. */
export interface TarStreamEntry {
  header: OldStyleFormat;
  path: string;
  /** The bytes of a file; must be read or cancelled before the next entry. */
  readable?: ReadableStream<Uint8Array>;
}

const TYPEFLAGS: Record<string, string> = {
  file: "0",
  link: "1",
  symlink: "2",
  "character-device": "3",
  "block-device": "4",
  directory: "5",
  fifo: "6",
};

/** Turns the bytes of a tar archive into its entries. */
export class UntarStream implements TransformStream<Uint8Array, TarStreamEntry> {
  readonly readable: ReadableStream<TarStreamEntry>;
  readonly writable: WritableStream<Uint8Array>;

  constructor() {
    const decoder = createTarDecoder({ strict: true });
    this.writable = decoder.writable;
    this.readable = decoder.readable.pipeThrough(
      new TransformStream<ParsedTarEntry, TarStreamEntry>(
        { transform: async (entry, controller) => controller.enqueue(await give(entry)) },
        // The decoder continues only after an entry is read, so no entry may be queued here.
        { highWaterMark: 1 },
        { highWaterMark: 0 },
      ),
    );
  }
}

async function give({ header, body }: ParsedTarEntry): Promise<TarStreamEntry> {
  const { type = "file", mode = 0, uid = 0, gid = 0, mtime, linkname = "" } = header;
  const { name, size } = header;
  const seconds = (mtime?.getTime() ?? 0) / 1000;
  const typeflag = TYPEFLAGS[type];
  const entry = {
    header: { name, mode, uid, gid, size, mtime: seconds, typeflag, linkname },
    path: name,
  };
  if (typeflag === "0") return { ...entry, readable: body };
  await body.cancel();
  return entry;
}

/** Metadata of a file in an archive. */
export interface TarStreamOptions {
  mode?: number;
  uid?: number;
  gid?: number;
  /** Seconds since 1970. */
  mtime?: number;
}

/** A file to add to an archive. */
export interface TarStreamFile {
  type: "file";
  path: string;
  /** The exact number of bytes in `readable`. */
  size: number;
  readable: ReadableStream<Uint8Array>;
  options?: TarStreamOptions;
}

/** Turns files into the bytes of a tar archive. */
export class TarStream implements TransformStream<TarStreamFile, Uint8Array> {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<TarStreamFile>;

  constructor() {
    const { readable, controller } = createTarPacker();
    this.readable = readable;
    this.writable = new WritableStream({
      async write({ path: name, size, readable, options: { mtime, ...rest } = {} }) {
        const date = mtime === undefined ? undefined : new Date(mtime * 1000);
        const body = controller.add({ name, size, type: "file", mtime: date, ...rest });
        await readable.pipeTo(body);
      },
      close: () => controller.finalize(),
      abort: (reason) => controller.error(reason),
    });
  }
}
