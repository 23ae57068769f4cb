/**
 * A training run: from a dataset to checkpoints on the disk, resumable.
 *
 * @module
 */

import {
  type ModelShape,
  parseTrainConfig,
  type TrainConfig,
  type VariantName,
} from "../config.ts";
import { ConfidenceData } from "../confidence/confidence.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { removeFile, writeFileAtomically } from "../files.ts";
import { lock } from "../lock.ts";
import {
  type Checkpoint,
  encodeCheckpoint,
  type Training,
} from "../checkpoint/checkpoint.ts";
import { tf } from "../deps/tf.ts";
import { Sgp } from "../model/sgp.ts";
import type { WordTable } from "../words/word_vectors.ts";
import { chooseNetwork } from "./choose_network.ts";
import { calibrate } from "./calibrate.ts";
import {
  type EarlierRun,
  isFinished,
  readEarlier,
  type Settings,
  settingsHash,
} from "./earlier_run.ts";
import { findOtherRun, type OtherRun, refuseToReplace } from "./other_run.ts";
import { ParallelSgp } from "./parallel_sgp.ts";
import { type EpochEvent, Trainer, type UpdateEvent } from "./trainer.ts";
import { validate } from "./validate.ts";
import { chooseWorkers, WorkerPool } from "./worker_pool.ts";

/** Milliseconds between two chances for signals (Ctrl-C) to arrive. */
const TURN_INTERVAL = 100;

/** Name of the checkpoints of one run: that of the first seed is plain. */
export function runName(name: string, index: number, seed: number): string {
  return index === 0 ? name : `${name}_seed${seed}`;
}

/** Settings of {@linkcode trainAndSave}. */
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
  /** Whether to replace a finished run of other settings; default false. */
  force?: boolean;
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

/** Result of {@linkcode trainAndSave}. */
export interface RunResult {
  /** Path of the best checkpoint. */
  best: string;
  /** Path of the last checkpoint. */
  last: string;
  /** One entry for each epoch. */
  epochs: EpochEvent[];
  /** Whether the run was finished already, so that nothing was done. */
  wasDone: boolean;
}

/**
 * Trains a network. After each epoch it saves the last checkpoint, the best checkpoint by
 * validation, and a log with one line of JSON for each epoch; each file is written aside
 * and renamed.
 *
 * With `resume` an interrupted run continues from its last whole epoch and gives the same
 * bytes as a run without interruption (on the CPU). A finished run is recognised by its
 * settings and the hash of its data, and is not repeated. Unless the run is deterministic,
 * its bytes depend on the number of workers, which the checkpoints record; a run with
 * another number of workers is therefore another run.
 *
 * @throws {RangeError} If a finished run of this name has other settings, unless `force`
 * is set; the message says which. If no run can be resumed or its settings or its number
 * of workers differ; if no validation image has a relation; if a loss is not finite; if the backend
 * has no workers.
 * @throws {Error} If a worker fails; names its images. If another process makes another
 * run of this name; one that makes the same is waited for.
 * @throws {SyntaxError} If a file of the run to resume is damaged.
 */
export async function trainAndSave(options: RunOptions): Promise<RunResult> {
  const { dataset, train, folder, name, onEvent, onStart } = options;
  const paths = pathsOf(options);
  parseTrainConfig(train, "the training settings");
  if (dataset.manifest.splits.validation.relations === 0) {
    throw new RangeError(
      `Cannot train on "${dataset.manifest.name}" as choosing the best epoch needs a validation image with a relation: found none`,
    );
  }
  const { config, words } = await chooseNetwork(options);
  const wanted = { config, words, training: trainingOf(options, 0, {}) };
  using _lock = await lock(`${folder}/.${name}.lock`, paths.last, {
    making: settingsHash(wanted),
    onWait: options.onWait,
  });
  const other = await findOther(options, paths, wanted);
  if (other && !options.force) refuseToReplace(name, paths.last, other);
  let mustRemove = other !== undefined;
  const found = await readEarlier(paths, wanted, options.resume === true);
  const isOther = found && options.resume !== true && !hasWorkers(found, options);
  const earlier = isOther ? undefined : found;
  const epochs = earlier?.epochs ?? [];
  if (earlier && isFinished(earlier.epochs, train)) {
    // Another run of this name may have been killed.
    for (const path of Object.values(paths)) await removeFile(`${path}.partial`);
    return { ...paths, epochs, wasDone: true };
  }
  if (options.resume === true && !earlier) {
    throw new RangeError(
      `Cannot resume "${name}": "${folder}" has no unfinished run of these settings; leave out --resume to start one`,
    );
  }
  const start = options.resume ? earlier : undefined;
  if (!start) epochs.length = 0;
  const workers = workersOf(options, start);
  onStart?.(workers);
  using pool = workers > 1 ? await WorkerPool.start(workers, options) : undefined;
  const sgp = new Sgp(config, start ? valuesOf(start.checkpoint) : train, words);
  const parallel = new ParallelSgp(sgp, { pool, deterministic: options.deterministic });
  let confidence = new ConfidenceData(dataset.vocabulary);
  const trainer = new Trainer(sgp, train, {
    size: dataset.size("train"),
    examples: (shuffleSeed) => dataset.examples("train", { shuffleSeed }),
    validate: () =>
      validate(
        (images) => parallel.validateBatch(images, train),
        dataset.examples("validation"),
        pool?.jobsAtOnce,
        confidence = new ConfidenceData(dataset.vocabulary),
      ),
  }, parallel);
  try {
    if (start) {
      const { state } = start.checkpoint;
      trainer.restore({
        ...state!,
        moments: Array.from(
          state!.moments,
          ([name, { data }]) => ({ name, data, shape: [] }),
        ),
      });
    }
    let lastTurn = performance.now();
    for await (const event of trainer.run()) {
      // WASM never waits for the system, so Ctrl-C would take effect after an epoch only.
      if (performance.now() - lastTurn > TURN_INTERVAL) {
        await new Promise((resolve) => setTimeout(resolve));
        lastTurn = performance.now();
      }
      if (event.type === "epoch") {
        epochs.push(event);
        await save(event);
      }
      onEvent?.(event);
    }
  } finally {
    trainer.dispose();
    sgp.dispose();
  }
  return { ...paths, epochs, wasDone: false };

  async function save(event: EpochEvent): Promise<void> {
    const { epoch, validation, isBest } = event;
    const { epoch: _, moments, ...state } = await trainer.state();
    const checkpoint: Checkpoint = {
      config,
      vocabulary: dataset.vocabulary,
      parameters: new Map((await sgp.parameters.values()).map((p) => [p.name, p])),
      words,
      labelPredictor: options.labelPredictor,
      confidence: confidence.fit(),
      activationRanges: await calibrate(sgp, dataset.examples("validation")),
      training: {
        ...trainingOf(options, epoch, {
          validation_recall: validation.recall,
          validation_loss: validation.loss,
        }),
        ...(workers > 1 && !options.deterministic && { workers }),
      },
    };
    // Without its last checkpoint the old run counts as none, so none is ever mixed.
    if (mustRemove) await removeFile(paths.last);
    mustRemove = false;
    if (isBest) await writeFileAtomically(paths.best, encodeCheckpoint(checkpoint));
    const log = epochs.map((line) => JSON.stringify(line) + "\n").join("");
    await writeFileAtomically(paths.log, log);
    const last = encodeCheckpoint({
      ...checkpoint,
      state: { ...state, epoch, moments: new Map(moments.map((m) => [m.name, m])) },
    });
    // Written after the other two, since a run resumes from this file.
    await writeFileAtomically(paths.last, last);
  }
}

/**
 * Checks before any work that no finished run of other settings would be replaced.
 *
 * @throws {RangeError} If it would be, unless `force` is set; the message says what differs.
 */
export async function checkNoOtherRun(options: RunOptions): Promise<void> {
  if (options.force) return;
  const { config, words } = await chooseNetwork(options);
  const wanted = { config, words, training: trainingOf(options, 0, {}) };
  const paths = pathsOf(options);
  const other = await findOther(options, paths, wanted);
  if (other) refuseToReplace(options.name, paths.last, other);
}

function pathsOf({ folder, name }: RunOptions) {
  return {
    last: `${folder}/${name}.safetensors`,
    best: `${folder}/${name}_best.safetensors`,
    log: `${folder}/${name}.jsonl`,
  };
}

/** A finished run of other settings; one that is to be resumed has its own message. */
async function findOther(
  { resume, workers, deterministic }: RunOptions,
  paths: { last: string; log: string },
  wanted: Settings,
): Promise<OtherRun | undefined> {
  if (resume === true) return undefined;
  return await findOtherRun(paths, wanted, deterministic ? undefined : workers);
}

/** Whether an earlier run had the wanted number of workers, or the number does not matter. */
function hasWorkers(
  { checkpoint: { training } }: EarlierRun,
  { workers, deterministic }: RunOptions,
): boolean {
  return deterministic || workers === undefined || workers === (training.workers ?? 1);
}

/** Chooses the number of workers; a resumed run keeps its own, as its sums depend on it. */
function workersOf(options: RunOptions, earlier: EarlierRun | undefined): number {
  const { workers, deterministic, name, train } = options;
  const backend = tf.getBackend();
  if (!earlier || deterministic) {
    // More workers than images of a batch would be idle.
    return workers === undefined
      ? Math.min(chooseWorkers(workers, backend), train.batchSize)
      : chooseWorkers(workers, backend);
  }
  const startedWith = earlier.checkpoint.training.workers ?? 1;
  if (!hasWorkers(earlier, options)) {
    throw new RangeError(
      `Cannot resume "${name}" with ${workers} workers as it was started with ${startedWith} and would give other bytes; use --workers ${startedWith}, or leave out --resume to start anew`,
    );
  }
  return chooseWorkers(startedWith, backend);
}

function trainingOf(
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

function valuesOf({ parameters }: Checkpoint): Map<string, Float32Array> {
  return new Map(Array.from(parameters, ([name, { data }]) => [name, data]));
}
