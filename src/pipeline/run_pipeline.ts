/**
 * The main job, whole: data, training of a model and its control, evaluation, report.
 *
 * @module
 */

import type { Preset, VariantName } from "../config.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { RunResult } from "../train/run.ts";
import { openDataset } from "./datasets.ts";
import { checkSettings, evaluateSystems } from "./evaluate.ts";
import { type Listener, SILENT } from "./listener.ts";
import {
  CONTROL,
  evaluateModel,
  type ModelEvaluation,
  type ModelEvaluationOptions,
} from "./model_evaluation.ts";
import { writeReport } from "./report.ts";
import { modelDefaults } from "./scoring_plan.ts";
import { checkVocabulary, openSystem } from "./systems.ts";
import { runNameOf, type TrainedRun, trainModel } from "./train_model.ts";

/** What the main job is told. */
export interface PipelineOptions extends Omit<ModelEvaluationOptions, "system" | "from"> {
  /** The variant to train. */
  variant: VariantName;
  dataset: string;
  /** Sizes of the networks and settings of their training. */
  settings: (seed: number) => Preset;
  /** The command that trains a variant alone, kept in its checkpoints. */
  trainCommand: (variant: VariantName, seed: number) => string;
}

/** What the main job made. */
export interface PipelineResult extends ModelEvaluation {
  /** Path of the report's page. */
  report: string;
  /** Path of the model. */
  checkpoint: string;
}

/**
 * Trains a variant and its control, evaluates both beside the label predictor, and writes
 * a report. What is done already is not done again.
 *
 * @param options The variant, the dataset, and how both are used.
 * @param listener Hears notes, warnings and progress.
 * @param onTrained Called after each training.
 * @throws {RangeError} If a setting is out of range or a given control does not fit the
 * dataset, before any training.
 */
export async function runPipeline(
  options: PipelineOptions,
  listener: Listener = SILENT,
  onTrained: (run: TrainedRun) => void = () => {},
): Promise<PipelineResult> {
  const { variant, dataset: datasetName, seed, settings } = options;
  settings(seed);
  checkSettings(options);
  const dataset = await openDataset(datasetName, listener, true);
  await checkControl(options, dataset);
  const variants = options.control === undefined
    ? [variant, CONTROL] as const
    : [variant];
  const runs: { name: string; epochs: RunResult["epochs"] }[] = [];
  for (const name of variants) {
    const training = trainModel({
      ...{ variant: name, dataset: datasetName, seeds: 1, seed, settings },
      ...{ backend: options.backend, workers: options.workers },
      ...{ deterministic: options.deterministic, resume: "if possible" as const },
      command: (seed) => options.trainCommand(name, seed),
    }, listener);
    for await (const run of training) {
      onTrained(run);
      runs.push({ name, epochs: run.epochs });
    }
  }
  const name = runNameOf(variant, datasetName);
  const system = `${name}_best`;
  const evaluated = await evaluateModel({ ...options, system }, listener);
  const report = await writeReport({
    ...{ name, checkpoint: system, dataset, rows: evaluated.rows, runs },
    settings: { ...settings(seed) },
    command: options.command,
  });
  return { ...evaluated, report, checkpoint: `checkpoints/${system}.safetensors` };
}

/** Refuses a given control that does not fit the dataset, before hours of training. */
async function checkControl(options: PipelineOptions, dataset: Dataset): Promise<void> {
  const { control } = options;
  if (control === undefined || control === "none") return;
  const system = await openSystem(control);
  checkVocabulary(system, dataset);
  // Only reading a file to its end shows whether all of it fits.
  if (system.kind !== "predictions") return;
  await evaluateSystems([system], dataset, options, modelDefaults(dataset), SILENT);
}
