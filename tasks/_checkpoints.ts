/**
 * Finds the checkpoint that a task was told to use.
 *
 * @module
 */

import { exists, readFile } from "../src/files.ts";
import { type Checkpoint, decodeCheckpoint } from "../src/io/checkpoint.ts";
import { Sgp } from "../src/model/sgp.ts";
import { nearestName } from "../src/nearest.ts";

/** Where checkpoints lie. */
export const CHECKPOINTS = "checkpoints";

const SUFFIX = ".safetensors";

/** The path of a checkpoint: of its name in the folder, or as it was given. */
export function checkpointPath(nameOrPath: string): string {
  return nameOrPath.endsWith(SUFFIX) || nameOrPath.includes("/")
    ? nameOrPath
    : `${CHECKPOINTS}/${nameOrPath}${SUFFIX}`;
}

/**
 * The path of a checkpoint that is there.
 *
 * @throws {RangeError} If there is none; the message has the nearest.
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
 * @throws {RangeError} If there is none; the message has the nearest.
 */
export async function openCheckpoint(nameOrPath: string): Promise<Checkpoint> {
  const path = await findCheckpoint(nameOrPath);
  return decodeCheckpoint(await readFile(path), path);
}

/** Names of all checkpoints in the folder. */
export async function checkpointNames(): Promise<string[]> {
  if (!await exists(CHECKPOINTS)) return [];
  const entries = await Array.fromAsync(Deno.readDir(CHECKPOINTS));
  return entries.map(({ name }) => name).filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length)).sort();
}

/** The network of a checkpoint; the caller disposes it. */
export function networkOf({ config, parameters, words }: Checkpoint): Sgp {
  const values = new Map(Array.from(parameters, ([name, { data }]) => [name, data]));
  return new Sgp(config, values, words);
}
