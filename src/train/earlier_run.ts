/**
 * Reads the files of an earlier run, to recognise it as done or to resume it.
 *
 * @module
 */

import type { TrainConfig } from "../config.ts";
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
 * @returns Its last checkpoint and its epochs; `undefined` if a file is missing or the
 * settings differ.
 * @throws {SyntaxError | RangeError} If a file is damaged and `mustBeWhole` is set.
 */
export async function readEarlier(
  paths: { last: string; best: string; log: string },
  wanted: Settings,
  mustBeWhole: boolean,
): Promise<EarlierRun | undefined> {
  for (const path of Object.values(paths)) if (!await exists(path)) return undefined;
  const [bytes, log] = await Promise.all([readFile(paths.last), readFile(paths.log)]);
  try {
    const checkpoint = decodeCheckpoint(bytes, paths.last);
    const { training, state } = checkpoint;
    const { config, words } = checkpoint;
    const found: Settings = { config, words, training };
    if (!state || !isSame(found, wanted)) return undefined;
    // Older versions stored no ranges, or a single one for each layer.
    const lacksRanges = hiddenInputs(config).rhoRelation.length > 0 &&
      !checkpoint.activationRanges;
    if (lacksRanges) return undefined;
    return { checkpoint, epochs: parseLog(log, state.epoch, paths.log) };
  } catch (error) {
    if (mustBeWhole) throw error;
    return undefined;
  }
}

function isSame(a: Settings, b: Settings): boolean {
  const textOf = ({ config, words, training }: Settings) =>
    JSON.stringify([
      ...[config, words, training.config, training.dataset],
      training.deterministic ?? false,
    ]);
  return textOf(a) === textOf(b);
}

/** Reads the first epochs of a log, which may be one epoch ahead of the checkpoint. */
function parseLog(bytes: Uint8Array, numEpochs: number, path: string): EpochEvent[] {
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
