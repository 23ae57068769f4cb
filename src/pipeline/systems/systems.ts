/**
 * Opens the systems that can be scored, by name or path: a checkpoint, a file of
 * predictions, the dataset's own label predictor, or a table of its counts.
 *
 * @module
 */

import { fileNameOf, isWebAddress, lastName, withoutSecrets } from "../../address.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { exists } from "../../files.ts";
import { checkQuantizable } from "../../model/int8.ts";
import { Sgp } from "../../model/sgp.ts";
import { calibrate } from "../../train/calibrate.ts";
import type { Vocabulary } from "../../vocabulary.ts";
import { openCheckpoint } from "../checkpoints.ts";
import { folderName } from "../datasets.ts";
import { type Listener, SILENT } from "../listener.ts";
import { localFile } from "../remote_files.ts";

/** Name of the system that returns the dataset's own logits unchanged. */
export const LABEL_PREDICTOR = "label_predictor";

/** Name of the system that counts the relations of training; see `count_table.ts`. */
export const COUNT_TABLE = "frequency";

/** Whether a name is that of a checkpoint, which knows the data that it was trained on. */
export function isCheckpointName(given: string): boolean {
  return given !== LABEL_PREDICTOR && given !== COUNT_TABLE && !isPredictions(given);
}

/** Whether a path or an address is that of a file of predictions, by its ending. */
function isPredictions(given: string): boolean {
  return PREDICTIONS.test(isWebAddress(given) ? fileNameOf(given) : given);
}

/** Endings of files of predictions; what a file holds is seen from its content. */
const PREDICTIONS = /\.(json|jsonl|ndjson|mat|npz|pkl|pickle|p|pytorch|pth|pt)$/i;

/** A checkpoint that can be scored. */
export interface CheckpointSystem {
  kind: "checkpoint";
  /** Short name, without folder and extension. */
  name: string;
  /** Its name, path or address as given, without secrets. */
  given: string;
  /** Path of its file, if it was opened from one. */
  path?: string;
  checkpoint: Checkpoint;
  /** Whether labels stay as they are given, as with `predict --labels keep`. */
  keepsLabels?: boolean;
}

/** A file of predictions, by path or address; `path` is where it lies on this machine. */
export interface PredictionsSystem {
  kind: "predictions";
  name: string;
  given: string;
  path: string;
  /** The address that it was fetched from. */
  address?: string;
}

/** A system that can be scored. */
export type ScoredSystem =
  | { kind: typeof LABEL_PREDICTOR; name: string; given: string }
  | { kind: typeof COUNT_TABLE; name: string; given: string }
  | PredictionsSystem
  | CheckpointSystem;

/**
 * Opens a system by name.
 *
 * @param given `label_predictor`; `frequency`; the path of a file of predictions (`.json`, `.jsonl`,
 * `.ndjson`, `.npz`, `.pkl`, `.mat`, `.pytorch`); or the name or path of a checkpoint. In
 * place of a path there may be an address, whose file is fetched.
 * @param listener Receives progress.
 * @returns The system, with a short name without folder and extension.
 * @throws {RangeError} If it does not exist; the message suggests the nearest checkpoint.
 * @throws {SyntaxError | RangeError | TypeError} If a checkpoint is damaged.
 */
export async function openSystem(
  source: string,
  listener: Listener = SILENT,
): Promise<ScoredSystem> {
  const given = withoutSecrets(source), name = shortName(source);
  if (given === LABEL_PREDICTOR) return { kind: LABEL_PREDICTOR, name: given, given };
  if (given === COUNT_TABLE) return { kind: COUNT_TABLE, name: given, given };
  const path = await localFile(source, listener);
  if (isPredictions(source)) {
    if (!await exists(path)) {
      throw new RangeError(
        `Cannot find the predictions "${given}": there is no such file; check the path`,
      );
    }
    const address = isWebAddress(source) ? source : undefined;
    return { kind: "predictions", name, given, path, ...address && { address } };
  }
  const checkpoint = await openCheckpoint(path);
  return { kind: "checkpoint", name, given, path, checkpoint };
}

/**
 * Opens several systems and gives them different names.
 *
 * @param given The systems, as {@linkcode openSystem} takes them.
 * @returns The systems; where short names would be equal, they keep their names as given.
 * @throws {RangeError} If a system is given twice, and as {@linkcode openSystem}.
 */
export async function openSystems(
  given: readonly string[],
  listener: Listener = SILENT,
): Promise<ScoredSystem[]> {
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new RangeError(
      `Cannot compare "${withoutSecrets(twice)}" with itself: name another system`,
    );
  }
  const systems = await Promise.all(given.map((one) => openSystem(one, listener)));
  return systems.map((system) =>
    systems.filter(({ name }) => name === system.name).length === 1
      ? system
      : { ...system, name: system.given }
  );
}

/** The name without folder and extension: `mine` for `folder/mine.jsonl`. */
export function shortName(path: string): string {
  const name = isWebAddress(path) ? fileNameOf(path) : lastName(path);
  return name.replace(PREDICTIONS, "").replace(/\.safetensors$/i, "");
}

/**
 * Checks that a checkpoint has the vocabulary of a dataset. Files of predictions are
 * checked while they are read.
 *
 * @throws {RangeError} If the vocabularies differ; the message names checkpoint and
 * dataset.
 */
export function checkVocabulary(system: ScoredSystem, dataset: Dataset): void {
  if (system.kind !== "checkpoint") return;
  const { vocabulary } = system.checkpoint;
  const fail = (why: string): never => {
    throw new RangeError(
      `Cannot evaluate "${system.given}" on "${folderName(dataset)}": ${why}`,
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

/** Whether the names are mere numbers, as `import-tf` gives them without a dataset. */
function isNumbered({ entities, predicates }: Vocabulary): boolean {
  return entities.every((name, i) => name === `class ${i}`) &&
    predicates.every((name, i) => name === `predicate ${i}`);
}

/** Builds the network of a checkpoint; the caller disposes it. */
export function networkOf({ config, parameters, words }: Checkpoint): Sgp {
  const values = new Map(Array.from(parameters, ([name, { data }]) => [name, data]));
  return new Sgp(config, values, words);
}

/**
 * Builds the network of a checkpoint for a dataset. In 8 bits, a checkpoint without
 * activation ranges is calibrated on the validation images of the dataset.
 *
 * @param system The checkpoint.
 * @param dataset The dataset.
 * @param isInt8 Whether to compute in 8 bits.
 * @param listener Receives a note of the calibration.
 * @returns The network; the caller disposes it.
 * @throws {RangeError} If the network has no layers for 8 bits, or the validation images
 * have no box.
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
      `Cannot calibrate on "${
        folderName(dataset)
      }" as its validation split must have an image with a box: found none`,
    );
  }
  await sgp.quantize(ranges);
  return sgp;
}
