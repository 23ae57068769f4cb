/**
 * Replaces a folder by one that was made beside it, so that its name shows the old one or
 * the new one, whole, whenever the process ends.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { exists, isLink, listNames, removeFile, removeFolder, rename } from "./files.ts";
import { lock, type LockOptions } from "./lock.ts";

/** How a folder is made. */
export interface FolderOptions extends LockOptions {
  /** Whether a file belongs to what is made; other files of the old folder are kept. */
  isPart: (name: string) => boolean;
  /** Name of the file that is written last. */
  last: string;
}

/**
 * Makes a folder anew, under a lock.
 *
 * @param folder The folder.
 * @param options What it holds.
 * @param find Looks whether the folder is the wanted one already.
 * @param make Makes the new folder at the path it is given, where an earlier try may have
 * left files.
 * @returns What `find` has found; `undefined` if the folder was made anew.
 * @throws {Error} If the folder is a symbolic link, or as {@linkcode lock}, `find` and
 * `make`; the old folder is then unchanged.
 */
export async function replaceFolder<T>(
  folder: string,
  options: FolderOptions,
  find: () => Promise<T | undefined>,
  make: (aside: string) => Promise<void>,
): Promise<T | undefined> {
  if (await isLink(folder)) {
    throw new RangeError(
      `Cannot write to "${folder}" as it must be a folder: found a symbolic link; remove the link, or choose another name`,
    );
  }
  const beside = (end: string) => join(dirname(folder), `.${basename(folder)}.${end}`);
  const aside = beside("new"), old = beside("old");
  using _lock = await lock(beside("lock"), folder, options);
  await settle(folder, aside, old, options);
  const found = await find();
  if (await isLink(aside)) await removeFile(aside);
  if (found !== undefined) {
    await removeFolder(aside); // of another try, which was interrupted
    return found;
  }
  await make(aside);
  if (await exists(folder)) await rename(folder, old);
  await rename(aside, folder);
  await takeOver(old, folder, options);
}

/** Ends an exchange that was interrupted. */
async function settle(
  folder: string,
  aside: string,
  old: string,
  options: FolderOptions,
): Promise<void> {
  if (!await exists(old)) return;
  if (!await exists(folder)) {
    await rename(await exists(join(aside, options.last)) ? aside : old, folder);
  }
  await takeOver(old, folder, options);
}

/** Moves the files that belong to somebody else, then removes the old folder. */
async function takeOver(
  old: string,
  folder: string,
  { isPart }: FolderOptions,
): Promise<void> {
  for (const name of await listNames(old)) {
    const to = join(folder, name);
    if (!isPart(name) && !await exists(to)) await rename(join(old, name), to);
  }
  await removeFolder(old);
}
