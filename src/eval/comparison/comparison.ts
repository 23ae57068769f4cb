/**
 * Numbers of systems as rows: one a metric, K and baseline.
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

/** One number beside a baseline; all values are fractions. */
export interface ReportRow {
  /** Name of the dataset. */
  dataset: string;
  /** The part of it that was scored. */
  split: string;
  /** Name of the system. */
  model: string;
  task: Task;
  /** Name of the protocol; changed choices stand in it. */
  protocol: string;
  metric: string;
  /** After how many candidates; null for metrics that have no K. */
  k: number | null;
  /** The system's value. */
  value: number;
  /** The baseline's value, null without one. */
  baseline: number | null;
  /** Name of the baseline, null without one. */
  baseline_name: string | null;
  /** Value minus baseline, null without one. */
  difference: number | null;
  /** Lower end of the 95 % interval of the difference, or of the value without a baseline. */
  low: number;
  /** Upper end. */
  high: number;
  /** Images that have rows that count. */
  images: number;
}

/** A row with what the tables for people show besides. */
export interface ReportLine extends ReportRow {
  /** Two-sided p-value of the difference, null without a baseline. */
  pValue: number | null;
  /** Standard deviation over runs, null for a single one. */
  deviation: number | null;
}

/** Settings of {@linkcode reportRows}. */
export interface ReportOptions extends Omit<BootstrapOptions, "level"> {
  /** Name of the dataset. */
  dataset: string;
  /** The part of it that was scored. */
  split: string;
  /** Name of the system that the rows are about. */
  model: string;
  /** Names of those it is compared with; none: intervals of the values themselves. */
  baselines?: readonly string[];
  /**
   * Names that stand for the mean of several evaluated systems, such as one a seed; all
   * others stand for themselves.
   */
  runs?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Compares one system with others, by a paired bootstrap over images.
 *
 * @param evaluations Of one call of {@linkcode evaluate}.
 * @param options Names, and settings of the bootstrap.
 * @returns One row for each task, protocol, metric, K and baseline, in this order.
 * @throws {RangeError} If a named system was not evaluated, or two saw other images.
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
    const named = commonTo(
      [model, ...baselines].map((name) => averageOf(membersOf(name))),
    );
    checkSameImages(group, [model, ...baselines].flatMap((name) => runs[name] ?? [name]));
    return rowsOf(group[0], named, options);
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

function checkSameImages(group: readonly SystemEvaluation[], names: readonly string[]) {
  const [first, ...others] = names.map((name) => findSystem(group, name));
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

/** Statistics that are means over runs, with the statistic of each run. */
type Averaged = MetricStatistic & { members: Statistic[] };

function averageOf(members: readonly SystemEvaluation[]): Averaged[] {
  const all = members.map(({ evaluator }) => evaluator.statistics());
  return all[0].map((first, i) => {
    const statistics = all.map((one) => one[i].statistic);
    const statistic = (weights: ArrayLike<number>) =>
      statistics.reduce((sum, one) => sum + one(weights), 0) / statistics.length;
    return { ...first, statistic, members: statistics };
  });
}

/** Only what all systems have: probabilities of all pairs give more than lists do. */
function commonTo(systems: Averaged[][]): Averaged[][] {
  const keyOf = ({ metric, k }: MetricStatistic) => `${metric} ${k}`;
  const known = systems.map((system) => new Set(system.map(keyOf)));
  const isCommon = (one: MetricStatistic) => known.every((keys) => keys.has(keyOf(one)));
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
    const common = { dataset, split, model, task, protocol: protocol.name, metric, k };
    const { deviation } = meanAndDeviation(members.map((statistic) => statistic(ones)));
    const spread = members.length > 1 ? deviation : null;
    if (others.length === 0) {
      return [{
        ...common,
        value: own.value,
        baseline: null,
        baseline_name: null,
        difference: null,
        ...interval(own.draws),
        images,
        pValue: null,
        deviation: spread,
      }];
    }
    return others.map((_, b) => {
      const baseline = samples[(b + 1) * system.length + i];
      const { value, low, high, pValue } = differenceOf(own, baseline);
      return {
        ...common,
        value: own.value,
        baseline: baseline.value,
        baseline_name: baselines[b],
        difference: value,
        low,
        high,
        images,
        pValue,
        deviation: spread,
      };
    });
  });
}
