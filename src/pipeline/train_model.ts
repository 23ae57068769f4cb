/**
 * Trains a model on a dataset given by name.
 *
 * @module
 */

import { lastName } from "../address.ts";
import type { Preset, VariantName } from "../config.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { type BackendName, checkBackend, useBackend } from "../kernels/backend.ts";
import { labelPredictorOf } from "../label_predictor/of_dataset.ts";
import { checkNoOtherRun, type RunResult, trainAndSave } from "../train/run.ts";
import type { RunOptions } from "../train/run_options.ts";
import { runName } from "../train/run_paths.ts";
import type { EpochEvent } from "../train/trainer.ts";
import { chooseWorkers } from "../train/worker_pool.ts";
import { readWordTable } from "../words/word_table.ts";
import { CHECKPOINTS } from "./checkpoints.ts";
import { BUILT_IN, openDataset } from "./datasets.ts";
import { type Listener, SILENT } from "./listener.ts";

/** The model to train, the dataset, and how to train. */
export interface TrainOptions {
  variant: VariantName;
  /** Name of the processed dataset. */
  dataset: string;
  /** Folder of the checkpoints; default: {@linkcode CHECKPOINTS}. */
  folder?: string;
  /** Name of the checkpoints; default: {@linkcode runNameOf}. */
  name?: string;
  /** Number of runs, whose seeds count up from `seed`. */
  seeds: number;
  seed: number;
  /** Sizes of the network and settings of its training. */
  settings: (seed: number) => Preset;
  /** The command that repeats the run of a seed, which its checkpoints record. */
  command: (seed: number) => string;
  /** The backend; default: its own choice. */
  backend?: BackendName;
  /** Whether to produce the same bytes on every machine; default false. */
  deterministic?: boolean;
  /** Number of cores; default: as many as the backend can use. */
  workers?: number;
  /** Path of a file of word vectors; default: the shipped table. */
  embeddings?: string;
  /** Whether to resume an interrupted run, see {@linkcode trainAndSave}. */
  resume?: boolean | "if possible";
  /** Whether to replace runs of other settings; default false. */
  force?: boolean;
  /** Pauses each run after this epoch, see {@linkcode trainAndSave}. */
  until?: number;
  /** Called after each epoch of each run. */
  onEpoch?: (event: EpochEvent, run: { name: string; seed: number }) => void;
}

/** One trained run. */
export interface TrainedRun extends RunResult {
  name: string;
  seed: number;
  /** Description of the backend for people. */
  backend: string;
}

/** The name of a variant's checkpoints, which includes the dataset unless it is built in. */
export function runNameOf(variant: VariantName, dataset: string): string {
  return dataset === BUILT_IN ? variant : `${variant}_${lastName(dataset)}`;
}

/** The runs of a job: checked, not begun. */
interface PlannedRuns {
  dataset: Dataset;
  runs: (RunOptions & { seed: number })[];
}

/**
 * Checks before any work that runs can begin, and replace no run of other settings.
 *
 * @param options The model to train, the dataset, and how to train.
 * @param listener Receives the progress of a dataset that has to be generated.
 * @returns The dataset and the runs, one for each seed.
 * @throws {RangeError} If a setting is out of range, the dataset does not exist, or a
 * run of the name has other settings and `force` is not set.
 */
export async function planRuns(
  options: TrainOptions,
  listener: Listener = SILENT,
): Promise<PlannedRuns> {
  const { variant, deterministic, workers, resume, force, until } = options;
  const { folder = CHECKPOINTS, settings, command } = options;
  settings(options.seed);
  checkBackend(options.backend, options);
  chooseWorkers(workers, options.backend ?? "wasm");
  const name = options.name ?? runNameOf(variant, options.dataset);
  const dataset = await openDataset(options.dataset, listener);
  const words = options.embeddings
    ? await readWordTable(options.embeddings, dataset.vocabulary)
    : undefined;
  const runs = Array.from({ length: options.seeds }, (_, i) => {
    const seed = options.seed + i;
    return {
      ...{ seed, dataset, variant, words, folder, until, ...settings(seed) },
      ...{ name: runName(name, i, seed), resume, force, workers, deterministic },
      command: command(seed),
    };
  });
  for (const run of runs) await checkNoOtherRun(run);
  return { dataset, runs };
}

/**
 * Trains one or several seeds of a variant.
 *
 * @param options The model to train, the dataset, and how to train.
 * @param listener Receives notes and progress.
 * @returns Each run as soon as it is finished.
 * @throws {RangeError} Before any work, as {@linkcode planRuns}; and as {@linkcode trainAndSave}.
 */
export async function* trainModel(
  options: TrainOptions,
  listener: Listener = SILENT,
): AsyncGenerator<TrainedRun, void> {
  const { deterministic, onEpoch } = options;
  const { dataset, runs } = await planRuns(options, listener);
  const labelPredictor = await labelPredictorOf(dataset);
  const { description } = await useBackend(options.backend, { deterministic });
  listener.note(`Backend: ${description}`);
  for (const [i, { seed, ...run }] of runs.entries()) {
    const { name, model, train } = run;
    if (i === 0) listener.note(`Settings: ${JSON.stringify({ ...model, ...train })}`);
    const bar = listener.progress(name, "images");
    let validation = "";
    const result = await trainAndSave({
      ...run,
      labelPredictor,
      onWait: (owner) => listener.note(`Waiting for ${owner}, which trains the same`),
      onStart: (workers) => listener.note(`Workers: ${workers}`),
      onEvent: (event) => {
        if (event.type === "epoch") {
          onEpoch?.(event, { name, seed });
          const recall = (100 * event.validation.recall).toFixed(2);
          validation = `, validation recall ${recall} %`;
          return;
        }
        bar.update(
          (event.epoch - 1) * event.size + event.done,
          train.epochs * event.size,
          `epoch ${event.epoch}, loss ${event.loss.toFixed(1)}${validation}`,
        );
      },
    });
    bar.done();
    yield { ...result, name, seed, backend: description };
  }
}
