/**
 * Evaluates a model against the dataset's label predictor alone and against its control,
 * over one or several seeds.
 *
 * @module
 */

import { importTfCheckpoint } from "../checkpoint/import_published.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { type ReportLine, reportRows } from "../eval/comparison/comparison.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { exists } from "../files.ts";
import { runName } from "../train/run.ts";
import { checkpointPath } from "./checkpoints.ts";
import { BUILT_IN, folderName, openDataset } from "./datasets.ts";
import { checkSettings, evaluateSystems, type EvaluationSettings } from "./evaluate.ts";
import { type Listener, SILENT } from "./listener.ts";
import { modelDefaults } from "./scoring_plan.ts";
import { LABEL_PREDICTOR, openSystems, type ScoredSystem } from "./systems.ts";

/** The variant without context, the control for every claim about context. */
export const CONTROL = "gpi_no_context";

/** The model to evaluate, and how. */
export interface ModelEvaluationOptions extends EvaluationSettings {
  /** The model: a checkpoint, a file of predictions or `label_predictor`. */
  system: string;
  /** A checkpoint of the published program, which is evaluated under the name `system`. */
  from?: string;
  /** The command line, recorded in an imported checkpoint. */
  command: string;
  /** Processed dataset; default: the one that the checkpoint was trained on. */
  dataset?: string;
  /**
   * System to compare with, or `"none"`; default: the `gpi_no_context` checkpoint of the
   * same name, if it exists.
   */
  control?: string;
  /** Number of runs, whose seeds count up from `seed`; rows report their mean. */
  seeds: number;
  seed: number;
  /** Number of bootstrap resamples. */
  resamples: number;
}

/** The results of an evaluation. */
export interface ModelEvaluation {
  rows: ReportLine[];
  evaluations: SystemEvaluation[];
  dataset: Dataset;
  /** The name of the model in `rows` and `evaluations`. */
  model: string;
}

/**
 * Evaluates a model.
 *
 * @param options The model, and how to evaluate it.
 * @param listener Receives notes, warnings and progress.
 * @returns Rows with each baseline, and the evaluations behind them.
 * @throws {RangeError} If a name is unknown or a system does not fit the dataset.
 * @throws {SyntaxError | RangeError | TypeError} If a file is damaged.
 */
export async function evaluateModel(
  options: ModelEvaluationOptions,
  listener: Listener = SILENT,
): Promise<ModelEvaluation> {
  const { system: given, seed, seeds } = options;
  checkSettings(options);
  const published = await openPublished(options);
  const isPredictor = given === LABEL_PREDICTOR;
  const modelNames = published || isPredictor ? [] : seedNames(given, seed, seeds);
  const controlNames = isPredictor ? [] : await controlNamesOf(options);
  const [predictor, ...opened] = await openSystems([
    LABEL_PREDICTOR,
    ...modelNames,
    ...controlNames,
  ]);
  const models = isPredictor
    ? [predictor]
    : published
    ? [published]
    : opened.splice(0, modelNames.length);
  const [first] = models;
  const trainedOn = first.kind === "checkpoint"
    ? first.checkpoint.training.dataset.name
    : undefined;
  const dataset = await openDataset(options.dataset ?? trainedOn ?? BUILT_IN, listener);
  const model = first.name;
  const runs: Record<string, string[]> = { [model]: models.map(({ name }) => name) };
  const baselines = isPredictor ? [] : [LABEL_PREDICTOR];
  if (opened.length > 0) {
    const control = controlTitle(opened[0]);
    runs[control] = opened.map(({ name }) => name);
    baselines.push(control);
  }
  const systems = isPredictor ? models : [predictor, ...models, ...opened];
  const defaults = modelDefaults(dataset);
  const evaluations = await evaluateSystems(
    systems,
    dataset,
    options,
    defaults,
    listener,
  );
  const rows = reportRows(evaluations, {
    dataset: folderName(dataset),
    split: options.split,
    model,
    baselines,
    runs,
    seed,
    resamples: options.resamples,
  });
  return { rows, evaluations, dataset, model };
}

/** Opens the checkpoint of the published program, if one is given. */
async function openPublished(
  options: ModelEvaluationOptions,
): Promise<ScoredSystem | undefined> {
  const { from, system, seeds, dataset, command } = options;
  if (from === undefined) return undefined;
  if (system === LABEL_PREDICTOR || seeds > 1) {
    throw new RangeError(
      `Cannot evaluate "${from}" as --from must come with one seed of a model: found ${seeds} seeds of "${system}"`,
    );
  }
  const { checkpoint } = await importTfCheckpoint({ from, dataset, command });
  return { kind: "checkpoint", name: system, given: system, checkpoint };
}

/** Names of the runs: `gpi_linguistic_best`, `gpi_linguistic_seed1_best`, ... */
function seedNames(name: string, seed: number, seeds: number): string[] {
  if (name === LABEL_PREDICTOR) return [name];
  const stem = name.replace(/_best$/, "");
  return Array.from(
    { length: seeds },
    (_, i) => runName(stem, i, seed + i) + name.slice(stem.length),
  );
}

/** Names of the runs of the given control, or of the one trained like the model. */
async function controlNamesOf(
  { system, control, seed, seeds }: ModelEvaluationOptions,
): Promise<string[]> {
  if (control === "none") return [];
  const name = control ??
    system.replace(
      /^gpi_(linguistic|feature_attention|neighbour_attention|mean)/,
      CONTROL,
    );
  if (control !== undefined && seeds === 1) return [control];
  if (name === system) return [];
  // The control may have been trained with fewer seeds.
  const names = seedNames(name, seed, seeds);
  const present = await Promise.all(names.map((name) => exists(checkpointPath(name))));
  return names.filter((_, i) => present[i]);
}

/** The name of the control in tables; all seeds of `gpi_no_context` share one. */
function controlTitle(system: ScoredSystem): string {
  const isControl = system.kind === "checkpoint" &&
    system.checkpoint.config.variant === CONTROL;
  return isControl ? CONTROL : system.name;
}
