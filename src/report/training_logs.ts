/**
 * Finds the training logs of checkpoints.
 *
 * @module
 */

import { exists, readFile } from "../files.ts";
import { parseLog } from "../train/earlier_run.ts";
import { checkpointPath } from "../pipeline/checkpoints.ts";
import type { TrainingLog } from "./charts.ts";
import type { CheckpointSystem } from "../pipeline/systems/systems.ts";

/**
 * Reads the log that training wrote beside each checkpoint: `<name>.jsonl` for
 * `<name>.safetensors` and `<name>_best.safetensors`.
 *
 * @param systems The checkpoints.
 * @returns One entry for each run that has a log, also if its last and its best checkpoint are
 * given; checkpoints from elsewhere have none.
 * @throws {SyntaxError} If a log is damaged.
 */
export async function trainingLogs(
  systems: readonly CheckpointSystem[],
): Promise<TrainingLog[]> {
  const logs = new Map<string, TrainingLog>();
  for (const { name, given } of systems) {
    const path = checkpointPath(given).replace(/(_best)?\.safetensors$/, ".jsonl");
    if (logs.has(path) || !await exists(path)) continue;
    const bytes = await readFile(path);
    const lines = new TextDecoder().decode(bytes).trimEnd().split("\n").length;
    const epochs = parseLog(bytes, lines, path);
    logs.set(path, { name: name.replace(/_best$/, ""), epochs });
  }
  return [...logs.values()];
}
