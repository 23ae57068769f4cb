/**
 * The systems that can be scored, by the names that commands are given: a checkpoint, a
 * file of predictions, or the dataset's own label predictor.
 *
 * @module
 */

import { lastName } from "../address.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { exists } from "../files.ts";
import { checkQuantizable } from "../model/int8.ts";
import { Sgp } from "../model/sgp.ts";
import { calibrate } from "../train/calibrate.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { openCheckpoint } from "./checkpoints.ts";
import type { Listener } from "./listener.ts";

/** The name of the system that leaves the dataset's own logits as they are. */
export const LABEL_PREDICTOR = "label_predictor";

/** A checkpoint that can be scored. */
export interface CheckpointSystem {
  kind: "checkpoint";
  /** Short: without folder and ending. */
  name: string;
  /** Its name or path as it was given. */
  given: string;
  checkpoint: Checkpoint;
}

/** A system that can be scored. */
export type ScoredSystem =
  | { kind: typeof LABEL_PREDICTOR; name: string; given: string }
  | { kind: "predictions"; name: string; given: string }
  | CheckpointSystem;

/**
 * Opens a system by name.
 *
 * @param given `label_predictor`; the path of a file of predictions (`.json`, `.jsonl`,
 * `.ndjson`); or the name or path of a checkpoint.
 * @returns The system; its name is short: without folder and ending.
 * @throws {RangeError} If it is missing; the message names the nearest checkpoint.
 * @throws {SyntaxError | RangeError | TypeError} If a checkpoint is damaged.
 */
export async function openSystem(given: string): Promise<ScoredSystem> {
  if (given === LABEL_PREDICTOR) return { kind: LABEL_PREDICTOR, name: given, given };
  if (/\.(json|jsonl|ndjson)$/i.test(given)) {
    if (!await exists(given)) {
      throw new RangeError(`Cannot find the predictions "${given}"`);
    }
    return { kind: "predictions", name: shortName(given), given };
  }
  const checkpoint = await openCheckpoint(given);
  return { kind: "checkpoint", name: shortName(given), given, checkpoint };
}

/**
 * Opens several systems, which get different names.
 *
 * @param given Each as {@linkcode openSystem} takes it.
 * @returns The systems; those of equal short names have their names as given.
 * @throws {RangeError} If one is given twice, and as {@linkcode openSystem}.
 */
export async function openSystems(given: readonly string[]): Promise<ScoredSystem[]> {
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new RangeError(`Cannot compare "${twice}" with itself: name another system`);
  }
  const systems = await Promise.all(given.map(openSystem));
  return systems.map((system) =>
    systems.filter(({ name }) => name === system.name).length === 1
      ? system
      : { ...system, name: system.given }
  );
}

/** `mine` for `folder/mine.jsonl`. */
function shortName(path: string): string {
  return lastName(path).replace(/\.(json|jsonl|ndjson|safetensors)$/i, "");
}

/**
 * Checks that a system speaks of the classes and predicates of a dataset. Files of
 * predictions are checked while they are read.
 *
 * @throws {RangeError} If a checkpoint has another vocabulary; names both.
 */
export function checkVocabulary(system: ScoredSystem, dataset: Dataset): void {
  if (system.kind !== "checkpoint") return;
  const { vocabulary } = system.checkpoint;
  const fail = (why: string): never => {
    throw new RangeError(
      `Cannot evaluate "${system.given}" on "${dataset.manifest.name}": ${why}`,
    );
  };
  const { numEntityClasses: c, numPredicates: p } = vocabulary;
  const { numEntityClasses, numPredicates } = dataset.vocabulary;
  if (c !== numEntityClasses || p !== numPredicates) {
    fail(
      `it knows ${c} classes and ${p} predicates, the data has ${numEntityClasses} and ${numPredicates}`,
    );
  }
  if (isNumbered(vocabulary)) return;
  for (const kind of ["entities", "predicates"] as const) {
    const theirs = dataset.vocabulary[kind];
    const at = vocabulary[kind].findIndex((name, i) => name !== theirs[i]);
    if (at < 0) continue;
    fail(
      `"${kind}" must be the same names in the same order: at ${at} it has "${
        vocabulary[kind][at]
      }", the data "${theirs[at]}"`,
    );
  }
}

/** Whether the names are numbers alone, as `import-tf` makes them without a dataset. */
function isNumbered({ entities, predicates }: Vocabulary): boolean {
  return entities.every((name, i) => name === `class ${i}`) &&
    predicates.every((name, i) => name === `predicate ${i}`);
}

/** The network of a checkpoint; the caller disposes it. */
export function networkOf({ config, parameters, words }: Checkpoint): Sgp {
  const values = new Map(Array.from(parameters, ([name, { data }]) => [name, data]));
  return new Sgp(config, values, words);
}

/**
 * The network of a checkpoint, to be used on a dataset; the caller disposes it.
 *
 * @param system The checkpoint.
 * @param dataset For 8 bits, if the checkpoint has no activation ranges: they are
 * calibrated on its validation images.
 * @param isInt8 Whether to compute in 8 bits.
 * @param listener Hears of a calibration.
 * @throws {RangeError} If the network has no layers for 8 bits, or the dataset no box to
 * calibrate on.
 * @throws {Error} If the engine or the backend cannot compute in 8 bits.
 */
export async function openNetwork(
  { given, checkpoint }: CheckpointSystem,
  dataset: Dataset,
  isInt8: boolean,
  listener: Listener,
): Promise<Sgp> {
  if (isInt8) checkQuantizable(checkpoint.config);
  const sgp = networkOf(checkpoint);
  if (!isInt8) return sgp;
  let ranges = checkpoint.activationRanges;
  if (!ranges) {
    listener.note(`Calibrate "${given}" on the validation images`);
    ranges = await calibrate(sgp, dataset.examples("validation"));
  }
  if (!ranges) {
    throw new RangeError(
      `Cannot calibrate on "${dataset.manifest.name}" as an image of its validation split must have a box: found none`,
    );
  }
  await sgp.quantize(ranges);
  return sgp;
}
