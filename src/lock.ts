/**
 * Keeps two processes from making the same thing at once.
 *
 * @module
 */

import { exists, lockFile, readFile, thisProcess } from "./files.ts";

/** Milliseconds between two tries. */
const INTERVAL = 200;

/** Content of a lock file: the process that holds it. */
interface Owner {
  pid: number;
  host?: string;
  /** Milliseconds since 1970. */
  since: number;
  /** Hash of what is made. */
  making?: string;
}

/** Settings of {@linkcode lock}. */
export interface LockOptions {
  /** Hash of what is made: who makes the same waits for the owner instead of failing. */
  making?: string;
  /** Called once, before a wait. */
  onWait?: (owner: string) => void;
  /** Whether the file stays when it is released; default false. */
  keepFile?: boolean;
}

/**
 * Takes a lock, which the system releases when this process ends, however it ends.
 *
 * @param path The file of the lock; its folder is made.
 * @param target What it guards, for the message.
 * @param options Whether to wait.
 * @returns The lock; `using` releases it.
 * @throws {Error} If another process has the lock and makes something else; says which.
 */
export async function lock(
  path: string,
  target: string,
  { making, onWait, keepFile = false }: LockOptions = {},
): Promise<Disposable> {
  const owner: Owner = { ...thisProcess(), since: Date.now(), making };
  let isTold = false;
  // A child process that is just starting holds the files of this one, also a lock that
  // this one has released, for a moment.
  for (let tries = 0;; tries++) {
    const locked = await lockFile(path, JSON.stringify(owner), keepFile);
    if (locked) return locked;
    const other = await ownerOf(path);
    const makesSame = making !== undefined && other?.making === making;
    if (tries * INTERVAL > 1000 && !makesSame) {
      throw new Error(
        `Cannot write to "${target}": another process is writing to it${
          other ? ` (${describe(other)})` : ""
        }; run it again when that has ended`,
      );
    }
    if (makesSame && !isTold) onWait?.(describe(other!));
    isTold ||= makesSame;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

/** The lock of a folder that stays where it is. */
export function lockFolder(folder: string): Promise<Disposable> {
  return lock(`${folder}/.lock`, folder, { keepFile: true });
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(new TextDecoder().decode(await readFile(path)));
    return Number.isInteger(owner.pid) && Number.isFinite(owner.since)
      ? owner
      : undefined;
  } catch (error) {
    // The owner is just writing it, or has just released it.
    if (error instanceof SyntaxError || !await exists(path)) return undefined;
    throw error;
  }
}

function describe({ pid, host, since }: Owner): string {
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
  const where = host === undefined ? "" : ` on "${host}"`;
  return `process ${pid}${where}, for ${seconds} s`;
}
