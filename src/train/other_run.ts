/**
 * Keeps a run's files from being replaced by those of a run of other settings.
 *
 * @module
 */

import { exists, readFile } from "../files.ts";
import { type Checkpoint, decodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { type EarlierRun, isFinished, parseLog, type Settings } from "./earlier_run.ts";
import type { RunPaths } from "./run_paths.ts";

/** The most differences that a message lists. */
const MAX_SHOWN = 4;

/** A run that would be replaced. */
export interface OtherRun {
  /** The checkpoint that tells it. */
  path: string;
  /** What differs, such as `epochs is 12, wanted 1`. */
  differences: string[];
  /** How far it is, and the command that finishes it; not set if it is finished. */
  unfinished?: { epoch: number; epochs: number; command: string };
}

/**
 * Finds a run of other settings, finished or not, or a model that no run of this program
 * left. Its last checkpoint tells it, or else its best one.
 *
 * @param paths Files of the run that is wanted.
 * @param wanted Its settings.
 * @param workers Its number of workers, if that matters and is given.
 * @returns What differs; `undefined` if no run is there, the same one, or files that cannot
 * be read.
 */
export async function findOtherRun(
  paths: RunPaths,
  wanted: Settings,
  workers?: number,
): Promise<OtherRun | undefined> {
  for (const path of [paths.last, paths.best]) {
    const found = await tryToRead(path);
    if (!found) continue;
    const { training, state } = found;
    if (!training.config || path === paths.last && !state) {
      return { path, differences: [`it comes from "${training.command}"`] };
    }
    const differences = differencesOf(found, wanted);
    const had = training.workers ?? 1;
    if (workers !== undefined && !training.deterministic && workers !== had) {
      differences.push(`workers is ${had}, wanted ${workers}`);
    }
    if (differences.length === 0) continue;
    if (!state || await isWhole(found, paths.log)) return { path, differences };
    const { config: { epochs }, command } = training;
    return { path, differences, unfinished: { epoch: state.epoch, epochs, command } };
  }
}

/**
 * Refuses to replace a run.
 *
 * @param name Name of the wanted run.
 * @param other The run that is there.
 * @throws {RangeError} Always.
 */
export function refuseToReplace(
  name: string,
  { path, differences, unfinished }: OtherRun,
): never {
  const hidden = differences.length - MAX_SHOWN;
  const shown = [
    ...differences.slice(0, MAX_SHOWN),
    ...hidden > 0 ? [`and ${hidden} more`] : [],
  ].join("; ");
  const what = unfinished
    ? `an unfinished model (epoch ${unfinished.epoch} of ${unfinished.epochs})`
    : "a finished model";
  const finish = unfinished
    ? `finish the old one with "${unfinished.command} --resume", `
    : "";
  throw new RangeError(
    `Cannot train "${name}" as "${path}" is ${what} of other settings: ${shown}; give the new one a name with --name, ${finish}or replace the old one with --force`,
  );
}

async function tryToRead(path: string): Promise<Checkpoint | undefined> {
  if (!await exists(path)) return undefined;
  try {
    return decodeCheckpoint(await readFile(path), path);
  } catch { /* what cannot be read is no loss */ }
}

/** Whether all epochs of a run were done, as far as its files tell. */
async function isWhole(found: Checkpoint, log: string): Promise<boolean> {
  const { config } = found.training;
  let epochs: EarlierRun["epochs"] = [];
  try {
    epochs = parseLog(await readFile(log), found.state!.epoch, log);
  } catch { /* a run without its log is finished if it has all epochs */ }
  return found.state!.epoch >= config!.epochs || isFinished(epochs, config!);
}

function differencesOf(found: Settings, wanted: Settings): string[] {
  const differences: string[] = [];
  const compare = (name: string, old: unknown, now: unknown) => {
    const [a, b] = [old, now].map((value) => JSON.stringify(value) ?? "not set");
    if (a !== b) differences.push(`${name} is ${a}, wanted ${b}`);
  };
  const fields = (old: object = {}, now: object = {}) => {
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const of = (settings: object) => (settings as Record<string, unknown>)[name];
      compare(name, of(old), of(now));
    }
  };
  fields(found.config, wanted.config);
  fields(found.training.config, wanted.training.config);
  const { dataset: old, deterministic } = found.training;
  const { dataset: now } = wanted.training;
  compare("dataset", old.name, now.name);
  if (old.name === now.name && old.inputsHash !== now.inputsHash) {
    differences.push(`dataset "${now.name}" was made anew from other inputs`);
  }
  compare("label predictor", old.labelPredictor.name, now.labelPredictor.name);
  compare(
    "deterministic",
    deterministic ?? false,
    wanted.training.deterministic ?? false,
  );
  if (JSON.stringify(found.words) !== JSON.stringify(wanted.words)) {
    differences.push("the word vectors are others");
  }
  return differences;
}
