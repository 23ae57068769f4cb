/**
 * Options of a training run, and what its checkpoints record of them.
 *
 * @module
 */

import type { Checkpoint, Training } from "../checkpoint/checkpoint.ts";
import type { ModelShape, TrainConfig, VariantName } from "../config.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { WordTable } from "../words/word_vectors.ts";
import type { EpochEvent, UpdateEvent } from "./trainer.ts";

/** What to train, on what, and where its files go. */
export interface RunOptions {
  /** Training and validation images. */
  dataset: Dataset;
  /** Variant of the network. */
  variant: VariantName;
  /** Shape of the network. */
  model: ModelShape;
  /** Settings of the training. */
  train: TrainConfig;
  /** Folder of the checkpoints. */
  folder: string;
  /** Names the files `<name>.safetensors`, `<name>_best.safetensors`, `<name>.jsonl`. */
  name: string;
  /** The command line, which the checkpoint records. */
  command: string;
  /**
   * Whether to continue an interrupted run of the same settings; `"if possible"` starts a
   * new run if none is there. Default false.
   */
  resume?: boolean | "if possible";
  /** Whether to replace a run of other settings; default false. */
  force?: boolean;
  /** Pauses after this epoch, as if interrupted: `resume` continues; default: never. */
  until?: number;
  /** Word vectors; default: the table that comes with the library. */
  words?: WordTable;
  /** A fitted label predictor to keep in the checkpoint. */
  labelPredictor?: Checkpoint["labelPredictor"];
  /**
   * Number of cores that learn and validate; default: as many as the resumed run had, else
   * one for each core. 1 means the main thread alone.
   */
  workers?: number;
  /**
   * Whether the backend was started with `deterministic`: the bytes are then the same for
   * every number of workers (but differ from those of other runs); default false.
   */
  deterministic?: boolean;
  /** Called before a wait for another process that makes the same run. */
  onWait?: (owner: string) => void;
  /** Called once before the first update, with the number of workers. */
  onStart?: (workers: number) => void;
  /** Called after each update and epoch. */
  onEvent?: (event: UpdateEvent | EpochEvent) => void;
}

/**
 * The record of a run.
 *
 * @param options Its options.
 * @param epoch Number of epochs that are done.
 * @param metrics Values of the validation after them.
 */
export function trainingOf(
  { dataset: { manifest }, train, command, deterministic }: RunOptions,
  epoch: number,
  metrics: Training["metrics"],
): Training {
  const { name, inputsHash, labelPredictor } = manifest;
  return {
    config: train,
    command,
    dataset: {
      name,
      inputsHash,
      labelPredictor: { name: labelPredictor.name, simulated: labelPredictor.simulated },
    },
    ...(deterministic && { deterministic }),
    epoch,
    metrics,
  };
}
