/**
 * Finds and opens checkpoints by name or path.
 *
 * @module
 */

import { type Checkpoint, decodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { exists, listFiles, readFile } from "../files.ts";
import { nearestName } from "../nearest.ts";

/** The folder in which the tasks keep checkpoints. */
export const CHECKPOINTS = "checkpoints";

const SUFFIX = ".safetensors";

/** The path of a checkpoint: a name is looked up in {@linkcode CHECKPOINTS}. */
export function checkpointPath(nameOrPath: string): string {
  return nameOrPath.endsWith(SUFFIX) || /[/\\]/.test(nameOrPath)
    ? nameOrPath
    : `${CHECKPOINTS}/${nameOrPath}${SUFFIX}`;
}

/**
 * Finds a checkpoint.
 *
 * @returns Its path.
 * @throws {RangeError} If it does not exist; the message suggests the nearest.
 */
export async function findCheckpoint(nameOrPath: string): Promise<string> {
  const path = checkpointPath(nameOrPath);
  if (await exists(path)) return path;
  const nearest = nearestName(nameOrPath, await checkpointNames());
  throw new RangeError(
    `Cannot find the checkpoint "${path}": ${
      nearest ? `the nearest existing one is "${nearest}"` : `run "deno task train" first`
    }`,
  );
}

/**
 * Reads a checkpoint by name or path.
 *
 * @throws {RangeError} If it does not exist; the message suggests the nearest.
 * @throws {SyntaxError | RangeError | TypeError} If it is damaged.
 */
export async function openCheckpoint(nameOrPath: string): Promise<Checkpoint> {
  const path = await findCheckpoint(nameOrPath);
  return decodeCheckpoint(await readFile(path), path);
}

/**
 * Keeps a trained model from being replaced by one that was not trained there.
 *
 * @param path Where a checkpoint is about to be written.
 * @param flag The flag that says where.
 * @throws {RangeError} If a model is there that was trained by this program.
 */
export async function refuseTrained(
  path: string,
  flag: "--name" | "--out",
): Promise<void> {
  if (!await exists(path)) return;
  let training: Checkpoint["training"] | undefined;
  try {
    ({ training } = decodeCheckpoint(await readFile(path), path));
  } catch { /* what cannot be read is no loss */ }
  if (!training?.config) return;
  throw new RangeError(
    `Cannot write "${path}" as it is a trained model ("${training.command}"); give the new one a name with ${flag}, or replace the old one with --force`,
  );
}

/** Sorted names of the checkpoints in {@linkcode CHECKPOINTS}. */
export async function checkpointNames(): Promise<string[]> {
  const names = await listFiles(CHECKPOINTS);
  return names.filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length));
}
