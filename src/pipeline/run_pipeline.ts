/**
 * The whole main job: data, training of a model and its control, evaluation.
 *
 * @module
 */

import type { Preset, VariantName } from "../config.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { RunResult } from "../train/run.ts";
import { openDataset } from "./datasets.ts";
import { evaluateSystems } from "./scoring/evaluate.ts";
import { checkSettings } from "./scoring/evaluation_settings.ts";
import { type Listener, SILENT } from "./listener.ts";
import { evaluateModel, type ModelEvaluation } from "./model_evaluation.ts";
import { CONTROL, type ModelEvaluationOptions } from "./model_systems.ts";
import { modelDefaults } from "./scoring/scoring_plan.ts";
import { checkVocabulary, openSystem } from "./systems/systems.ts";
import {
  planRuns,
  runNameOf,
  type TrainedRun,
  trainModel,
  type TrainOptions,
} from "./train_model.ts";

/** Options of the main job. */
export interface PipelineOptions
  extends Omit<ModelEvaluationOptions, "systems" | "from"> {
  /** The variant to train. */
  variant: VariantName;
  /** Name of the processed dataset to train and evaluate on. */
  dataset: string;
  /**
   * Name of the model's checkpoints; its control then is `<name>_no_context`. Default:
   * {@linkcode runNameOf}.
   */
  name?: string;
  /** Whether to replace finished runs of other settings; default false. */
  force?: boolean;
  /** Sizes of the networks and settings of their training. */
  settings: (seed: number) => Preset;
  /** Called after each epoch of each run. */
  onEpoch?: TrainOptions["onEpoch"];
  /** The command that trains one variant alone, which its checkpoints record. */
  trainCommand: (variant: VariantName, seed: number, name?: string) => string;
}

/** The results of the main job. */
export interface PipelineResult extends ModelEvaluation {
  /** Name of the model's runs, without ending. */
  name: string;
  /** Path of the model. */
  checkpoint: string;
  /** The training runs. */
  logs: { name: string; epochs: RunResult["epochs"] }[];
  /** Every setting by name. */
  settings: Record<string, unknown>;
}

/**
 * Trains a variant and its control, and evaluates both against the label predictor. Finished
 * training runs are not repeated, and interrupted ones are resumed.
 *
 * @param options The variant, the dataset, and how to train and evaluate.
 * @param listener Receives notes, warnings and progress.
 * @param onTrained Called after each training run.
 * @returns The evaluation, and what a report says of the runs.
 * @throws {RangeError} Before any training, if a setting is out of range or a given
 * control does not fit the dataset.
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
  const name = options.name ?? runNameOf(variant, datasetName);
  const ownControl = `${options.name}_no_context`;
  const jobs: TrainOptions[] = variants.map((each, i) => {
    const given = options.name && (i === 0 ? name : ownControl);
    return {
      ...{ variant: each, dataset: datasetName, seeds: 1, seed, settings, name: given },
      ...{ backend: options.backend, workers: options.workers, force: options.force },
      ...{ deterministic: options.deterministic, resume: "if possible" as const },
      command: (seed) => options.trainCommand(each, seed, given),
      onEpoch: options.onEpoch,
    };
  });
  // A refusal after the first training would come late.
  for (const job of jobs) await planRuns(job, listener);
  const logs: PipelineResult["logs"] = [];
  for (const job of jobs) {
    for await (const run of trainModel(job, listener)) {
      onTrained(run);
      logs.push({ name: job.variant, epochs: run.epochs });
    }
  }
  const system = `${name}_best`;
  const control = options.control ??
    (options.name === undefined ? undefined : `${ownControl}_best`);
  const evaluated = await evaluateModel(
    { ...options, control, systems: [system] },
    listener,
  );
  return {
    ...evaluated,
    ...{ name, logs, checkpoint: `checkpoints/${system}.safetensors` },
    settings: {
      ...settings(seed),
      dataset: datasetName,
      "dataset, hash": dataset.manifest.inputsHash,
    },
  };
}

/** Checks before hours of training that a given control fits the dataset. */
async function checkControl(options: PipelineOptions, dataset: Dataset): Promise<void> {
  const { control } = options;
  if (control === undefined || control === "none") return;
  const system = await openSystem(control);
  checkVocabulary(system, dataset);
  // A file of predictions fits only if all of it does, so score it once.
  if (system.kind !== "predictions") return;
  await evaluateSystems([system], dataset, options, modelDefaults(dataset), SILENT);
}
