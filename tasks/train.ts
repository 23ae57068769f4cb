/**
 * Trains a model and saves its best and last checkpoint.
 *
 * @module
 */

import { checkBackend, useBackend } from "../src/kernels/backend.ts";
import { parseVariant, VARIANTS } from "../src/config.ts";
import { readWordTable } from "../src/words/word_table.ts";
import { labelPredictorOf } from "../src/label_predictor/of_dataset.ts";
import { type RunResult, trainAndSave } from "../src/train/run.ts";
import { chooseWorkers } from "../src/train/worker_pool.ts";
import { BACKEND_FLAG, WORKERS_FLAG } from "./_cli/compute_flags.ts";
import { BUILT_IN, openDataset } from "./_datasets.ts";
import type { Options } from "./_cli/flags.ts";
import { commandOf } from "./_cli/help.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";
import { settingsOf, TRAIN_FLAGS } from "./_cli/train_flags.ts";

const MODEL = { help: `Variant: ${Object.keys(VARIANTS).join(", ")}` } as const;

const FLAGS = {
  dataset: { default: BUILT_IN, help: "Folder of data/processed to learn from" },
  name: {
    type: "string",
    unset: "the variant's and, if not built in, the dataset's",
    help: "Name of the checkpoints",
  },
  seeds: {
    default: 1,
    min: 1,
    help: "Number of runs, with seeds counting up from --seed",
  },
  backend: BACKEND_FLAG,
  deterministic: {
    default: false,
    help: "wasm: plain SIMD; the same bytes on every machine, for any --workers",
  },
  workers: WORKERS_FLAG,
  embeddings: {
    type: "string",
    unset: "the table that comes with the library",
    help: "Word vectors: GloVe text or safetensors",
  },
  resume: {
    default: false,
    help: "Go on where an interrupted run of these settings stopped",
  },
  ...TRAIN_FLAGS,
} as const;

/** What the task takes. */
export const TRAIN = {
  name: "train",
  summary:
    "Train a model; saves checkpoints/<name>_best.safetensors and <name>.safetensors.",
  positionals: { model: MODEL },
  flags: FLAGS,
  examples: [
    "train gpi_linguistic",
    "train gpi_no_context --dataset vrd --epochs 10",
    "train gpi_linguistic --preset paper --resume",
  ],
} as const;

/** Name of the checkpoints of one run: the first seed's is the plain one. */
export function runName(name: string, index: number, seed: number): string {
  return index === 0 ? name : `${name}_seed${seed}`;
}

/** What {@linkcode train} is told. */
export type TrainOptions =
  & Omit<Options<{ model: typeof MODEL }, typeof FLAGS>, "resume">
  & { resume: boolean | "if possible" };

/** Trains one or several seeds of a variant. */
export async function train(options: TrainOptions): Promise<RunResult[]> {
  const variant = parseVariant(options.model);
  settingsOf(options); // refuses wrong ones before any work
  checkBackend(options.backend, options); // likewise
  chooseWorkers(options.workers, options.backend ?? "wasm");
  const name = options.name ??
    (options.dataset === BUILT_IN ? variant : `${variant}_${options.dataset}`);
  const dataset = await openDataset(options.dataset, options);
  const words = options.embeddings
    ? await readWordTable(options.embeddings, dataset.vocabulary)
    : undefined;
  const labelPredictor = await labelPredictorOf(dataset);
  const backend = await useBackend(options.backend, {
    deterministic: options.deterministic,
  });
  const isLoud = !options.quiet && !options.json;
  if (isLoud) console.error(`Backend: ${backend.description}`);
  const results: RunResult[] = [];
  for (let i = 0; i < options.seeds; i++) {
    const seed = options.seed + i;
    const { model, train } = settingsOf({ ...options, seed });
    const run = runName(name, i, seed);
    if (i === 0 && isLoud) {
      console.error(`Settings: ${JSON.stringify({ ...model, ...train })}`);
    }
    const bar = progressBar(run, "images", options);
    let validation = "";
    const result = await trainAndSave({
      dataset,
      variant,
      model,
      train,
      words,
      labelPredictor,
      folder: "checkpoints",
      name: run,
      resume: options.resume,
      // The checkpoint says how many workers there were, where that matters.
      command: commandOf(TRAIN, {
        ...options,
        seed,
        seeds: 1,
        resume: false,
        workers: undefined,
      }),
      workers: options.workers,
      deterministic: options.deterministic,
      onStart: (workers) => isLoud && console.error(`Workers: ${workers}`),
      onEvent: (event) => {
        if (event.type === "epoch") {
          validation = `, validation recall ${
            (100 * event.validation.recall).toFixed(2)
          } %`;
          return;
        }
        const before = (event.epoch - 1) * event.size;
        bar.update(
          before + event.done,
          train.epochs * event.size,
          `epoch ${event.epoch}, loss ${event.loss.toFixed(1)}${validation}`,
        );
      },
    });
    bar.done();
    results.push(result);
    report(run, seed, result, backend.description, options.json);
  }
  return results;
}

function report(
  name: string,
  seed: number,
  result: RunResult,
  backend: string,
  json: boolean,
): void {
  const best = result.epochs.findLast(({ isBest }) => isBest);
  if (json) {
    console.log(
      JSON.stringify({
        name,
        seed,
        backend,
        was_done: result.wasDone,
        epochs: result.epochs.length,
        best_epoch: best?.epoch,
        ...best?.validation,
        best: result.best,
        last: result.last,
      }),
    );
    return;
  }
  const done = result.wasDone
    ? "was trained already (delete it to train again)"
    : "trained";
  console.log(
    `${name} ${done}: epoch ${best?.epoch} of ${result.epochs.length} was best, validation recall ${
      (100 * (best?.validation.recall ?? NaN)).toFixed(2)
    } %; ${result.best}`,
  );
}

if (import.meta.main) await runTask(TRAIN, async (options) => void await train(options));
