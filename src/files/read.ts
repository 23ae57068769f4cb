/**
 * Looks at files and folders, and reads files.
 *
 * @module
 */

import { join } from "node:path";
import { lastName } from "../address.ts";
import { unlessMissing } from "./missing.ts";

/** Size, time and kind of a file or folder. */
export interface FileInfo {
  /** Size in bytes. */
  bytes: number;
  /** Time of the last modification, in milliseconds since 1970. */
  modified: number;
  isFolder: boolean;
}

/** Size, time and kind of a file or folder; `undefined` if it does not exist. */
export async function fileInfo(path: string): Promise<FileInfo | undefined> {
  const info = await unlessMissing(Deno.stat(path));
  if (!info) return undefined;
  const { size, mtime, isDirectory } = info;
  return { bytes: size, modified: mtime?.getTime() ?? 0, isFolder: isDirectory };
}

/** Whether a symbolic link has that name. */
export async function isLink(path: string): Promise<boolean> {
  return (await unlessMissing(Deno.lstat(path)))?.isSymlink ?? false;
}

/** The path without symbolic links; `undefined` if nothing has that name. */
export async function realPath(path: string): Promise<string | undefined> {
  return await unlessMissing(Deno.realPath(path));
}

/** Whether a file or folder has that name. */
export async function exists(path: string): Promise<boolean> {
  return await fileInfo(path) !== undefined;
}

/** Size of a file in bytes; `undefined` if it does not exist. */
export async function fileSize(path: string): Promise<number | undefined> {
  return (await fileInfo(path))?.bytes;
}

/** Sorted names of the files in a folder and of links to files; none if it does not exist. */
export function listFiles(folder: string): Promise<string[]> {
  return namesWhere(folder, ({ isFile }) => isFile);
}

/** Sorted names of the folders in a folder and of links to folders; none if it does not exist. */
export function listFolders(folder: string): Promise<string[]> {
  return namesWhere(folder, ({ isDirectory }) => isDirectory);
}

/** Sorted names of all that is in a folder; none if it does not exist. */
export async function listNames(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).map(({ name }) => name).sort();
}

async function namesWhere(
  folder: string,
  isWanted: (entry: Pick<Deno.FileInfo, "isFile" | "isDirectory">) => boolean,
): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const of = entry.isSymlink
      ? await unlessMissing(Deno.stat(join(folder, entry.name)))
      : entry;
    if (of && isWanted(of)) names.push(entry.name);
  }
  return names.sort();
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  return await unlessMissing(Array.fromAsync(Deno.readDir(folder))) ?? [];
}

/**
 * Refuses what is no file before it is opened: a pipe waits for a writer, and a device may
 * never end.
 */
async function checkFile(path: string): Promise<void> {
  const info = await unlessMissing(Deno.stat(path));
  if (!info) {
    throw new Deno.errors.NotFound(
      `Cannot read "${path}" as there is no such file; check the path`,
    );
  }
  if (info.isFile) return;
  const kind = info.isDirectory ? "folder" : info.isFifo ? "pipe" : "device";
  throw new RangeError(`Cannot read "${path}" as it must be a file: found a ${kind}`);
}

/** All bytes of a file. */
export async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  await checkFile(path);
  return await Deno.readFile(path);
}

/**
 * Reads a file into existing memory.
 *
 * @param path The file.
 * @param buffer Receives the bytes of the file, as many as fit.
 * @returns Number of bytes read.
 */
export async function readFileInto(path: string, buffer: Uint8Array): Promise<number> {
  await checkFile(path);
  using file = await Deno.open(path);
  let done = 0;
  while (done < buffer.length) {
    const read = await file.read(buffer.subarray(done));
    if (read === null) break;
    done += read;
  }
  return done;
}

/** The bytes of a file from an offset on, in pieces. */
export async function* readChunks(
  path: string,
  start = 0,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  await checkFile(path);
  const file = await Deno.open(path);
  if (start > 0) await file.seek(start, Deno.SeekMode.Start);
  // The stream closes the file, even if the caller stops early.
  yield* file.readable;
}

/** A file open for reading at any offset. */
export interface OpenFile {
  /** Name without its folder, for errors. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Reads `length` bytes from `start` on; fewer only at the end of the file. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Opens a file for reading at any offset; `using` closes it. */
export async function openFile(path: string): Promise<OpenFile & Disposable> {
  await checkFile(path);
  const file = await Deno.open(path);
  const { size } = await file.stat();
  const name = lastName(path);
  return {
    name,
    size,
    // deno-lint-ignore require-await -- synchronous, so that concurrent reads keep their offsets
    async read(start, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)));
      file.seekSync(start, Deno.SeekMode.Start);
      for (let done = 0; done < bytes.length;) {
        const read = file.readSync(bytes.subarray(done));
        if (read === null) return bytes.slice(0, done);
        done += read;
      }
      return bytes;
    },
    [Symbol.dispose]: () => file.close(),
  };
}
