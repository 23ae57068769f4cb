/**
 * Finds the checkpoint that a task was told to use.
 *
 * @module
 */

import type { Dataset } from "../src/dataset/dataset.ts";
import { exists, readFile } from "../src/files.ts";
import { type Checkpoint, decodeCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { checkQuantizable } from "../src/model/int8.ts";
import { Sgp } from "../src/model/sgp.ts";
import { nearestName } from "../src/nearest.ts";
import { calibrate } from "../src/train/calibrate.ts";

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

/**
 * The network of a checkpoint by name or path, to be used on a dataset; the caller
 * disposes it.
 *
 * @param nameOrPath The checkpoint.
 * @param dataset What the network must fit; where a checkpoint has no activation ranges,
 * they are found on its validation images.
 * @param options The checkpoint, if it has been read already; whether in 8 bits; what is
 * called before such a search.
 * @throws {RangeError} If there is none, or it does not fit, or has no layers for 8 bits.
 * @throws {Error} If the engine or the backend cannot compute in 8 bits.
 */
export async function openNetwork(
  nameOrPath: string,
  dataset: Dataset,
  options: { checkpoint?: Checkpoint; isInt8: boolean; onCalibrate: () => void },
): Promise<Sgp> {
  const { isInt8, onCalibrate } = options;
  const checkpoint = options.checkpoint ?? await openCheckpoint(nameOrPath);
  const { config } = checkpoint, { name } = dataset.manifest;
  const { numEntityClasses, numPredicates } = dataset.vocabulary;
  if (
    config.numEntityClasses !== numEntityClasses || config.numPredicates !== numPredicates
  ) {
    throw new RangeError(
      `Cannot evaluate "${nameOrPath}" on "${name}": it knows ${config.numEntityClasses} classes and ${config.numPredicates} predicates, the data has ${numEntityClasses} and ${numPredicates}`,
    );
  }
  if (isInt8) checkQuantizable(config);
  const sgp = networkOf(checkpoint);
  if (!isInt8) return sgp;
  let ranges = checkpoint.activationRanges;
  if (!ranges) {
    onCalibrate();
    ranges = await calibrate(sgp, dataset.examples("validation"));
  }
  if (!ranges) {
    throw new RangeError(
      `Cannot calibrate on "${name}" as an image of its validation split must have a box: there is none`,
    );
  }
  await sgp.quantize(ranges);
  return sgp;
}
