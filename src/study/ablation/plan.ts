/**
 * The runs of the study `ablation`: every network on every dataset with every seed.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import { openDataset } from "../../pipeline/datasets.ts";
import { type Listener, SILENT } from "../../pipeline/listener.ts";
import { type GivenSettings, settingsOf } from "../../settings.ts";
import { type Job, nameJob } from "../../sweep/job.ts";
import type { AblationData } from "./ablation_data.ts";
import type { Arm } from "./arms.ts";

/** How much is run. */
export interface AblationSize {
  data: readonly AblationData[];
  /** The networks; those that a network is compared with should be among them. */
  arms: readonly Arm[];
  /** Number of runs of each network, with seeds from `seed` on. */
  seeds: number;
  /** First seed. */
  seed: number;
  /** Settings in place of those of the datasets. */
  settings?: Partial<GivenSettings>;
}

/** A network that is trained for one part of a dataset. */
export interface PlannedRun {
  data: AblationData;
  part: Dataset;
  arm: Arm;
  seed: number;
  job: Job;
}

/** The command that repeats a run, from its variant and settings. */
export type CommandOf = (
  arm: Arm,
  settings: Readonly<Record<string, unknown>>,
  seed: number,
) => string;

/**
 * Lists the runs: of one dataset after another, seed after seed, so that what is finished
 * can be compared.
 *
 * @param size How much is run.
 * @param options Folder of the runs' files, and the command that repeats a run.
 * @param listener Receives the progress of a dataset that has to be generated.
 * @throws {RangeError} If a dataset is missing or a setting is out of its range.
 */
export async function planAblation(
  { data, arms, seeds, seed: first, settings: changed }: AblationSize,
  { folder, command }: { folder: string; command: CommandOf },
  listener: Listener = SILENT,
): Promise<PlannedRun[]> {
  const runs: PlannedRun[] = [];
  for (const one of data) {
    const parts: Dataset[] = [];
    for (const part of one.parts) parts.push(await openDataset(part, listener));
    for (let seed = first; seed < first + seeds; seed++) {
      for (const arm of arms) {
        for (const [i, part] of parts.entries()) {
          const { variant, steps, features } = arm;
          const given = { ...one.settings, ...changed, steps, features };
          const job = nameJob({
            ...{ folder, variant, dataset: one.parts[i] },
            settings: settingsOf({ ...given, seed }),
            command: command(arm, { ...given, dataset: one.parts[i] }, seed),
            backend: "wasm",
          }, part);
          runs.push({ data: one, part, arm, seed, job });
        }
      }
    }
  }
  return runs;
}
