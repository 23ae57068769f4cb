/**
 * Locks files, so that of several processes one works on a folder at a time.
 *
 * @module
 */

import { dirname } from "node:path";
import { makeFolderOf } from "./folders.ts";
import { unlessMissing } from "./missing.ts";
import { partials } from "./partial.ts";
import { exists } from "./read.ts";
import { writeAll } from "./write.ts";

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
