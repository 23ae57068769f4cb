/**
 * Evaluates a checkpoint beside the label predictor alone and the control.
 *
 * @module
 */

import { checkBackend, useBackend } from "../src/kernels/backend.ts";
import type { Dataset, SplitName } from "../src/dataset/dataset.ts";
import { evaluate, type System, type SystemEvaluation } from "../src/eval/evaluate.ts";
import { parseKs } from "../src/eval/metric.ts";
import {
  describeProtocol,
  parseProtocol,
  type Protocol,
  type Task,
  TASKS,
} from "../src/eval/protocol.ts";
import { type ReportLine, reportRows } from "../src/eval/comparison/comparison.ts";
import {
  formatPerPredicate,
  formatTable,
  type TableFormat,
} from "../src/eval/comparison/table.ts";
import { exists } from "../src/files.ts";
import type { Checkpoint } from "../src/checkpoint/checkpoint.ts";
import type { Sgp } from "../src/model/sgp.ts";
import { nearestName } from "../src/nearest.ts";
import { ParallelSgp } from "../src/train/parallel_sgp.ts";
import { chooseWorkers, WorkerPool } from "../src/train/worker_pool.ts";
import { checkpointPath, openCheckpoint, openNetwork } from "./_checkpoints.ts";
import { BACKEND_FLAG, PRECISION_FLAG, WORKERS_FLAG } from "./_cli/compute_flags.ts";
import { openDataset } from "./_datasets.ts";
import { type Options, parseFlags } from "./_cli/flags.ts";
import { commandOf } from "./_cli/help.ts";
import { importTfCheckpoint } from "../src/checkpoint/import_published.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";
import { openZeroShot, ZERO_SHOT_FLAG } from "./_zero_shot.ts";
import { runName } from "./train.ts";

/** The label predictor by itself: its logits as they are. */
const LABEL_PREDICTOR = "label_predictor";
const CONTROL = "gpi_no_context";
/** Images that a network gets at once. */
const BATCH_SIZE = 20;

const CHECKPOINT = {
  help: `Checkpoint by name or path; "${LABEL_PREDICTOR}" is the data's own logits`,
} as const;

const FLAGS = {
  from: {
    type: "string",
    unset: "a checkpoint of ours",
    help: "The published program's checkpoint, path or folder; gets the name",
  },
  dataset: {
    type: "string",
    unset: "the one it was trained on",
    help: "Folder of data/processed",
  },
  split: { default: "test", values: ["train", "validation", "test"], help: "Part of it" },
  task: {
    type: "string",
    unset: "sgcls,predcls; with given labels predcls,preddet",
    help: `Of ${TASKS.join(", ")}`,
  },
  protocol: {
    default: "motifs,sgp",
    help: "Of sgp, motifs, sgg-benchmark, vrd; changes after +, see README",
  },
  metrics: {
    default: "R",
    help: "Of R, ngR, mR, ngmR, zR, ngzR, sR, R/10, A, F1, ngF1, pR, accuracy",
  },
  k: { default: [20, 50, 100], min: 1, help: "Numbers of candidates" },
  control: {
    type: "string",
    unset: `the ${CONTROL} of the same name, if it is there`,
    help: "Checkpoint of the control",
  },
  seeds: { default: 1, min: 1, help: "Number of runs, as of train --seeds: their mean" },
  limit: { type: "integer", min: 1, unset: "all", help: "Only the first so many images" },
  resamples: { default: 1000, min: 10, help: "Resamples of the bootstrap" },
  backend: BACKEND_FLAG,
  deterministic: {
    default: false,
    help: "wasm: plain SIMD, whose results are the same on every machine",
  },
  precision: PRECISION_FLAG,
  workers: WORKERS_FLAG,
  csv: { default: false, help: "Print CSV" },
  latex: { default: false, help: "Print LaTeX" },
  zeroShot: ZERO_SHOT_FLAG,
  perPredicate: { default: false, help: "Print a table of all predicates, too" },
} as const;

/** What the task takes. */
export const EVAL = {
  name: "eval",
  summary:
    "Evaluate a checkpoint beside the label predictor alone and the control.\n95 % intervals of differences: paired bootstrap over images.",
  positionals: { checkpoint: CHECKPOINT },
  flags: FLAGS,
  examples: [
    "eval gpi_linguistic_best",
    "eval gpi_linguistic_vrd_best --task preddet --metrics R,R/70,zR,zR/70 --k 50,100",
    "eval label_predictor --dataset vrd --json",
    "eval gpi_linguistic_pretrained --from data/raw/sgp/data/data --protocol sgp",
  ],
} as const;

/** What holds if nothing but the checkpoint is given. */
export const EVAL_DEFAULTS = parseFlags(EVAL, ["-"]) as EvalOptions;

/** What {@linkcode evaluateCheckpoint} is told. */
export type EvalOptions = Options<{ checkpoint: typeof CHECKPOINT }, typeof FLAGS>;

/** What an evaluation found. */
export interface Evaluated {
  rows: ReportLine[];
  evaluations: SystemEvaluation[];
  dataset: Dataset;
  model: string;
}

/** Evaluates a checkpoint, or the mean of several seeds. */
export async function evaluateCheckpoint(
  options: EvalOptions,
): Promise<Evaluated> {
  const { checkpoint: model, seeds } = options;
  checkBackend(options.backend, options);
  const isPredictor = model === LABEL_PREDICTOR;
  const names = isPredictor ? [] : seedNames(model, options.seed, seeds);
  const published = await openPublished(options);
  const open = async (name: string) => published ?? await openCheckpoint(name);
  const checkpoints = await Promise.all(names.map(open));
  const datasetName = options.dataset ?? checkpoints[0]?.training.dataset.name ??
    "synthetic";
  const dataset = await openDataset(datasetName, options);
  const isInt8 = options.precision === "int8";
  const wanted = options.backend ?? (isInt8 ? "wasm" : undefined);
  const backend = await useBackend(wanted, {
    deterministic: options.deterministic,
  });
  const workers = chooseWorkers(options.workers, backend.name);
  const isLoud = !options.quiet && !options.json;
  if (isLoud) console.error(`Backend: ${backend.description}`);

  const runs: Record<string, string[]> = isPredictor ? {} : { [model]: names };
  const baselines = isPredictor ? [] : [LABEL_PREDICTOR];
  const control = isPredictor ? undefined : await controlOf(model, options.control);
  if (control) {
    const ofControl: string[] = [];
    for (const name of seedNames(control, options.seed, seeds)) {
      if (!await exists(checkpointPath(name))) continue;
      ofControl.push(name);
    }
    runs[CONTROL] = ofControl;
    baselines.push(CONTROL);
  }
  const networks = new Map<string, Sgp>();
  for (const name of [...names, ...runs[CONTROL] ?? []]) {
    const onCalibrate = () =>
      isLoud && console.error(`Calibrate "${name}" on the validation images`);
    const checkpoint = names.includes(name) ? published : undefined;
    const how = { checkpoint, isInt8, onCalibrate };
    networks.set(name, await openNetwork(name, dataset, how));
  }
  const split = options.split as SplitName;
  const total = Math.min(options.limit ?? Infinity, dataset.size(split));
  // More workers than batches would have nothing to do.
  const size = networks.size === 0 ? 1 : Math.min(workers, Math.ceil(total / BATCH_SIZE));
  using pool = size > 1 ? await WorkerPool.start(size, options) : undefined;
  const systems: Record<string, System> = {
    [LABEL_PREDICTOR]: (examples) => Promise.resolve(examples),
    ...Object.fromEntries(
      [...networks].map(([name, sgp]): [string, System] => {
        const parallel = new ParallelSgp(sgp, { pool });
        return [name, (examples) => parallel.predict(examples)];
      }),
    ),
  };
  const evaluations: SystemEvaluation[] = [];
  const zeroShot = await openZeroShot(options.metrics, dataset, options.zeroShot);
  for (const { tasks, protocols } of plan(options, dataset)) {
    const bar = progressBar(`evaluate ${tasks}`, "images", options);
    evaluations.push(
      ...await evaluate(dataset.examples(split, { limit: options.limit }), systems, {
        tasks,
        protocols,
        metrics: options.metrics,
        ks: parseKs(options.k),
        zeroShot,
        numPredicates: dataset.vocabulary.predicates.length,
        batchSize: BATCH_SIZE,
        batchesAtOnce: pool?.jobsAtOnce,
        total,
        onProgress: (done, total) => bar.update(done, total),
      }),
    );
    bar.done();
  }
  for (const sgp of networks.values()) sgp.dispose();
  const rows = reportRows(evaluations, {
    dataset: datasetName,
    split,
    model,
    baselines,
    runs,
    seed: options.seed,
    resamples: options.resamples,
  });
  return { rows, evaluations, dataset, model };
}

/** The checkpoint of the published program, if `--from` names one. */
async function openPublished(options: EvalOptions): Promise<Checkpoint | undefined> {
  const { from, checkpoint: model, seeds, dataset } = options;
  if (from === undefined) return undefined;
  if (model === LABEL_PREDICTOR || seeds > 1) {
    throw new RangeError(
      `Cannot evaluate "${from}" as --from gives one checkpoint: current values are ${seeds} seeds of "${model}"`,
    );
  }
  const command = commandOf(EVAL, options);
  return (await importTfCheckpoint({ from, dataset, command })).checkpoint;
}

/** `gpi_linguistic_best` and, for more seeds, `gpi_linguistic_seed2_best`, ... */
function seedNames(name: string, seed: number, seeds: number): string[] {
  const stem = name.replace(/_best$/, "");
  return Array.from(
    { length: seeds },
    (_, i) => runName(stem, i, seed + i) + name.slice(stem.length),
  );
}

/** The control that goes with a model, if there is one: `gpi_no_context_vrd_best`. */
async function controlOf(
  model: string,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === "none") return undefined;
  if (given !== undefined) return given;
  const name = model.replace(
    /^gpi_(linguistic|feature_attention|neighbour_attention|mean)/,
    CONTROL,
  );
  return name !== model && await exists(checkpointPath(name)) ? name : undefined;
}

/** Which tasks go with which protocols: predicate detection has its own. */
function plan(
  options: { task?: string; protocol: string },
  { manifest }: Dataset,
): { tasks: Task[]; protocols: Protocol[] }[] {
  const hasGivenLabels = manifest.details?.entityLabels === "given";
  const fallback = hasGivenLabels ? "predcls,preddet" : "sgcls,predcls";
  const tasks = (options.task ?? fallback).split(",").map((name) => {
    if (TASKS.includes(name as Task)) return name as Task;
    throw new RangeError(
      `Cannot find the task "${name}": the nearest is "${nearestName(name, TASKS)}"`,
    );
  });
  const protocols = options.protocol.split(",").map(parseProtocol);
  const ranked = tasks.filter((task) => task !== "preddet");
  const ofVrd = protocols.filter(({ name }) => name.startsWith("vrd"));
  return [
    ...(ranked.length > 0 ? [{ tasks: ranked, protocols }] : []),
    ...(tasks.includes("preddet")
      ? [{
        tasks: ["preddet" as const],
        protocols: ofVrd.length > 0 ? ofVrd : [parseProtocol("vrd")],
      }]
      : []),
  ];
}

if (import.meta.main) {
  await runTask(EVAL, async (options) => {
    const { rows, evaluations, dataset, model } = await evaluateCheckpoint(options);
    const format: TableFormat = options.json
      ? "json"
      : options.csv
      ? "csv"
      : options.latex
      ? "latex"
      : "text";
    console.log(formatTable(rows, format).trimEnd());
    if (options.perPredicate) {
      for (const { system, evaluator } of evaluations) {
        if (system !== model) continue;
        console.log(
          formatPerPredicate(
            evaluator.result().perPredicate,
            dataset.vocabulary.predicates,
            format,
          ),
        );
      }
    }
    if (format !== "text") return;
    if (dataset.manifest.labelPredictor.simulated) {
      console.log("The label predictor is simulated: see data/README.md.");
    }
    const protocols = new Map(
      evaluations.map(({ protocol }) => [protocol.name, protocol]),
    );
    for (const protocol of protocols.values()) console.log(describeProtocol(protocol));
  });
}
