/**
 * Evaluates systems of every kind on a dataset. All evaluating tasks use this module.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import type { SplitName } from "../dataset/manifest.ts";
import { evaluate, type System, type SystemEvaluation } from "../eval/evaluate.ts";
import { parseKs, parseMetrics } from "../eval/metric.ts";
import { givesLabels, isDetection, type Task } from "../eval/protocol.ts";
import type { MissingImages } from "../eval/prediction_files/score.ts";
import {
  type BackendName,
  type BackendOptions,
  checkBackend,
} from "../kernels/backend.ts";
import type { Precision } from "../model/int8.ts";
import { type JobShard, rangeOf } from "../job_shard.ts";
import { chooseWorkers } from "../train/worker_pool.ts";
import { countTable } from "./count_table.ts";
import { folderName } from "./datasets.ts";
import { type Listener, SILENT } from "./listener.ts";
import { writeImageResults } from "./image_results.ts";
import { openPredictionFile, scoreOpened } from "./predictions.ts";
import {
  type AdjustmentPoint,
  adjustSystems,
  parseStrength,
} from "./logit_adjustment.ts";
import { openNetworks } from "./networks.ts";
import {
  checkTasks,
  hasGivenLabels,
  type PlanDefaults,
  planOf,
  type ScoringPlan,
  SYSTEM_DEFAULTS,
} from "./scoring_plan.ts";
import { checkVocabulary, type ScoredSystem } from "./systems.ts";
import { openTraining, trainingTriplets } from "./zero_shot.ts";

/** Number of images in a batch of a network. */
const BATCH_SIZE = 20;

/** Settings of an evaluation, named like the flags of the tasks. */
export interface EvaluationSettings extends BackendOptions {
  /** The split to score. */
  split: SplitName;
  /** Comma-separated tasks; default: that of a file of predictions, else those of the plan. */
  task?: string;
  /** Comma-separated protocols; default: those of the plan. */
  protocol?: string;
  /** Comma-separated metrics. */
  metrics: string;
  /** The values of K: numbers of top candidates. */
  k: readonly number[];
  /** Path of a list of zero-shot triplets; default: all triplets absent from training. */
  zeroShot?: string;
  /** How to treat images that a file of predictions lacks; default `refuse`. */
  missing?: MissingImages;
  /** Predicted triplets of a lower score are left out; default: none. */
  threshold?: number;
  /** Whether the scores of the candidates are kept for the viewer; default: no. */
  keepScores?: boolean;
  /** A file to which the hits and ranks of each image are written. */
  perImage?: string;
  /** KaihuaTang's files: shorter side and limit of the longer one of resized images. */
  testSize?: readonly number[];
  /** neural-motifs' files: longer side of the image that boxes are of; 0: as it is. */
  boxScale?: number;
  /**
   * Strength of an adjustment of predicate logits by frequency, or `auto`: that with the
   * best F1 on the validation images; default: none.
   */
  logitAdjustment?: string;
  /** Receives the recalls of the strengths that `auto` tries. */
  onAdjustment?: (curve: readonly AdjustmentPoint[]) => unknown;
  /** Number of images to score, from the first on; default: all. */
  limit?: number;
  /** Scores only the part of these images that one of several jobs takes. */
  shard?: JobShard;
  /** A file to which the state of the evaluation is written, to be merged with others. */
  state?: string;
  /** The backend of networks; default: the backend's own choice. */
  backend?: BackendName;
  /** Precision of the hidden layers of networks; default `float32`. */
  precision?: Precision;
  /** Number of cores for networks; default: as many as the backend can use. */
  workers?: number;
}

/**
 * Checks settings before any file is read or written.
 *
 * @throws {RangeError} If a task, protocol, metric or backend is unknown, or the backend
 * does not support the number of workers.
 */
export function checkSettings(settings: EvaluationSettings): void {
  checkBackend(settings.backend, settings);
  chooseWorkers(settings.workers, settings.backend ?? "wasm");
  planOf(settings, SYSTEM_DEFAULTS);
  checkTestSize(settings.testSize);
  if (settings.logitAdjustment !== undefined) parseStrength(settings.logitAdjustment);
  parseMetrics(settings.metrics);
  parseKs(settings.k);
}

function checkTestSize(size: readonly number[] = [1, 1]): void {
  if (size.length === 2 && size[0] <= size[1]) return;
  throw new RangeError(
    `Cannot use --test-size: it must be the shorter side and the limit of the longer one, such as 600,1000: found "${size}"`,
  );
}

/**
 * Scores systems on the same images. Each must have the vocabulary of the dataset.
 *
 * @param systems The systems; their names must differ.
 * @param dataset The dataset.
 * @param settings Split, tasks, protocols, metrics, backend.
 * @param defaults Tasks and protocols if `settings` has none.
 * @param listener Receives notes, warnings and progress.
 * @returns One entry per system, task and protocol.
 * @throws {RangeError} If a name is unknown, a system does not fit the dataset (the
 * message names both), or the backend does not support the number of workers.
 * @throws {SyntaxError | TypeError | RangeError} If a file of predictions is damaged.
 */
export async function evaluateSystems(
  systems: readonly ScoredSystem[],
  dataset: Dataset,
  settings: EvaluationSettings,
  defaults: PlanDefaults,
  listener: Listener = SILENT,
): Promise<SystemEvaluation[]> {
  const { split, limit, shard, zeroShot } = settings;
  checkSettings(settings);
  for (const system of systems) checkVocabulary(system, dataset);
  const common = {
    ks: parseKs(settings.k),
    numPredicates: dataset.vocabulary.predicates.length,
    missing: settings.missing,
    minScore: settings.threshold,
    keepScores: settings.keepScores,
  };
  const files = systems.filter((system) => system.kind === "predictions");
  const opened = await Promise.all(
    files.map((file) => openPredictionFile(file, dataset, settings)),
  );
  const task = settings.task ?? opened.find(({ task }) => task)?.task;
  const plan = planOf({ ...settings, task }, defaults);
  checkTasks(plan, dataset, files.length < systems.length);
  if (task === undefined) warnOfTask(files, plan, listener);
  const others = systems.filter((system) =>
    system.kind !== "predictions" && system.kind !== "frequency"
  );
  const counting = systems.find(({ kind }) => kind === "frequency");
  const table = counting && await countTable(dataset);
  if (others.length > 0) warnOfGivenLabels(dataset, plan, listener);
  const metrics = parseMetrics(settings.metrics).map(({ name }) => name);
  const isDetected = plan.some(({ tasks }) => tasks.some(isDetection));
  if (isDetected && !metrics.includes("ceiling")) metrics.push("ceiling");
  const options = {
    ...common,
    metrics,
    ...await openTraining(settings.metrics, dataset, zeroShot),
  };
  const { first, end } = rangeOf(shard, Math.min(limit ?? Infinity, dataset.size(split)));
  const total = end - first;
  const numBatches = Math.ceil(total / BATCH_SIZE);
  using networks = await openNetworks(
    others,
    dataset,
    { ...settings, numBatches },
    listener,
  );
  const adjust = async (systems: Readonly<Record<string, System>>, task: Task) => {
    const { logitAdjustment: text } = settings;
    if (text === undefined || Object.keys(systems).length === 0) return systems;
    const [protocol] = plan.find(({ tasks }) => tasks.includes(task))!.protocols;
    const adjusted = await adjustSystems(systems, dataset, {
      ...{ strength: parseStrength(text), task, protocol, ks: common.ks, limit },
      training: options.training ?? await trainingTriplets(dataset),
    }, listener);
    if (adjusted.curve.length > 0) settings.onAdjustment?.(adjusted.curve);
    return adjusted.systems;
  };
  if (settings.logitAdjustment !== undefined && files.length > 0) {
    const names = files.map(({ given }) => given).join(", ");
    listener.warn(`Predictions from files are not adjusted: ${names}`);
  }
  const adjusted = await adjust(networks.systems, plan[0].tasks[0]);
  const evaluations: SystemEvaluation[] = [];
  for (const { tasks, protocols } of plan) {
    if (others.length > 0) {
      const bar = listener.progress(`evaluate ${tasks}`, "images");
      evaluations.push(
        ...await evaluate(
          dataset.examples(split, { skip: first, limit: end }),
          adjusted,
          {
            ...options,
            tasks,
            protocols,
            batchSize: BATCH_SIZE,
            batchesAtOnce: networks.batchesAtOnce,
            total,
            onProgress: (done, total) => bar.update(done, total),
          },
        ),
      );
      bar.done();
    }
    for (const labels of ["given", "predicted"] as const) {
      const mine = tasks.filter((task) => givesLabels(task) === (labels === "given"));
      if (!table || mine.length === 0) continue;
      const examples = dataset.examples(split, { skip: first, limit: end });
      const system = await adjust({ [counting.name]: table[labels] }, mine[0]);
      evaluations.push(
        ...await evaluate(examples, system, { ...options, tasks: mine, protocols }),
      );
    }
    for (const [i, file] of files.entries()) {
      for (const task of tasks) {
        // Predictions are not kept, so the file is read once for each task.
        const fresh = opened[i] ?? await openPredictionFile(file, dataset, settings);
        delete opened[i];
        evaluations.push(
          ...await scoreOpened(fresh, { ...options, task, protocols }, listener),
        );
      }
    }
  }
  if (settings.perImage !== undefined) {
    await writeImageResults(settings.perImage, evaluations, dataset, split);
  }
  return evaluations;
}

/** Warns of tasks that ask for labels where the logits of the dataset are the true ones. */
function warnOfGivenLabels(
  dataset: Dataset,
  plan: readonly ScoringPlan[],
  listener: Listener,
): void {
  const asking = plan.flatMap(({ tasks }) => tasks).filter((task) => !givesLabels(task));
  if (asking.length === 0 || !hasGivenLabels(dataset)) return;
  listener.warn(
    `"${
      folderName(dataset)
    }" has no predicted labels, its logits are the annotated ones: ${
      asking.join(", ")
    } asks for labels that are given, so its values are of predcls; use --task predcls`,
  );
}

function warnOfTask(
  files: readonly ScoredSystem[],
  plan: readonly ScoringPlan[],
  listener: Listener,
): void {
  const tasks = plan.flatMap(({ tasks }) => tasks).join(", ");
  for (const { given } of files) {
    listener.warn(
      `The predictions "${given}" do not say which task they are of: scored as ${tasks}; name it by "task" in the first line of the file, or by --task`,
    );
  }
}
