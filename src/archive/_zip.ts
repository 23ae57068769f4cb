/**
 * The entries of a zip archive.
 *
 * @module
 */

import { configureZip, type ZipEntry, ZipReader, ZipSource } from "../deps/archive.ts";
import type { OpenFile } from "../files.ts";
import { type Guard, type RawEntry, unreadable } from "./_guard.ts";

/** Size of the largest read in bytes, as the list of files must fit in memory. */
const MAX_READ = 2 ** 28;

/** The mask for the file type in a Unix mode, and three file types. */
const [TYPE_MASK, TYPE_LINK, TYPE_FILE, TYPE_FOLDER] = [0xf000, 0xa000, 0x8000, 0x4000];

configureZip({ useWebWorkers: false });

class FileSource extends ZipSource<OpenFile> {
  constructor(readonly file: OpenFile) {
    super(file);
    this.size = file.size;
  }

  override readUint8Array(start: number, length: number): Promise<Uint8Array> {
    if (length > MAX_READ) {
      throw new RangeError(
        `its list of files must have at most ${MAX_READ} bytes: found ${length}`,
      );
    }
    return this.file.read(start, length);
  }
}

/**
 * Reads the entries of a zip or zip64, in the order of its list of files. Reading an entry
 * checks its CRC-32.
 *
 * @throws {SyntaxError} If the archive is damaged.
 * @throws {RangeError} If it holds a link, a device or an encrypted file.
 */
export async function* readZip(
  archive: OpenFile,
  guard: Guard,
): AsyncGenerator<RawEntry, void> {
  const reader = new ZipReader(new FileSource(archive), {
    strictness: "balanced",
    filenameValidation: "tolerant", // checkPath() refuses bad paths and names them
    checkCrc32: true,
    checkOverlappingEntry: true,
  });
  const list = reader.getEntriesGenerator();
  for (;;) {
    const { done, value: entry } = await list.next().catch((e) => fail(archive, e));
    if (done || typeof entry !== "object") return;
    checkKind(entry, guard);
    yield {
      path: entry.filename,
      bytes: entry.uncompressedSize,
      packedBytes: entry.compressedSize,
      isFolder: entry.directory,
      body: () => readEntry(archive, entry),
    };
  }
}

function fail(archive: OpenFile, error: unknown, path?: string): never {
  const where = path === undefined ? "" : `"${path}": `;
  throw unreadable(archive.name, `${where}${(error as Error).message}`, error);
}

function checkKind(entry: ZipEntry, guard: Guard): void {
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK;
  if (type === TYPE_LINK) guard.refuse(`"${entry.filename}" is a link`);
  if (type !== 0 && type !== TYPE_FILE && type !== TYPE_FOLDER) {
    guard.refuse(`"${entry.filename}" is a device`);
  }
  if (entry.encrypted) guard.refuse(`"${entry.filename}" is encrypted`);
}

async function* readEntry(
  archive: OpenFile,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array, void> {
  if (entry.directory) return;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  let failure: unknown;
  const reading = entry.getData(writable).catch((error) => {
    failure = error;
    // The library leaves the stream open if the first byte fails; the reader would hang.
    return writable.abort(error).catch(() => {});
  });
  try {
    for await (const chunk of readable) yield chunk;
  } catch (error) {
    failure ??= error;
  } finally {
    await reading;
  }
  if (failure) fail(archive, failure, entry.filename);
}
