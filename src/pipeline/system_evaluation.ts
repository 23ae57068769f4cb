/**
 * Scores a single system, or compares two systems.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { type ReportLine, reportRows } from "../eval/comparison/comparison.ts";
import { differingImages } from "../eval/comparison/differing_images.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { folderName } from "./datasets.ts";
import { evaluateSystems } from "./scoring/evaluate.ts";
import { checkSettings, type EvaluationSettings } from "./scoring/evaluation_settings.ts";
import { type Listener, SILENT } from "./listener.ts";
import { systemDefaults } from "./scoring/scoring_plan.ts";
import { openSystem, openSystems, type ScoredSystem } from "./systems/systems.ts";
import { saveState } from "./parts/save_state.ts";
import { openDatasetFor } from "./systems/trained_on.ts";

/** Options of both jobs. */
export interface SystemSettings extends EvaluationSettings {
  /** Processed dataset; default: the one that the first checkpoint was trained on. */
  dataset?: string;
  /** Seed of the bootstrap. */
  seed: number;
  /** Number of bootstrap resamples. */
  resamples: number;
}

/** The results of scoring systems. */
export interface SystemsEvaluation {
  rows: ReportLine[];
  evaluations: SystemEvaluation[];
  dataset: Dataset;
  /** Name of the system whose values the rows give. */
  models: readonly string[];
  /** Name of the system that it is compared with, if there is one. */
  baselines: readonly string[];
}

/**
 * Scores one system.
 *
 * @param options The system, as {@linkcode openSystem} takes it, and how to score it.
 * @param listener Receives notes, warnings and progress.
 * @returns Rows with the interval of each value.
 * @throws {RangeError | SyntaxError | TypeError} As {@linkcode evaluateSystems}.
 */
export async function scoreSystem(
  options: SystemSettings & { system: string },
  listener: Listener = SILENT,
): Promise<SystemsEvaluation> {
  checkSettings(options);
  return await evaluateAll(
    [await openSystem(options.system, listener)],
    options,
    listener,
  );
}

/** The results of a comparison. */
export interface SystemsComparison extends SystemsEvaluation {
  /** The images on which the systems differ most, from {@linkcode differingImages}. */
  differing: ReturnType<typeof differingImages> & { names: string[] };
}

/**
 * Compares two systems on the same images.
 *
 * @param options The systems, how to score them, and the number of images to list.
 * @param listener Receives notes, warnings and progress.
 * @returns Rows with paired differences, and the images that differ most.
 * @throws {RangeError | SyntaxError | TypeError} As {@linkcode evaluateSystems}.
 */
export async function compareSystems(
  options: SystemSettings & { a: string; b: string; images: number },
  listener: Listener = SILENT,
): Promise<SystemsComparison> {
  checkSettings(options);
  const systems = await openSystems([options.a, options.b], listener);
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
  const dataset = await openDatasetFor(systems, options.dataset, listener);
  const [model, ...baselines] = systems.map(({ name }) => name);
  const evaluations = await evaluateSystems(
    systems,
    dataset,
    options,
    systemDefaults(dataset, systems.some(({ kind }) => kind === "predictions")),
    listener,
  );
  if (options.state !== undefined) {
    const saved = { evaluations, dataset, systems, models: [model], baselines };
    await saveState(options.state, saved, options);
  }
  // A part of the images has no result of its own.
  const rows = options.shard ? [] : reportRows(evaluations, {
    ...{ dataset: folderName(dataset), split: options.split, model, baselines },
    ...{ seed: options.seed, resamples: options.resamples },
  });
  return { rows, evaluations, dataset, models: [model], baselines };
}
