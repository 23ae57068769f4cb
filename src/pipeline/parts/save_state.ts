/**
 * Writes the state of an evaluation.
 *
 * @module
 */

import { sha256 } from "../../checksum.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import type { SystemEvaluation } from "../../eval/evaluate.ts";
import { parseMetrics } from "../../eval/metric.ts";
import { readFile } from "../../files.ts";
import { rangeOf } from "../../job_shard.ts";
import { describeBackend } from "../../kernels/backend.ts";
import { findCheckpoint } from "../checkpoints.ts";
import { folderName } from "../datasets.ts";
import type { EvaluationSettings } from "../scoring/evaluation_settings.ts";
import { type StateSettings, writeState } from "./evaluation_state.ts";
import { hashesOf } from "./merge_states.ts";
import type { CheckpointSystem, ScoredSystem } from "../systems/systems.ts";

/** The systems that are scored, on what, and under which names. */
export interface ScoredNames {
  dataset: Dataset;
  systems: readonly ScoredSystem[];
  models: readonly string[];
  baselines: readonly string[];
  runs?: Readonly<Record<string, readonly string[]>>;
}

/** An evaluation to save. */
export interface SavedEvaluation extends ScoredNames {
  evaluations: readonly SystemEvaluation[];
}

/** Settings that a state keeps. */
export type SavedSettings = EvaluationSettings & { seed: number; resamples: number };

/**
 * Writes a state for {@linkcode mergeStates}.
 *
 * @param path The file.
 * @param found The evaluation.
 * @param options Its settings.
 */
export async function saveState(
  path: string,
  found: SavedEvaluation,
  options: SavedSettings,
): Promise<void> {
  const { evaluations } = found, { shard } = options;
  const settings = await stateSettings(found, options, evaluations);
  const evaluators = evaluations.map(({ evaluator }) => evaluator.state());
  await writeState(path, {
    settings: { ...settings, jobs: shard?.count ?? 1 },
    blocks: [{ job: shard?.index ?? 1, evaluators }],
  });
}

/**
 * What jobs must have in common to be merged.
 *
 * @param names The systems and the dataset.
 * @param options Settings of the evaluation.
 * @param evaluations What was scored under which protocol.
 * @returns All of it, for one job.
 */
export async function stateSettings(
  { dataset, systems, models, baselines, runs = {} }: ScoredNames,
  options: SavedSettings,
  evaluations: readonly Omit<SystemEvaluation, "evaluator">[],
): Promise<StateSettings> {
  const { split, limit } = options;
  const hasNetwork = systems.some(({ kind }) => kind === "checkpoint");
  return {
    ...{ dataset: folderName(dataset), split },
    ...await hashesOf(dataset, options.zeroShot),
    images: Math.min(limit ?? Infinity, dataset.size(split)),
    jobs: 1,
    metrics: parseMetrics(options.metrics).map(({ name }) => name).join(","),
    k: options.k,
    missing: options.missing ?? "refuse",
    threshold: options.threshold ?? null,
    logitAdjustment: options.logitAdjustment ?? null,
    backend: hasNetwork ? describeBackend() : null,
    precision: options.precision ?? "float32",
    seed: options.seed,
    resamples: options.resamples,
    systems: await Promise.all(systems.map(async (system) => {
      const { name, kind } = system;
      // Jobs may have files of predictions for their own images alone.
      const hash = kind === "checkpoint" ? await hashOf(system) : null;
      return { name, kind, sha256: hash };
    })),
    evaluations: evaluations.map(({ system, task, protocol }) => {
      return { system, task, protocol: protocol.name };
    }),
    ...{ models, baselines, runs },
  };
}

/** Says what a job has scored, such as `images 20 to 39 of 134 (shard 2/7)`. */
export function describeShard(
  dataset: Dataset,
  { split, limit, shard }: Pick<EvaluationSettings, "split" | "limit" | "shard">,
): string {
  const total = Math.min(limit ?? Infinity, dataset.size(split));
  const { first, end } = rangeOf(shard, total);
  const which = shard ? ` (shard ${shard.index}/${shard.count})` : "";
  return first === end
    ? `no image of ${total}${which}`
    : `images ${first + 1} to ${end} of ${total}${which}`;
}

async function hashOf({ given, path }: CheckpointSystem): Promise<string> {
  return sha256(await readFile(await findCheckpoint(path ?? given)));
}
