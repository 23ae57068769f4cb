/**
 * Trains a model on a dataset given by name.
 *
 * @module
 */

import { lastName } from "../address.ts";
import type { Preset, VariantName } from "../config.ts";
import { type BackendName, checkBackend, useBackend } from "../kernels/backend.ts";
import { labelPredictorOf } from "../label_predictor/of_dataset.ts";
import { runName, type RunResult, trainAndSave } from "../train/run.ts";
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

/**
 * Trains one or several seeds of a variant.
 *
 * @param options The model to train, the dataset, and how to train.
 * @param listener Receives notes and progress.
 * @returns Each run as soon as it is finished.
 * @throws {RangeError} Before any work, if a setting is out of range or the dataset does
 * not exist; and as {@linkcode trainAndSave}.
 */
export async function* trainModel(
  options: TrainOptions,
  listener: Listener = SILENT,
): AsyncGenerator<TrainedRun, void> {
  const { variant, deterministic, workers, resume, settings, command } = options;
  settings(options.seed);
  checkBackend(options.backend, options);
  chooseWorkers(workers, options.backend ?? "wasm");
  const name = options.name ?? runNameOf(variant, options.dataset);
  const dataset = await openDataset(options.dataset, listener);
  const words = options.embeddings
    ? await readWordTable(options.embeddings, dataset.vocabulary)
    : undefined;
  const labelPredictor = await labelPredictorOf(dataset);
  const { description } = await useBackend(options.backend, { deterministic });
  listener.note(`Backend: ${description}`);
  for (let i = 0; i < options.seeds; i++) {
    const seed = options.seed + i, run = runName(name, i, seed);
    const { model, train } = settings(seed);
    if (i === 0) listener.note(`Settings: ${JSON.stringify({ ...model, ...train })}`);
    const bar = listener.progress(run, "images");
    let validation = "";
    const result = await trainAndSave({
      ...{ dataset, variant, model, train, words, labelPredictor },
      ...{ folder: CHECKPOINTS, name: run, resume, workers, deterministic },
      command: command(seed),
      onWait: (owner) => listener.note(`Waiting for ${owner}, which trains the same`),
      onStart: (workers) => listener.note(`Workers: ${workers}`),
      onEvent: (event) => {
        if (event.type === "epoch") {
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
    yield { ...result, name: run, seed, backend: description };
  }
}
