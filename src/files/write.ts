/**
 * Writes files: whole or not at all, or at their end.
 *
 * @module
 */

import { lastName } from "../address.ts";
import { makeFolderOf } from "./folders.ts";
import { partials } from "./partial.ts";
import { fileInfo } from "./read.ts";

/** Bytes or text, or chunks of it. */
export type FileContent =
  | Uint8Array
  | string
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

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
    await refuseName(path, error);
    throw error;
  } finally {
    partials.delete(aside);
  }
}

/** Says that a file cannot have its name, if that is why it could not be written. */
async function refuseName(path: string, error: unknown): Promise<void> {
  const isFolder = (await fileInfo(path).catch(() => undefined))?.isFolder;
  if (isFolder) {
    throw new RangeError(
      `Cannot write "${path}" as it must be a file: found a folder; give the name of a file`,
      { cause: error },
    );
  }
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENAMETOOLONG") return;
  throw new RangeError(
    `Cannot write "${path}" as its name must be shorter: found ${
      lastName(path).length
    } characters; most systems allow 255 bytes`,
    { cause: error },
  );
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

/** Writes all bytes; an error names the file. */
export async function writeAll(file: Deno.FsFile, chunk: Uint8Array, path: string) {
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
