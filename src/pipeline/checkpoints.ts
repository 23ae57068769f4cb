/**
 * Finds a checkpoint by the name that a command was given.
 *
 * @module
 */

import { type Checkpoint, decodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { exists, listFiles, readFile } from "../files.ts";
import { nearestName } from "../nearest.ts";

/** Where the commands keep checkpoints. */
export const CHECKPOINTS = "checkpoints";

const SUFFIX = ".safetensors";

/** The path of a checkpoint: that of its name in the folder, or the path as given. */
export function checkpointPath(nameOrPath: string): string {
  return nameOrPath.endsWith(SUFFIX) || /[/\\]/.test(nameOrPath)
    ? nameOrPath
    : `${CHECKPOINTS}/${nameOrPath}${SUFFIX}`;
}

/**
 * The path of a checkpoint that exists.
 *
 * @throws {RangeError} If no file has the path; the message names the nearest.
 */
export async function findCheckpoint(nameOrPath: string): Promise<string> {
  const path = checkpointPath(nameOrPath);
  if (await exists(path)) return path;
  const nearest = nearestName(nameOrPath, await checkpointNames());
  throw new RangeError(
    `Cannot find the checkpoint "${path}": ${
      nearest
        ? `the nearest that is there is "${nearest}"`
        : `run "deno task train" first`
    }`,
  );
}

/**
 * Reads a checkpoint by name or path.
 *
 * @throws {RangeError} If it is missing; the message names the nearest.
 * @throws {SyntaxError | RangeError | TypeError} If it is damaged.
 */
export async function openCheckpoint(nameOrPath: string): Promise<Checkpoint> {
  const path = await findCheckpoint(nameOrPath);
  return decodeCheckpoint(await readFile(path), path);
}

async function checkpointNames(): Promise<string[]> {
  const names = await listFiles(CHECKPOINTS);
  return names.filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length));
}
