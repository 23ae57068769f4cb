/**
 * Evaluates systems of every kind on a dataset. All evaluating tasks use this module.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import type { SystemEvaluation } from "../../eval/evaluate.ts";
import { rangeOf } from "../../job_shard.ts";
import { checkSettings, type EvaluationSettings } from "./evaluation_settings.ts";
import { type Listener, SILENT } from "../listener.ts";
import { writeImageResults } from "./image_results.ts";
import { openPredictionFile, scoreOpened } from "../systems/predictions.ts";
import { BATCH_SIZE, openEvaluation } from "./open_evaluation.ts";
import {
  checkTasks,
  type PlanDefaults,
  planOf,
  type ScoringPlan,
} from "./scoring_plan.ts";
import type { ScoredSystem } from "../systems/systems.ts";

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
  const { split, limit, shard } = settings;
  checkSettings(settings);
  const files = systems.filter((system) => system.kind === "predictions");
  const opened = await Promise.all(
    files.map((file) => openPredictionFile(file, dataset, settings)),
  );
  const task = settings.task ?? opened.find(({ task }) => task)?.task;
  const plan = planOf({ ...settings, task }, defaults);
  checkTasks(plan, dataset, files.length < systems.length);
  if (task === undefined) warnOfTask(files, plan, listener);
  const { first, end } = rangeOf(shard, Math.min(limit ?? Infinity, dataset.size(split)));
  const total = end - first, numBatches = Math.ceil(total / BATCH_SIZE);
  const others = systems.filter((system) => system.kind !== "predictions");
  using open = await openEvaluation(
    others,
    dataset,
    { ...settings, plan, numBatches },
    listener,
  );
  if (settings.logitAdjustment !== undefined && files.length > 0) {
    const names = files.map(({ given }) => given).join(", ");
    listener.warn(`Predictions from files are not adjusted: ${names}`);
  }
  const evaluations: SystemEvaluation[] = [];
  for (const { tasks, protocols } of plan) {
    const isShown = others.some(({ kind }) => kind !== "frequency");
    const bar = isShown ? listener.progress(`evaluate ${tasks}`, "images") : undefined;
    const examples = () => dataset.examples(split, { skip: first, limit: end });
    const onProgress = bar?.update.bind(bar);
    evaluations.push(
      ...await open.evaluate({ tasks, protocols }, examples, { total, onProgress }),
    );
    bar?.done();
    for (const [i, file] of files.entries()) {
      for (const task of tasks) {
        // Predictions are not kept, so the file is read once for each task.
        const fresh = opened[i] ?? await openPredictionFile(file, dataset, settings);
        delete opened[i];
        evaluations.push(
          ...await scoreOpened(fresh, { ...open.options, task, protocols }, listener),
        );
      }
    }
  }
  if (settings.perImage !== undefined) {
    await writeImageResults(settings.perImage, evaluations, dataset, split);
  }
  return evaluations;
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
