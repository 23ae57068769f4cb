/**
 * The only module of `src/` that accesses the file system, so that everything that does
 * not import it runs in a browser, too.
 *
 * @module
 */

import { dirname } from "node:path";
import { lastName } from "./address.ts";

/** Bytes or text, or chunks of it. */
export type FileContent =
  | Uint8Array
  | string
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

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

/** Whether a file or folder has that name. */
export async function exists(path: string): Promise<boolean> {
  return await fileInfo(path) !== undefined;
}

/** Size of a file in bytes; `undefined` if it does not exist. */
export async function fileSize(path: string): Promise<number | undefined> {
  return (await fileInfo(path))?.bytes;
}

/** Sorted names of the files in a folder; none if the folder does not exist. */
export function listFiles(folder: string): Promise<string[]> {
  return listNames(folder, ({ isFile }) => isFile);
}

/** Sorted names of the folders in a folder; none if the folder does not exist. */
export function listFolders(folder: string): Promise<string[]> {
  return listNames(folder, ({ isDirectory }) => isDirectory);
}

async function listNames(
  folder: string,
  isWanted: (entry: Deno.DirEntry) => boolean,
): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(isWanted).map(({ name }) => name).sort();
  } catch (error) {
    const { NotADirectory, NotFound } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return [];
    throw error;
  }
}

/**
 * Refuses what is no file before it is opened: a pipe waits for a writer, and a device may
 * never end.
 */
async function checkFile(path: string): Promise<void> {
  const info = await unlessMissing(Deno.stat(path));
  if (!info || info.isFile) return;
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

/** The bytes of a file, in pieces. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  await checkFile(path);
  const file = await Deno.open(path);
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

/** Names of files that must not outlive this process. */
const partials = new Set<string>();

/** Removes files that are half-written, and locks, before the process ends. */
export function removePartialFiles(): void {
  for (const path of partials) {
    try {
      Deno.removeSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/**
 * Writes a file under another name, flushes it to disk and renames it, so that a file with
 * the final name is always complete. Creates the folder.
 *
 * @param path Final path of the file.
 * @param data Contents of the file.
 * @throws {Error} The error of the system with the path, such as a missing permission or a
 * full disk. An existing file with this path is then unchanged.
 */
export async function writeFileAtomically(
  path: string,
  data: FileContent,
): Promise<void> {
  await makeFolderOf(path);
  const aside = `${path}.partial`;
  partials.add(aside);
  try {
    {
      using file = await Deno.open(aside, { write: true, create: true, truncate: true });
      for await (const chunk of chunksOf(data)) await writeAll(file, chunk, aside);
      await file.sync();
    }
    await Deno.rename(aside, path);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw error;
  } finally {
    partials.delete(aside);
  }
}

/**
 * Writes a new file in place, for folders that are renamed once they are complete. Creates
 * the folder.
 *
 * @throws {Deno.errors.AlreadyExists} If the file exists.
 */
export async function writeNewFile(path: string, data: FileContent): Promise<void> {
  await makeFolderOf(path);
  using file = await Deno.open(path, { write: true, createNew: true });
  for await (const chunk of chunksOf(data)) await writeAll(file, chunk, path);
}

/** A file that grows at its end and keeps its bytes if the process is killed. */
export interface AppendFile extends Disposable {
  /** Size in bytes. */
  readonly bytes: number;
  /** Adds bytes at the end. */
  append(chunk: Uint8Array): Promise<void>;
  /** Removes all bytes. */
  clear(): Promise<void>;
  /** Flushes all bytes to the disk. */
  sync(): Promise<void>;
}

/** Opens a file for appending; creates it and its folder if missing; `using` closes it. */
export async function openToAppend(path: string): Promise<AppendFile> {
  await makeFolderOf(path);
  const file = await Deno.open(path, { append: true, create: true });
  let bytes = (await file.stat()).size;
  return {
    get bytes() {
      return bytes;
    },
    async append(chunk) {
      await writeAll(file, chunk, path);
      bytes += chunk.length;
    },
    async clear() {
      await file.truncate(0);
      bytes = 0;
    },
    sync: () => file.sync(),
    [Symbol.dispose]: () => file.close(),
  };
}

function chunksOf(
  data: FileContent,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof data === "string") return [new TextEncoder().encode(data)];
  return data instanceof Uint8Array ? [data] : data;
}

async function writeAll(file: Deno.FsFile, chunk: Uint8Array, path: string) {
  try {
    for (let done = 0; done < chunk.length;) {
      done += await file.write(chunk.subarray(done));
    }
  } catch (error) {
    // Deno names the file in an error of opening, but not in one of writing.
    if (error instanceof Error) error.message += `: write '${path}'`;
    throw error;
  }
}

/** Creates a folder and its parents, unless they exist. */
export async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true });
}

async function makeFolderOf(path: string): Promise<void> {
  const folder = dirname(path);
  if (folder !== "." && folder !== dirname(folder)) await makeFolder(folder);
}

/** Renames a file or folder; an existing file with the new name is replaced. */
export async function rename(from: string, to: string): Promise<void> {
  await Deno.rename(from, to);
}

/** Removes a file if it exists. */
export async function removeFile(path: string): Promise<void> {
  await unlessMissing(Deno.remove(path));
}

/** Removes a folder and its contents if it exists. */
export async function removeFolder(path: string): Promise<void> {
  await unlessMissing(Deno.remove(path, { recursive: true }));
}

/** Who this process is, for others; its host only with the permission to ask. */
export function thisProcess(): { pid: number; host?: string } {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return { pid: Deno.pid, ...(state === "granted" && { host: Deno.hostname() }) };
}

/** A file that this process alone holds; the end of the process releases it. */
export type LockedFile = Disposable;

/**
 * Locks a file, which is made with its folder.
 *
 * @param path The file.
 * @param text Its content.
 * @param keepFile Whether it stays when it is released.
 * @returns The file; `undefined` if it is locked.
 */
export async function lockFile(
  path: string,
  text: string,
  keepFile: boolean,
): Promise<LockedFile | undefined> {
  const folder = dirname(path);
  const isNewFolder = !await exists(folder);
  await makeFolderOf(path);
  const file = await Deno.open(path, { read: true, write: true, create: true });
  const { ino } = await file.stat();
  const isMine = await file.tryLock(true) &&
    // Its last owner may have removed it since it was opened.
    (await unlessMissing(Deno.stat(path)))?.ino === ino;
  if (!isMine) return void file.close();
  await file.truncate();
  await writeAll(file, new TextEncoder().encode(text), path);
  if (!keepFile) partials.add(path);
  return {
    [Symbol.dispose]() {
      if (!keepFile) {
        partials.delete(path);
        tryToRemove(path);
        if (isNewFolder) tryToRemove(folder);
      }
      file.close();
    },
  };
}

/** Removes a file or an empty folder, unless that is impossible. */
function tryToRemove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { /* another process uses it, or has removed it */ }
}

async function unlessMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
