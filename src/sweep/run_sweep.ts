/**
 * Trains every combination of settings of a sweep, and ranks them by validation.
 *
 * @module
 */

import type { VariantName } from "../config.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { meanAndDeviation } from "../eval/comparison/bootstrap.ts";
import { type BackendName, checkBackend } from "../kernels/backend.ts";
import { CHECKPOINTS } from "../pipeline/checkpoints.ts";
import { openDataset } from "../pipeline/datasets.ts";
import { type JobShard, rangeOf, shardText } from "../job_shard.ts";
import { type Listener, SILENT } from "../pipeline/listener.ts";
import { settingsOf } from "../settings.ts";
import type { EpochEvent } from "../train/trainer.ts";
import { type Configuration, configurationsOf } from "./configurations.ts";
import { bestOf, pausesOf } from "./halving.ts";
import { type Job, nameJob } from "./job.ts";
import type { JobResult } from "./job_worker.ts";
import { runJobs } from "./run_jobs.ts";
import type { SettingValue, Sweep } from "./sweep_file.ts";
import { type Worth, worthOf } from "./worth.ts";

/** How to run a sweep. */
export interface SweepOptions {
  /** Number of runs at once, each on one core. */
  atOnce: number;
  /** The command of one run, from its settings, which its checkpoint records. */
  command: (
    run: Readonly<Record<string, SettingValue>>,
    seed: number,
  ) => string;
  /** The backend; default: WASM. */
  backend?: BackendName;
  /** Whether to produce the same bytes on every machine; default false. */
  deterministic?: boolean;
  /** Trains only the runs of one of several jobs; default: all. */
  shard?: JobShard;
  /** Called as soon as a run has ended or has been paused. */
  onRun?: (run: SweepRun, configuration: Configuration) => void;
}

/** One combination of settings, with one job for each seed. */
export interface PlannedConfiguration {
  configuration: Configuration;
  jobs: Job[];
}

/** One run of a sweep. */
export interface SweepRun {
  job: Job;
  seed: number;
  /** Epochs trained; fewer than the settings say if it was stopped or had no patience. */
  epochs: EpochEvent[];
  /** The best of them; `undefined` if none was finished. */
  best?: EpochEvent;
  /** Path of the best checkpoint. */
  checkpoint?: string;
  /** Why it could not go on. */
  diverged?: string;
}

/** One combination of settings, trained. */
export interface SweptConfiguration {
  configuration: Configuration;
  runs: SweepRun[];
  /** Mean over seeds of the validation value at the best epoch; NaN if a run diverged. */
  mean: number;
  /** Standard deviation over seeds. */
  deviation: number;
  /** `stopped`: others were better at a pause, so it was not trained to the end. */
  state: "done" | "stopped" | "diverged";
}

/** The result of a sweep. */
export interface SweepResult {
  sweep: Sweep;
  /** Best first: those that were trained to the end, those stopped later before others. */
  configurations: SweptConfiguration[];
  /** What each value was worth, by the first `worthEpochs` epochs, which all runs have. */
  worth: Worth[];
  worthEpochs: number;
}

/** The folder of the runs of a sweep. */
export function sweepFolder({ name }: Sweep): string {
  return `${CHECKPOINTS}/sweeps/${name}`;
}

/**
 * Lists the jobs of a sweep, before any training.
 *
 * @throws {RangeError} If the dataset does not exist or a combination of settings is wrong.
 */
export async function planSweep(
  sweep: Sweep,
  options: Pick<SweepOptions, "command" | "backend" | "deterministic">,
  listener: Listener = SILENT,
): Promise<PlannedConfiguration[]> {
  const { backend = "wasm", deterministic, command } = options;
  checkBackend(backend, { deterministic });
  const dataset: Dataset = await openDataset(sweep.dataset, listener);
  return configurationsOf(sweep).map((configuration) => {
    const { variant, ...settings } = configuration;
    const jobs = sweep.seeds.map((seed) =>
      nameJob({
        folder: sweepFolder(sweep),
        variant: variant as VariantName,
        dataset: sweep.dataset,
        settings: settingsOf({ ...settings, preset: sweep.preset, seed }),
        command: command(configuration, seed),
        ...{ backend, deterministic },
      }, dataset)
    );
    return { configuration, jobs };
  });
}

/**
 * The runs of one of several jobs. They follow one another in the order of the plan.
 *
 * @param plan All runs.
 * @param shard The job; `undefined` takes all.
 * @returns The combinations that have some of its runs, with these.
 */
export function partOfPlan(
  plan: readonly PlannedConfiguration[],
  shard: JobShard | undefined,
): PlannedConfiguration[] {
  const all = plan.flatMap(({ jobs }) => jobs),
    { first, end } = rangeOf(shard, all.length);
  const mine = new Set(all.slice(first, end));
  return plan.map(({ configuration, jobs }) => ({
    configuration,
    jobs: jobs.filter((job) => mine.has(job)),
  })).filter(({ jobs }) => jobs.length > 0);
}

/**
 * Runs a sweep. What an earlier command has trained, wholly or in part, is not trained
 * again.
 *
 * @param sweep What to try.
 * @param options How many at once.
 * @param listener Receives notes and progress.
 * @returns What came of all runs, or of those of the job.
 * @throws {RangeError} Before any training, as {@linkcode planSweep}, or if one of several
 * jobs shall halve.
 * @throws {Error} If a run fails otherwise than by a loss that is not finite.
 */
export async function runSweep(
  sweep: Sweep,
  options: SweepOptions,
  listener: Listener = SILENT,
): Promise<SweepResult> {
  const { shard } = options;
  if (shard && sweep.halving) {
    throw new RangeError(
      `Cannot run --shard ${
        shardText(shard)
      } of "${sweep.name}" as "halving" must be left out: each round needs the results of all runs; run it in one process`,
    );
  }
  const plan = partOfPlan(await planSweep(sweep, options, listener), shard);
  const epochsOf = ({ jobs: [{ settings }] }: PlannedConfiguration) =>
    settings.train.epochs;
  const longest = Math.max(0, ...plan.map(epochsOf));
  const pauses = sweep.halving ? pausesOf(sweep.halving, longest) : [longest];
  const runs = new Map<Job, SweepRun>();
  const rounds: PlannedConfiguration[][] = [];
  let alive = plan;
  for (const [round, until] of pauses.entries()) {
    rounds.push(alive);
    const jobs = alive.flatMap(({ jobs }) => jobs);
    const label = pauses.length > 1 ? `round ${round + 1}/${pauses.length}` : "sweep";
    const bar = listener.progress(label, "runs");
    const shares = new Float64Array(jobs.length);
    const show = () => bar.update(sum(shares), jobs.length, noteOf(runs, sweep));
    await runJobs(jobs, {
      atOnce: options.atOnce,
      until: ({ settings }) => Math.min(until, settings.train.epochs),
      onProgress: (i, share) => {
        // A job that pauses reports its share of the whole training.
        shares[i] = Math.min(1, share * jobs[i].settings.train.epochs / until);
        show();
      },
      onResult: (i, result) => {
        shares[i] = 1;
        const run = runOf(jobs[i], result, until);
        runs.set(jobs[i], run);
        show();
        const { configuration } = alive.find(({ jobs: all }) => all.includes(jobs[i]))!;
        options.onRun?.(run, configuration);
      },
    });
    bar.done();
    if (until === longest) break;
    const scores = alive.map(({ jobs }) => scoreOf(jobs, runs, sweep, until).mean);
    const best = bestOf(
      scores.map((s) => sweep.metric === "loss" ? -s : s),
      sweep.halving!.factor,
    );
    alive = best.map((i) => alive[i]);
  }
  return resultOf(sweep, { plan, rounds, runs, pauses });
}

/** One decimal is enough for a share of a run. */
function sum(shares: Float64Array): number {
  return Math.round(10 * shares.reduce((total, share) => total + share, 0)) / 10;
}

function noteOf(runs: ReadonlyMap<Job, SweepRun>, { metric }: Sweep): string {
  const values = Array.from(runs.values(), ({ best }) => best?.validation[metric])
    .filter((value) => value !== undefined);
  if (values.length === 0) return "";
  return metric === "loss"
    ? `lowest loss ${Math.min(...values).toFixed(3)}`
    : `best recall ${(100 * Math.max(...values)).toFixed(2)} %`;
}

function runOf(job: Job, result: JobResult, until: number): SweepRun {
  const epochs = result.epochs.slice(0, until);
  const best = epochs.findLast(({ isBest }) => isBest);
  const { seed } = job.settings.train;
  return "diverged" in result
    ? { job, seed, epochs, best, diverged: result.diverged }
    : { job, seed, epochs, best, checkpoint: result.best };
}

/** The validation value of a run at the best of its first epochs; NaN if it diverged. */
function valueOf(run: SweepRun, { metric }: Sweep, until: number): number {
  const best = run.epochs.slice(0, until).findLast(({ isBest }) => isBest);
  return run.diverged === undefined && best ? best.validation[metric] : NaN;
}

function scoreOf(
  jobs: readonly Job[],
  runs: ReadonlyMap<Job, SweepRun>,
  sweep: Sweep,
  until: number,
): { mean: number; deviation: number } {
  return meanAndDeviation(jobs.map((job) => valueOf(runs.get(job)!, sweep, until)));
}

function resultOf(
  sweep: Sweep,
  { plan, rounds, runs, pauses }: {
    plan: readonly PlannedConfiguration[];
    rounds: readonly PlannedConfiguration[][];
    runs: ReadonlyMap<Job, SweepRun>;
    pauses: readonly number[];
  },
): SweepResult {
  const lastRound = (one: PlannedConfiguration) =>
    rounds.findLastIndex((round) => round.includes(one));
  const swept = plan.map((one) => {
    const round = lastRound(one);
    const score = scoreOf(one.jobs, runs, sweep, pauses[round]);
    const mine = one.jobs.map((job) => runs.get(job)!);
    const state: SweptConfiguration["state"] = mine.some(({ diverged }) => diverged)
      ? "diverged"
      : round === rounds.length - 1
      ? "done"
      : "stopped";
    const { configuration } = one;
    return { configuration, runs: mine, ...score, state, round };
  });
  const sign = sweep.metric === "loss" ? 1 : -1;
  const rank = ({ mean }: { mean: number }) =>
    Number.isNaN(mean) ? Infinity : sign * mean;
  const order = [...swept].sort((a, b) =>
    Number(a.state === "diverged") - Number(b.state === "diverged") ||
    b.round - a.round || rank(a) - rank(b) || 0
  );
  // Recall after different numbers of epochs is not compared.
  const worthEpochs = pauses[0];
  const scored = plan.flatMap(({ configuration, jobs }) =>
    jobs.map((job) => {
      const run = runs.get(job)!;
      return { configuration, seed: run.seed, score: valueOf(run, sweep, worthEpochs) };
    })
  );
  return {
    sweep,
    configurations: order.map(({ round: _, ...one }) => one),
    ...{ worth: worthOf(scored), worthEpochs },
  };
}
