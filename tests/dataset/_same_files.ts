/**
 * Compares folders byte by byte.
 *
 * @module
 */

import { assertEquals } from "@std/assert";

/** The files of a folder by their names. */
export async function filesOf(folder: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for await (const { name } of Deno.readDir(folder)) {
    files[name] = await Deno.readFile(`${folder}/${name}`);
  }
  return files;
}

/** Fails unless two folders have the same files. */
export async function assertSameFiles(found: string, expected: string): Promise<void> {
  assertEquals(await filesOf(found), await filesOf(expected));
}
