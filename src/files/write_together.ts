/**
 * Writes several files as one: whenever the process ends, a folder has all of the old ones,
 * or can be given all of the new ones.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { removeFile, removeFolder, rename } from "./folders.ts";
import { partials } from "./partial.ts";
import { exists, listFiles } from "./read.ts";
import { type FileContent, writeFileAtomically } from "./write.ts";

/** Ends of the names of the two hidden folders of a group: of files half-written, and whole. */
const PARTIAL = "partial", WHOLE = "whole";

/**
 * Writes the files of a group beside their folder, and moves them into it once all of them
 * are whole. {@linkcode settleFiles} ends a move that was interrupted.
 *
 * @param group Path that names the group, such as `checkpoints/run`; only one process may
 * write it at a time.
 * @param files Their names in the folder of `group`, and their contents.
 * @throws {Error} The error of the system with the path, such as a missing permission or a
 * full disk. The old files are then unchanged.
 */
export async function writeFilesTogether(
  group: string,
  files: Readonly<Record<string, FileContent>>,
): Promise<void> {
  await settleFiles(group);
  const aside = besideOf(group, PARTIAL);
  partials.add(aside);
  try {
    for (const name of await listFiles(aside)) {
      // Of another try, which was killed; what is half-written is written over.
      if (!(name.replace(/\.partial$/, "") in files)) await removeFile(join(aside, name));
    }
    for (const [name, data] of Object.entries(files)) {
      await writeFileAtomically(join(aside, name), data);
    }
    await rename(aside, besideOf(group, WHOLE));
  } catch (error) {
    await removeFolder(aside).catch(() => {});
    throw error;
  } finally {
    partials.delete(aside);
  }
  await settleFiles(group);
}

/** Whether a move of a group was interrupted, so that its files may be of two writings. */
export function isUnsettled(group: string): Promise<boolean> {
  return exists(besideOf(group, WHOLE));
}

/** Ends the move of a group's files that was interrupted, see {@linkcode writeFilesTogether}. */
export async function settleFiles(group: string): Promise<void> {
  const whole = besideOf(group, WHOLE);
  for (const name of await listFiles(whole)) {
    await rename(join(whole, name), join(dirname(group), name));
  }
  await removeFolder(whole);
}

/** Removes the files of a group that a process which was killed has not written whole. */
export async function removeUnfinishedFiles(group: string): Promise<void> {
  await removeFolder(besideOf(group, PARTIAL));
}

function besideOf(group: string, end: string): string {
  return join(dirname(group), `.${basename(group)}.${end}`);
}
