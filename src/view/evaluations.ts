/**
 * What systems found in each image of a dataset. What needs no file of predictions is kept,
 * so that the viewer starts quickly again.
 *
 * @module
 */

import { hashFile } from "../checksum.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { parseKs } from "../eval/metric.ts";
import { describeBackend, useBackend } from "../kernels/backend.ts";
import { findCheckpoint } from "../pipeline/checkpoints.ts";
import { folderName } from "../pipeline/datasets.ts";
import { evaluateSystems } from "../pipeline/scoring/evaluate.ts";
import type { EvaluationSettings } from "../pipeline/scoring/evaluation_settings.ts";
import { keptEvaluations, keptPath } from "../pipeline/kept_evaluation.ts";
import type { Listener } from "../pipeline/listener.ts";
import { hashesOf } from "../pipeline/parts/merge_states.ts";
import { systemDefaults } from "../pipeline/scoring/scoring_plan.ts";
import type { ScoredSystem } from "../pipeline/systems/systems.ts";

/** Where evaluations are kept. */
const EVALUATIONS = "data/processed/.evaluations";

/** Another number when the same systems give other evaluations than before. */
const VERSION = 1;

/** How systems are evaluated, and what is kept. */
export interface ShownSettings extends EvaluationSettings {
  /** Folder of what is kept; default {@linkcode EVALUATIONS}. */
  kept?: string;
  /** Evaluates again what is kept; default: no. */
  isFresh?: boolean;
}

/**
 * Evaluates systems under one task and protocol, with the scores of their candidates.
 *
 * @param systems The systems.
 * @param dataset The dataset.
 * @param settings Split, task, protocol, K, and what is kept.
 * @param listener Receives notes, warnings and progress.
 * @returns One evaluation for each system, in their order.
 * @throws {SyntaxError | RangeError | TypeError} As `evaluateSystems`.
 */
export async function shownEvaluations(
  systems: readonly ScoredSystem[],
  dataset: Dataset,
  settings: ShownSettings,
  listener: Listener,
): Promise<SystemEvaluation[]> {
  const { isFresh = false, kept: folder = EVALUATIONS, split, limit } = settings;
  const files = systems.filter(({ kind }) => kind === "predictions");
  const { tasks: [first], protocols } = systemDefaults(dataset, files.length > 0);
  const defaults = { tasks: [first], protocols };
  const all = { ...settings, metrics: "R", keepScores: true };
  // A file of predictions may tell its task, which is then that of all.
  const found = files.length === 0
    ? []
    : await evaluateSystems(files, dataset, all, defaults, listener);
  const task = settings.task ?? found[0]?.task ?? first;
  const others = systems.filter(({ kind }) => kind !== "predictions");
  if (others.some(({ kind }) => kind === "checkpoint")) {
    await useBackend(settings.backend, settings);
  }
  const common = {
    ...{ version: VERSION, ...await hashesOf(dataset, undefined), split, limit, task },
    ...{ protocol: settings.protocol ?? protocols, ks: parseKs(settings.k) },
  };
  const groups = await Promise.all(others.map(async (system) => {
    const network = system.kind === "checkpoint" && {
      backend: describeBackend(),
      checkpoint:
        (await hashFile(await findCheckpoint(system.path ?? system.given))).sha256,
    };
    const decides = { ...common, kind: system.kind, ...network };
    const name = `${folderName(dataset)}_${system.name}`.replace(/[^\w.-]/g, "_");
    return {
      path: keptPath(folder, name.slice(0, 100), decides),
      open: () => Promise.resolve([system]),
    };
  }));
  const ofOthers = await keptEvaluations(groups, {
    ...{ dataset, settings: { ...all, task }, defaults, isFresh },
    replacesDamaged: true,
  }, listener);
  const byName = new Map(found.map((each) => [each.system, each]));
  others.forEach(({ name }, i) => {
    // It may have been kept under another name.
    byName.set(name, { ...ofOthers[i][0], system: name });
  });
  return systems.map(({ name }) => byName.get(name)!);
}
