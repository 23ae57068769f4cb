/**
 * Scores the systems of one run, and keeps what was found in each image, so that it is
 * done once.
 *
 * @module
 */

import { sha256 } from "../../checksum.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import type { SystemEvaluation } from "../../eval/evaluate.ts";
import { BY_SEEN } from "../../eval/metric.ts";
import { exists } from "../../files.ts";
import { evaluateSystems } from "../../pipeline/evaluate.ts";
import { readState } from "../../pipeline/evaluation_state.ts";
import { type Listener, SILENT } from "../../pipeline/listener.ts";
import { evaluationsOf } from "../../pipeline/merge_states.ts";
import { saveState } from "../../pipeline/save_state.ts";
import { SYSTEM_DEFAULTS } from "../../pipeline/scoring_plan.ts";
import { openSystems } from "../../pipeline/systems.ts";
import type { AblationData } from "./ablation_data.ts";

/** What is measured. */
export const ABLATION_METRICS =
  `R,ngR,mR,F1,mR:head,mR:body,mR:tail,wR,${BY_SEEN},accuracy`;

/** Where and how systems are scored. */
export interface KeptOptions {
  /** Folder of what is kept. */
  folder: string;
  /** Number of threads. */
  workers: number;
}

/** Names what is kept by everything that decides it. */
function pathOf(
  name: string,
  { task, k }: AblationData,
  { manifest }: Dataset,
  folder: string,
): string {
  const { inputsHash, labelPredictor, splits } = manifest;
  const all = [task, k, ABLATION_METRICS, inputsHash, labelPredictor, splits];
  return `${folder}/${name}_${sha256(JSON.stringify(all)).slice(0, 12)}.safetensors`;
}

/** Whether systems have been scored. */
export async function isScored(
  name: string,
  data: AblationData,
  part: Dataset,
  folder: string,
): Promise<boolean> {
  return await exists(pathOf(name, data, part, folder));
}

/**
 * Scores systems on the test images of a dataset, unless that is kept.
 *
 * @param name What names the systems, and everything that they depend on.
 * @param systems The systems, as `openSystem` takes them.
 * @param data Says which task and K.
 * @param part The dataset.
 * @param options Where and how.
 * @param listener Receives progress.
 * @returns One evaluation for each of `systems`, in their order.
 * @throws {SyntaxError | RangeError} If a kept file is damaged; the message names it.
 */
export async function keptEvaluation(
  { name, systems, data, part }: {
    name: string;
    systems: readonly string[];
    data: AblationData;
    part: Dataset;
  },
  { folder, workers }: KeptOptions,
  listener: Listener = SILENT,
): Promise<SystemEvaluation[]> {
  const path = pathOf(name, data, part, folder);
  if (!await exists(path)) {
    const opened = await openSystems(systems);
    const settings = {
      ...{ split: "test" as const, task: data.task, protocol: "motifs", k: [data.k] },
      ...{ metrics: ABLATION_METRICS, backend: "wasm" as const, workers },
    };
    const evaluations = await evaluateSystems(
      opened,
      part,
      settings,
      SYSTEM_DEFAULTS,
      listener,
    );
    const models = opened.map(({ name }) => name);
    // Systems of different kinds are scored one kind after another.
    evaluations.sort((a, b) => models.indexOf(a.system) - models.indexOf(b.system));
    await saveState(path, {
      ...{ evaluations, dataset: part, systems: opened, models, baselines: [] },
    }, { ...settings, seed: 0, resamples: 1000 });
  }
  return await evaluationsOf(await readState(path), part);
}
