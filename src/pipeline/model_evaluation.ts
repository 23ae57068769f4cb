/**
 * Evaluates models against the dataset's label predictor alone and against a control, over
 * one or several seeds.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { type ReportLine, reportRows } from "../eval/comparison/comparison.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { folderName } from "./datasets.ts";
import { evaluateSystems } from "./scoring/evaluate.ts";
import { checkSettings } from "./scoring/evaluation_settings.ts";
import { joinEvaluations } from "./join_evaluations.ts";
import { type Listener, SILENT } from "./listener.ts";
import { type ModelEvaluationOptions, openModels } from "./model_systems.ts";
import { modelDefaults } from "./scoring/scoring_plan.ts";
import { saveState } from "./parts/save_state.ts";
import type { ScoredSystem } from "./systems/systems.ts";

/** The results of an evaluation. */
export interface ModelEvaluation {
  rows: ReportLine[];
  evaluations: SystemEvaluation[];
  dataset: Dataset;
  /** Names of the models in `rows`. */
  models: readonly string[];
  /** The systems behind these names. */
  systems: readonly ScoredSystem[];
  /** Names of the systems that they are compared with. */
  baselines: readonly string[];
  /** For each name the systems of `evaluations` that it is the mean of. */
  runs: Readonly<Record<string, readonly string[]>>;
}

/**
 * Evaluates models on the same images.
 *
 * @param options The models, and how to evaluate them.
 * @param listener Receives notes, warnings and progress.
 * @returns Rows with each baseline, and the evaluations behind them.
 * @throws {RangeError} If a name is unknown or a system does not fit the dataset.
 * @throws {SyntaxError | RangeError | TypeError} If a file is damaged.
 */
export async function evaluateModel(
  options: ModelEvaluationOptions,
  listener: Listener = SILENT,
): Promise<ModelEvaluation> {
  const { seed } = options;
  checkSettings(options);
  const opened = await openModels(options, listener);
  const { dataset, systems, names, baselines, runs, secondDataset } = opened;
  const evaluations = await evaluateSystems(
    systems,
    dataset,
    options,
    modelDefaults(dataset),
    listener,
  );
  const found = { evaluations, dataset, baselines, runs, models: names };
  const joined = options.join === undefined ? undefined : await evaluateModel(
    { ...options, systems: [options.join], join: undefined, dataset: secondDataset },
    listener,
  );
  if (joined) joinEvaluations(found, joined);
  if (options.state !== undefined) {
    const saved = { evaluations, dataset, systems, models: names, baselines, runs };
    await saveState(options.state, saved, options);
  }
  // A part of the images has no result of its own.
  const rows = (options.shard ? [] : names).flatMap((model) =>
    reportRows(evaluations, {
      dataset: [dataset, ...joined ? [joined.dataset] : []].map(folderName).join("+"),
      split: options.split,
      model,
      baselines,
      runs,
      seed,
      resamples: options.resamples,
    })
  );
  return { ...found, rows, systems: opened.models };
}
