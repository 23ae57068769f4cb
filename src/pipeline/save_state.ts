/**
 * Writes the state of an evaluation.
 *
 * @module
 */

import { sha256 } from "../checksum.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { parseMetrics } from "../eval/metric.ts";
import { readFile } from "../files.ts";
import { rangeOf } from "../job_shard.ts";
import { describeBackend } from "../kernels/backend.ts";
import { findCheckpoint } from "./checkpoints.ts";
import { folderName } from "./datasets.ts";
import type { EvaluationSettings } from "./evaluate.ts";
import { type StateSettings, writeState } from "./evaluation_state.ts";
import { hashesOf } from "./merge_states.ts";
import type { ScoredSystem } from "./systems.ts";

/** What is saved. */
export interface SavedEvaluation {
  evaluations: readonly SystemEvaluation[];
  dataset: Dataset;
  systems: readonly ScoredSystem[];
  models: readonly string[];
  baselines: readonly string[];
  runs?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Writes a state for {@linkcode mergeStates}.
 *
 * @param path The file.
 * @param found The evaluation.
 * @param options Its settings.
 */
export async function saveState(
  path: string,
  { evaluations, dataset, systems, models, baselines, runs = {} }: SavedEvaluation,
  options: EvaluationSettings & { seed: number; resamples: number },
): Promise<void> {
  const { split, limit, shard } = options;
  const hasNetwork = systems.some(({ kind }) => kind === "checkpoint");
  const settings: StateSettings = {
    ...{ dataset: folderName(dataset), split },
    ...await hashesOf(dataset, options.zeroShot),
    images: Math.min(limit ?? Infinity, dataset.size(split)),
    jobs: shard?.count ?? 1,
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
      const hash = kind === "checkpoint" ? await hashOf(system.given) : null;
      return { name, kind, sha256: hash };
    })),
    evaluations: evaluations.map(({ system, task, protocol }) => {
      return { system, task, protocol: protocol.name };
    }),
    ...{ models, baselines, runs },
  };
  const evaluators = evaluations.map(({ evaluator }) => evaluator.state());
  await writeState(path, {
    settings,
    blocks: [{ job: shard?.index ?? 1, evaluators }],
  });
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

async function hashOf(given: string): Promise<string | null> {
  return sha256(await readFile(await findCheckpoint(given)));
}
