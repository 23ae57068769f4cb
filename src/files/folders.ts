/**
 * Makes folders, and renames and removes files and folders.
 *
 * @module
 */

import { dirname } from "node:path";
import { unlessMissing } from "./missing.ts";

/**
 * Creates a folder and its parents, unless they exist.
 *
 * @throws {RangeError} If a file has the name of one of them.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    const { AlreadyExists, NotADirectory } = Deno.errors;
    if (!(cause instanceof AlreadyExists || cause instanceof NotADirectory)) throw cause;
    throw new RangeError(
      `Cannot make the folder "${path}" as a file has that name, or the name of a folder above it; choose another`,
      { cause },
    );
  }
}

/** Creates the folder of a file, unless it exists. */
export async function makeFolderOf(path: string): Promise<void> {
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
