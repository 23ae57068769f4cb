/**
 * Scores the systems of one run, and keeps what was found in each image.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import type { SystemEvaluation } from "../../eval/evaluate.ts";
import { BY_SEEN } from "../../eval/metric.ts";
import { exists } from "../../files.ts";
import { keptEvaluations, keptPath } from "../../pipeline/kept_evaluation.ts";
import { SYSTEM_DEFAULTS } from "../../pipeline/scoring/scoring_plan.ts";
import { openSystems } from "../../pipeline/systems/systems.ts";
import type { AblationData } from "./ablation_data.ts";

/** What is measured. */
export const ABLATION_METRICS =
  `R,ngR,mR,F1,mR:head,mR:body,mR:tail,wR,${BY_SEEN},accuracy`;

/** Where and how systems are scored. */
export interface ScoringOptions {
  /** Folder of what is kept. */
  folder: string;
  /** Number of threads. */
  workers: number;
}

/** Systems of one run. */
export interface RunSystems {
  /** Names the systems, and everything that they depend on. */
  name: string;
  /** The systems, as `openSystem` takes them. */
  systems: readonly string[];
  /** Says which task and K. */
  data: AblationData;
  /** The dataset. */
  part: Dataset;
}

function pathOf(
  { name, data: { task, k }, part: { manifest } }: Omit<RunSystems, "systems">,
  folder: string,
): string {
  const { inputsHash, labelPredictor, splits } = manifest;
  const decides = [task, k, ABLATION_METRICS, inputsHash, labelPredictor, splits];
  return keptPath(folder, name, decides);
}

/** Whether the systems of a run have been scored. */
export async function isScored(
  run: Omit<RunSystems, "systems">,
  folder: string,
): Promise<boolean> {
  return await exists(pathOf(run, folder));
}

/**
 * Scores systems on the test images of a dataset, unless that is kept.
 *
 * @param run The systems and the dataset.
 * @param options Where and how.
 * @returns One evaluation for each of the systems, in their order.
 * @throws {SyntaxError | RangeError} If a kept file is damaged; the message names it.
 */
export async function scoredRun(
  run: RunSystems,
  { folder, workers }: ScoringOptions,
): Promise<SystemEvaluation[]> {
  const { systems, data, part } = run;
  const settings = {
    ...{ split: "test" as const, task: data.task, protocol: "motifs", k: [data.k] },
    ...{ metrics: ABLATION_METRICS, backend: "wasm" as const, workers },
  };
  const group = { path: pathOf(run, folder), open: () => openSystems(systems) };
  const [found] = await keptEvaluations([group], {
    ...{ dataset: part, settings, defaults: SYSTEM_DEFAULTS },
  });
  return found;
}
