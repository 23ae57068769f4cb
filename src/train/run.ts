/**
 * A training run: from a dataset to checkpoints on the disk, resumable.
 *
 * @module
 */

import { lastName } from "../address.ts";
import { parseTrainConfig } from "../parse_config.ts";
import { ConfidenceData } from "../confidence/confidence.ts";
import {
  isUnsettled,
  removeUnfinishedFiles,
  settleFiles,
  writeFilesTogether,
} from "../files.ts";
import { lock } from "../lock.ts";
import { type Checkpoint, encodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { tf } from "../deps/tf.ts";
import { rereaderOf } from "../label_predictor/reread.ts";
import { Sgp } from "../model/sgp.ts";
import { chooseNetwork } from "./choose_network.ts";
import { calibrate } from "./calibrate.ts";
import {
  type EarlierRun,
  isFinished,
  readEarlier,
  type Settings,
  settingsHash,
} from "./earlier_run.ts";
import { findOtherRun, refuseToReplace } from "./other_run.ts";
import { ParallelSgp } from "./parallel_sgp.ts";
import { type RunOptions, trainingOf } from "./run_options.ts";
import { runGroup, runPaths } from "./run_paths.ts";
import { type EpochEvent, Trainer } from "./trainer.ts";
import { validate } from "./validate.ts";
import { chooseWorkers, WorkerPool } from "./worker_pool.ts";

/** Milliseconds between two chances for signals (Ctrl-C) to arrive. */
const TURN_INTERVAL = 100;

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
 * validation, and a log with one line of JSON for each epoch. The three are written aside,
 * and moved together once all are whole, so that they are of one run.
 *
 * With `resume` an interrupted run continues from its last whole epoch and gives the same
 * bytes as a run without interruption (on the CPU). A finished run is recognised by its
 * settings and the hash of its data, and is not repeated. Unless the run is deterministic,
 * its bytes depend on the number of workers, which the checkpoints record; a run with
 * another number of workers is therefore another run.
 *
 * @throws {RangeError} If a run of this name, finished or not, has other settings or, where
 * that matters, another number of workers, unless `force` is set; the message says which.
 * If no run can be resumed; if no validation image has a relation; if a loss is not finite;
 * if the backend has no workers.
 * @throws {Error} If a worker fails; names its images. If another process makes another
 * run of this name; one that makes the same is waited for.
 * @throws {SyntaxError} If a file of the run to resume is damaged.
 */
export async function trainAndSave(options: RunOptions): Promise<RunResult> {
  const { dataset, train, folder, name, onEvent, onStart } = options;
  const paths = runPaths(options), group = runGroup(options);
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
  await settleFiles(group);
  if (!options.force) await refuseOther(options, wanted);
  const found = await readEarlier(paths, wanted, options.resume === true);
  const earlier = found && hasWorkers(found, options) ? found : undefined;
  const epochs = earlier?.epochs ?? [];
  if (earlier && isFinished(earlier.epochs, train)) {
    // Another run of this name may have been killed.
    await removeUnfinishedFiles(group);
    return { ...paths, epochs, wasDone: true };
  }
  if (options.resume === true && !earlier) {
    throw new RangeError(
      `Cannot resume "${name}": "${folder}" has no unfinished run of these settings; leave out --resume to start one`,
    );
  }
  const start = options.resume ? earlier : undefined;
  if (!start) epochs.length = 0;
  const until = Math.min(options.until ?? Infinity, train.epochs);
  if (epochs.length >= until) return { ...paths, epochs, wasDone: true };
  const workers = workersOf(options, start);
  onStart?.(workers);
  using pool = workers > 1 ? await WorkerPool.start(workers, options) : undefined;
  const sgp = new Sgp(config, start ? valuesOf(start.checkpoint) : train, words);
  const parallel = new ParallelSgp(sgp, { pool, deterministic: options.deterministic });
  let confidence = new ConfidenceData(dataset.vocabulary);
  const reread = rereaderOf(config.relations, options.labelPredictor);
  const trainer = new Trainer(sgp, train, {
    size: dataset.size("train"),
    examples: (shuffleSeed) => dataset.examples("train", { shuffleSeed }),
    validate: () =>
      validate(
        async (images) => {
          const { loss, outputs } = await parallel.validateBatch(images, train);
          return { loss, outputs: await reread(images, outputs) };
        },
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
      if (event.type === "epoch" && event.epoch >= until) break;
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
    const last: Checkpoint = {
      ...checkpoint,
      state: { ...state, epoch, moments: new Map(moments.map((m) => [m.name, m])) },
    };
    await writeFilesTogether(group, {
      ...isBest && { [lastName(paths.best)]: encodeCheckpoint(checkpoint) },
      [lastName(paths.log)]: epochs.map((line) => JSON.stringify(line) + "\n").join(""),
      [lastName(paths.last)]: encodeCheckpoint(last),
    });
  }
}

/**
 * Checks before any work that no run of other settings would be replaced.
 *
 * @throws {RangeError} If it would be, unless `force` is set; the message says what differs.
 */
export async function checkNoOtherRun(options: RunOptions): Promise<void> {
  // Until an interrupted move is ended, which needs a lock, the files are of two runs.
  if (options.force || await isUnsettled(runGroup(options))) return;
  const { config, words } = await chooseNetwork(options);
  await refuseOther(options, { config, words, training: trainingOf(options, 0, {}) });
}

async function refuseOther(options: RunOptions, wanted: Settings): Promise<void> {
  const workers = options.deterministic ? undefined : options.workers;
  const other = await findOtherRun(runPaths(options), wanted, workers);
  if (other) refuseToReplace(options.name, other);
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
  const { workers, deterministic, train } = options;
  const backend = tf.getBackend();
  if (earlier && !deterministic) {
    return chooseWorkers(earlier.checkpoint.training.workers ?? 1, backend);
  }
  // More workers than images of a batch would be idle.
  return workers === undefined
    ? Math.min(chooseWorkers(workers, backend), train.batchSize)
    : chooseWorkers(workers, backend);
}

function valuesOf({ parameters }: Checkpoint): Map<string, Float32Array> {
  return new Map(Array.from(parameters, ([name, { data }]) => [name, data]));
}
