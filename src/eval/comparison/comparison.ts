/**
 * Compares systems: one row for each metric, K and baseline.
 *
 * @module
 */

import {
  type BootstrapOptions,
  differenceOf,
  interval,
  meanAndDeviation,
  resample,
} from "./bootstrap.ts";
import type { SystemEvaluation } from "../evaluate.ts";
import type { Task } from "../protocol.ts";
import type { MetricStatistic, Statistic } from "../metric_values.ts";

/** The value of one metric beside a baseline's; values are fractions. */
export interface ReportRow {
  /** Name of the dataset. */
  dataset: string;
  /** The part of it that was scored. */
  split: string;
  /** Name of the system. */
  model: string;
  task: Task;
  /** Name of the protocol, with its changed choices. */
  protocol: string;
  metric: string;
  /** After how many candidates; null for metrics that have no K. */
  k: number | null;
  /** The system's value. */
  value: number;
  /** The baseline's value; null without baseline. */
  baseline: number | null;
  /** Name of the baseline; null without baseline. */
  baseline_name: string | null;
  /** Value minus baseline; null without baseline. */
  difference: number | null;
  /** Lower end of the 95 % interval of the difference; without baseline, of the value. */
  low: number;
  /** Upper end. */
  high: number;
  /** Number of images that have rows that count. */
  images: number;
}

/** A row with values that only the tables for people show. */
export interface ReportLine extends ReportRow {
  /** Two-sided p-value of the difference; null without baseline, NaN without values. */
  pValue: number | null;
  /** Standard deviation over runs; null for a single run. */
  deviation: number | null;
}

/** Settings of {@linkcode reportRows}. */
export interface ReportOptions extends BootstrapOptions {
  /** Name of the dataset. */
  dataset: string;
  /** The part of it that was scored. */
  split: string;
  /** Name of the system that is compared. */
  model: string;
  /** Names of the others; without any, intervals are those of the values. */
  baselines?: readonly string[];
  /**
   * Names for the mean of several evaluated systems, such as runs with different seeds;
   * any other name stands for the system of that name.
   */
  runs?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Compares one system with others, by a paired bootstrap over images.
 *
 * @param evaluations Results of one call of {@linkcode evaluate}.
 * @param options Names, and settings of the bootstrap.
 * @returns One row for each task, protocol, metric, K and baseline, in this order.
 * @throws {RangeError} If a named system was not evaluated, or the images differ.
 */
export function reportRows(
  evaluations: readonly SystemEvaluation[],
  options: ReportOptions,
): ReportLine[] {
  const { model, baselines = [], runs = {} } = options;
  const groups = new Map<string, SystemEvaluation[]>();
  for (const evaluation of evaluations) {
    const key = JSON.stringify([evaluation.task, evaluation.protocol]);
    groups.set(key, [...groups.get(key) ?? [], evaluation]);
  }
  return [...groups.values()].flatMap((group) => {
    const membersOf = (name: string) =>
      (runs[name] ?? [name]).map((system) => findSystem(group, system));
    const systems = [model, ...baselines].map(membersOf);
    checkSameImages(systems.flat());
    return rowsOf(group[0], commonTo(systems.map(averageOf)), options);
  });
}

function findSystem(group: readonly SystemEvaluation[], name: string): SystemEvaluation {
  const found = group.find(({ system }) => system === name);
  if (found) return found;
  throw new RangeError(
    `Cannot report on "${name}" as it was not evaluated: there are ${
      group.map(({ system }) => system).join(", ")
    }`,
  );
}

function checkSameImages([first, ...others]: readonly SystemEvaluation[]): void {
  const ids = first.evaluator.imageIds;
  for (const { system, evaluator } of others) {
    const theirs = evaluator.imageIds;
    const at = ids.findIndex((id, i) => theirs[i] !== id);
    if (ids.length === theirs.length && at < 0) continue;
    throw new RangeError(
      `Cannot compare "${first.system}" with "${system}" as both must have scored the same images: image ${at} is "${
        ids[at]
      }" and "${theirs[at]}"`,
    );
  }
}

/** A statistic that is the mean over runs, with the statistic of each run. */
type Averaged = Omit<MetricStatistic, "value" | "perImage"> & { members: Statistic[] };

function averageOf(runs: readonly SystemEvaluation[]): Averaged[] {
  const all = runs.map(({ evaluator }) => evaluator.statistics());
  return all[0].map(({ metric, k, images }, i) => {
    const members = all.map((one) => one[i].statistic);
    const statistic = (weights: ArrayLike<number>) =>
      members.reduce((sum, one) => sum + one(weights), 0) / members.length;
    return { metric, k, images, statistic, members };
  });
}

/** Keeps the statistics that all systems have: a system that gives only lists of triplets lacks some. */
function commonTo(systems: Averaged[][]): Averaged[][] {
  const keyOf = ({ metric, k }: Averaged) => `${metric} ${k}`;
  const known = systems.map((system) => new Set(system.map(keyOf)));
  const isCommon = (one: Averaged) => known.every((keys) => keys.has(keyOf(one)));
  return systems.map((system) => system.filter(isCommon));
}

function rowsOf(
  { task, protocol, evaluator }: SystemEvaluation,
  [system, ...others]: Averaged[][],
  options: ReportOptions,
): ReportLine[] {
  const { dataset, split, model, baselines = [] } = options;
  const numImages = evaluator.imageIds.length;
  const statistics = [system, ...others].flatMap((all) =>
    all.map(({ statistic }) => statistic)
  );
  const samples = resample(statistics, numImages, options);
  const ones = new Uint8Array(numImages).fill(1);
  return system.flatMap(({ metric, k, images, members }, i): ReportLine[] => {
    const own = samples[i];
    const row = { dataset, split, model, task, protocol: protocol.name, metric, k };
    const runs = meanAndDeviation(members.map((statistic) => statistic(ones)));
    const common = {
      ...row,
      value: own.value,
      images,
      deviation: members.length > 1 ? runs.deviation : null,
    };
    if (others.length === 0) {
      const none = {
        baseline: null,
        baseline_name: null,
        difference: null,
        pValue: null,
      };
      return [{ ...common, ...none, ...interval(own.draws) }];
    }
    return others.map((_, b) => {
      const baseline = samples[(b + 1) * system.length + i];
      const { value: difference, ...rest } = differenceOf(own, baseline);
      const names = { baseline: baseline.value, baseline_name: baselines[b] };
      return { ...common, ...names, difference, ...rest };
    });
  });
}
