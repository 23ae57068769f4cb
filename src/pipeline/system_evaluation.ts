/**
 * Any system alone, or two systems side by side.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { type ReportLine, reportRows } from "../eval/comparison/comparison.ts";
import { differingImages } from "../eval/comparison/differing_images.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { folderName, openDataset } from "./datasets.ts";
import { checkSettings, evaluateSystems, type EvaluationSettings } from "./evaluate.ts";
import { type Listener, SILENT } from "./listener.ts";
import { systemDefaults } from "./scoring_plan.ts";
import { openSystem, openSystems, type ScoredSystem } from "./systems.ts";

/** What both jobs are told. */
export interface SystemSettings extends EvaluationSettings {
  /** Processed dataset: its name or folder. */
  dataset: string;
  /** Seed of the bootstrap. */
  seed: number;
  /** Resamples of the bootstrap. */
  resamples: number;
}

/** What an evaluation found. */
export interface SystemsEvaluation {
  rows: ReportLine[];
  evaluations: SystemEvaluation[];
  dataset: Dataset;
  /** The name of the system that the rows are about. */
  model: string;
}

/**
 * Scores one system.
 *
 * @param options The system, see `openSystem`, and how it is scored.
 * @param listener Hears notes, warnings and progress.
 * @returns Rows with the interval of each value.
 * @throws {RangeError | SyntaxError | TypeError} As `evaluateSystems`.
 */
export async function scoreSystem(
  options: SystemSettings & { system: string },
  listener: Listener = SILENT,
): Promise<SystemsEvaluation> {
  checkSettings(options);
  return await evaluateAll([await openSystem(options.system)], options, listener);
}

/** What a comparison found. */
export interface SystemsComparison extends SystemsEvaluation {
  /** The images in which the systems differ most; see {@linkcode differingImages}. */
  differing: ReturnType<typeof differingImages> & { names: string[] };
}

/**
 * Compares two systems on the same images.
 *
 * @param options The systems, how they are scored, and how many images to name.
 * @param listener Hears notes, warnings and progress.
 * @returns Rows with paired differences.
 * @throws {RangeError | SyntaxError | TypeError} As `evaluateSystems`.
 */
export async function compareSystems(
  options: SystemSettings & { a: string; b: string; images: number },
  listener: Listener = SILENT,
): Promise<SystemsComparison> {
  checkSettings(options);
  const systems = await openSystems([options.a, options.b]);
  const found = await evaluateAll(systems, options, listener);
  const names = systems.map(({ name }) => name);
  const [a, b] = names.map((name) =>
    found.evaluations.find(({ system }) => system === name)!.evaluator
  );
  return { ...found, differing: { ...differingImages(a, b, options.images), names } };
}

async function evaluateAll(
  systems: readonly ScoredSystem[],
  options: SystemSettings,
  listener: Listener,
): Promise<SystemsEvaluation> {
  const dataset = await openDataset(options.dataset, listener);
  const [model, ...baselines] = systems.map(({ name }) => name);
  const evaluations = await evaluateSystems(
    systems,
    dataset,
    options,
    systemDefaults(dataset),
    listener,
  );
  const rows = reportRows(evaluations, {
    ...{ dataset: folderName(dataset), split: options.split, model, baselines },
    ...{ seed: options.seed, resamples: options.resamples },
  });
  return { rows, evaluations, dataset, model };
}
