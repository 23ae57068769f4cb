/**
 * Lists the jobs of a sweep and what is there of each.
 *
 * @module
 */

import { exists, readFile } from "../files.ts";
import type { Job } from "./job.ts";
import type { PlannedConfiguration } from "./run_sweep.ts";

/**
 * One line for each job: its name, how many of its epochs are trained, its command.
 *
 * @param plan The jobs.
 * @param json Whether each line is an object.
 * @returns Lines, and for people their number; without a line break at the end.
 */
export async function jobsText(
  plan: readonly PlannedConfiguration[],
  json: boolean,
): Promise<string> {
  const jobs = plan.flatMap(({ jobs }) => jobs);
  const done = await Promise.all(jobs.map(epochsOf));
  if (json) {
    return jobs.map(({ name, settings: { train }, command }, i) =>
      JSON.stringify({ name, epochs_done: done[i], epochs: train.epochs, command })
    ).join("\n");
  }
  const lines = jobs.map(({ name, settings: { train }, command }, i) =>
    `${name}  ${done[i]}/${train.epochs} epochs  ${command}`
  );
  return [...lines, `${jobs.length} runs`].join("\n");
}

/** Number of epochs in the log of a run; 0 without a log. */
export async function epochsOf({ folder, name }: Job): Promise<number> {
  const path = `${folder}/${name}.jsonl`;
  if (!await exists(path)) return 0;
  const text = new TextDecoder().decode(await readFile(path));
  return text.split("\n").filter((line) => line !== "").length;
}
