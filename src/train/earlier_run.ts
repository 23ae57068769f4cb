/**
 * Reads the files of an earlier run, to recognise it as done or to resume it.
 *
 * @module
 */

import type { TrainConfig } from "../config.ts";
import { sha256 } from "../checksum.ts";
import { exists, readFile } from "../files.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  type Training,
} from "../checkpoint/checkpoint.ts";
import { hiddenInputs } from "../model/int8.ts";
import type { EpochEvent } from "./trainer.ts";

/** The settings that identify a run. */
export type Settings = Pick<Checkpoint, "config" | "words"> & {
  training: Pick<Training, "config" | "dataset" | "deterministic">;
};

/** The files of an earlier run. */
export interface EarlierRun {
  /** The last checkpoint. */
  checkpoint: Checkpoint;
  /** One entry for each epoch. */
  epochs: EpochEvent[];
}

/**
 * Reads an earlier run of the same settings.
 *
 * @param paths Its files.
 * @param wanted The settings.
 * @param mustBeWhole Whether a damaged file is an error; if not, it counts as missing.
 * @returns Its last checkpoint and its epochs; `undefined` if a file is missing, the
 * settings differ, or the files are not of one run.
 * @throws {SyntaxError | RangeError} If a file is damaged and `mustBeWhole` is set.
 */
export async function readEarlier(
  paths: { last: string; best: string; log: string },
  wanted: Settings,
  mustBeWhole: boolean,
): Promise<EarlierRun | undefined> {
  for (const path of Object.values(paths)) if (!await exists(path)) return undefined;
  const [bytes, ofBest, log] = await Promise.all([
    readFile(paths.last),
    readFile(paths.best),
    readFile(paths.log),
  ]);
  try {
    const checkpoint = decodeCheckpoint(bytes, paths.last);
    const { config, state } = checkpoint;
    if (!state || !isSame(checkpoint, wanted)) return undefined;
    // An older version wrote no ranges, or one for each layer as a whole.
    const lacksRanges = hiddenInputs(config).rhoRelation.length > 0 &&
      !checkpoint.activationRanges;
    if (lacksRanges) return undefined;
    const epochs = parseLog(log, state.epoch, paths.log);
    const best = decodeCheckpoint(ofBest, paths.best);
    return isOneRun(checkpoint, best, epochs) ? { checkpoint, epochs } : undefined;
  } catch (error) {
    if (mustBeWhole) throw error;
    return undefined;
  }
}

/**
 * Whether the files are of one run, which is not so if another run under the same name
 * was killed while it saved: every checkpoint has the losses that the log tells of its
 * epoch. The best may be one epoch ahead, as it is written first.
 */
function isOneRun(
  last: Checkpoint,
  best: Checkpoint,
  epochs: readonly EpochEvent[],
): boolean {
  const isLogged = ({ training: { epoch, metrics } }: Checkpoint) => {
    const { validation } = epochs[epoch - 1];
    return metrics.validation_recall === validation.recall &&
      metrics.validation_loss === validation.loss;
  };
  const { epoch, workers } = best.training;
  const isAhead = epoch === epochs.length + 1;
  const isBest = epoch === epochs.findLast(({ isBest }) => isBest)?.epoch;
  return isSame(best, last) && workers === last.training.workers && isLogged(last) &&
    (isAhead || isBest && isLogged(best));
}

function isSame(a: Settings, b: Settings): boolean {
  return settingsText(a) === settingsText(b);
}

/** A hash of the settings, which is the same for the same run. */
export function settingsHash(settings: Settings): string {
  return sha256(settingsText(settings));
}

function settingsText({ config, words, training }: Settings): string {
  return JSON.stringify([
    ...[config, words, training.config, training.dataset],
    training.deterministic ?? false,
  ]);
}

/** Reads the first epochs of a log, which may be one epoch ahead of the checkpoint. */
export function parseLog(
  bytes: Uint8Array,
  numEpochs: number,
  path: string,
): EpochEvent[] {
  const lines = new TextDecoder().decode(bytes).split("\n");
  return Array.from({ length: numEpochs }, (_, i) => {
    let event: EpochEvent | undefined;
    try {
      event = JSON.parse(lines[i]);
    } catch { /* the error below says it */ }
    if (event?.epoch === i + 1) return event;
    throw new SyntaxError(
      `Cannot resume as line ${i + 1} of "${path}" must be epoch ${
        i + 1
      } as JSON; leave out --resume to start anew`,
    );
  });
}

/** Whether no epoch is left to train: all are done, or patience has run out. */
export function isFinished(epochs: readonly EpochEvent[], train: TrainConfig): boolean {
  const best = epochs.findLast(({ isBest }) => isBest)?.epoch ?? 0;
  return epochs.length >= train.epochs ||
    train.patience > 0 && epochs.length - best >= train.patience;
}
