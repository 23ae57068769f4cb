/**
 * Runs the study `ablation`: trains every network, scores its best and its last epoch.
 *
 * @module
 */

import type { SystemEvaluation } from "../../eval/evaluate.ts";
import { lockFolder } from "../../lock.ts";
import { type Listener, SILENT } from "../../pipeline/listener.ts";
import { COUNT_TABLE, LABEL_PREDICTOR } from "../../pipeline/systems/systems.ts";
import { epochsOf } from "../../sweep/jobs_text.ts";
import { runJobs } from "../../sweep/run_jobs.ts";
import type { AblationData } from "./ablation_data.ts";
import { type Arm, armName } from "./arms.ts";

import {
  type AblationSize,
  type CommandOf,
  planAblation,
  type PlannedRun,
} from "./plan.ts";
import { isScored, scoredRun } from "./scored_run.ts";

/** Whose weights are scored: those of the best epoch by validation, or of the last one. */
export type Epoch = "best" | "last";

/** A system of a dataset: a network of every seed, or one without training. */
export interface ScoredArm {
  /** A network, or `label_predictor` or `frequency`. */
  arm: Arm | typeof LABEL_PREDICTOR | typeof COUNT_TABLE;
  /** Missing for systems without training. */
  epoch?: Epoch;
  /** For each seed what was found in the test images of all parts. */
  runs: SystemEvaluation[];
}

/** What was found on a dataset. */
export interface AblationResult {
  data: AblationData;
  seeds: readonly number[];
  arms: ScoredArm[];
}

/** Where and how to run. */
export interface AblationOptions {
  /** Folder that keeps the runs, and what was found. */
  folder: string;
  /** Number of runs at once, each on one core. */
  workers: number;
  command: CommandOf;
  /** Leaves out the networks that are not trained to the end with every seed. */
  onlyFinished?: boolean;
}

/**
 * Does everything that is not done yet. Each run is kept as soon as an epoch ends, and each
 * evaluation when it is finished, so an interrupted study goes on where it was. The result
 * depends neither on interruptions nor on the number of workers.
 *
 * @param size How much is run.
 * @param options Where and how.
 * @param listener Receives notes and progress.
 * @returns One entry for each dataset.
 * @throws {RangeError} If a dataset is missing, or the loss of a run is not finite.
 */
export async function runAblation(
  size: AblationSize,
  { folder, workers, command, onlyFinished = false }: AblationOptions,
  listener: Listener = SILENT,
): Promise<AblationResult[]> {
  using _ = await lockFolder(folder);
  const all = await planAblation(size, { folder: `${folder}/runs`, command }, listener);
  const plan = onlyFinished ? await finishedRuns(all, folder) : all;
  const checkpoints = await train(plan, { folder, workers }, listener);
  const kept = { folder: `${folder}/evaluations`, workers };
  const bar = listener.progress("evaluate", "runs");
  const found = new Map<PlannedRun, SystemEvaluation[]>();
  for (const [i, run] of plan.entries()) {
    const { data, part, job } = run;
    const { best, last } = checkpoints.get(run) ?? { best: "", last: "" };
    const scored = { name: job.name, systems: [best, last], data, part };
    found.set(run, await scoredRun(scored, kept));
    bar.update(i + 1, plan.length, `${data.name}: ${armName(run.arm)}`);
  }
  bar.done();
  const results: AblationResult[] = [];
  for (const [data, runs] of Map.groupBy(plan, ({ data }) => data)) {
    const untrained: SystemEvaluation[][] = [];
    const parts = [...new Set(runs.map(({ part }) => part))];
    for (const part of parts) {
      const systems = [LABEL_PREDICTOR, COUNT_TABLE];
      const scored = { name: "untrained", systems, data, part };
      untrained.push(await scoredRun(scored, kept));
    }
    const ofSystem = (i: number) => [joined(untrained.map((part) => part[i]))];
    results.push({
      data,
      seeds: [...new Set(runs.map(({ seed }) => seed))],
      arms: [
        { arm: LABEL_PREDICTOR, runs: ofSystem(0) },
        { arm: COUNT_TABLE, runs: ofSystem(1) },
        ...armsOfRuns(runs, found),
      ],
    });
  }
  return results;
}

/** The runs of networks that are trained to the end with every seed and on all parts. */
async function finishedRuns(
  plan: readonly PlannedRun[],
  folder: string,
): Promise<PlannedRun[]> {
  const keyOf = ({ data, arm }: PlannedRun) => `${data.name} ${armName(arm)}`;
  const open = new Set<string>();
  for (const run of plan) {
    const { epochs } = run.job.settings.train;
    if (await epochsOf(run.job) < epochs) open.add(keyOf(run));
  }
  const finished = plan.filter((run) => !open.has(keyOf(run)));
  if (finished.length > 0) return finished;
  throw new RangeError(
    `Cannot show finished runs as "${folder}" must have one network with all seeds: found none of ${open.size}; leave out --finished, or take fewer --seeds`,
  );
}

/** Trains all runs that have not been scored. */
async function train(
  plan: readonly PlannedRun[],
  { folder, workers }: { folder: string; workers: number },
  listener: Listener,
): Promise<Map<PlannedRun, { best: string; last: string }>> {
  const isDone = await Promise.all(
    plan.map(({ job, data, part }) =>
      isScored({ name: job.name, data, part }, `${folder}/evaluations`)
    ),
  );
  const open = plan.filter((_, i) => !isDone[i]), finished = plan.length - open.length;
  const bar = listener.progress("train", "runs");
  const shares = new Float64Array(open.length);
  const show = (i: number) => {
    const done = finished + shares.reduce((sum, share) => sum + share, 0);
    const { data, arm, seed } = open[i];
    const note = `${data.name}: ${armName(arm)}, seed ${seed}`;
    bar.update(Math.round(10 * done) / 10, plan.length, note);
  };
  const checkpoints = new Map<PlannedRun, { best: string; last: string }>();
  if (open.length > 0) bar.update(finished, plan.length);
  await runJobs(open.map(({ job }) => job), {
    atOnce: workers,
    onProgress: (i, share) => {
      shares[i] = share;
      show(i);
    },
    onResult: (i, result) => {
      const { data, arm, seed, job } = open[i];
      if ("diverged" in result) {
        throw new RangeError(
          `Cannot compare ${
            armName(arm)
          } on "${data.name}", seed ${seed}, as its loss must stay finite: ${result.diverged} ("${job.command}")`,
        );
      }
      checkpoints.set(open[i], result);
      shares[i] = 1;
      show(i);
    },
  });
  bar.done();
  return checkpoints;
}

/** Every network with its runs, one for each seed; all parts of a dataset are joined. */
function armsOfRuns(
  runs: readonly PlannedRun[],
  found: ReadonlyMap<PlannedRun, readonly SystemEvaluation[]>,
): ScoredArm[] {
  const byArm = Map.groupBy(runs, ({ arm }) => armName(arm));
  return byArm.values().flatMap((group) =>
    (["best", "last"] as const).map((epoch, i): ScoredArm => ({
      arm: group[0].arm,
      epoch,
      runs: Map.groupBy(group, ({ seed }) => seed).values()
        .map((parts) => joined(parts.map((part) => found.get(part)![i]))).toArray(),
    }))
  ).toArray();
}

/** One evaluation with the images of all parts. */
function joined([first, ...others]: readonly SystemEvaluation[]): SystemEvaluation {
  for (const { evaluator } of others) first.evaluator.merge(evaluator);
  return first;
}
