/**
 * What each value of a setting was worth, over all runs of a sweep.
 *
 * @module
 */

import { meanInterval, welchInterval } from "../eval/comparison/student.ts";
import { showValue } from "../show_value.ts";
import { type Configuration, varyingSettings } from "./configurations.ts";

/** A run of a sweep: its settings and what it reached. */
export interface ScoredRun {
  configuration: Configuration;
  seed: number;
  /** NaN if the run diverged. */
  score: number;
}

/** The worth of one value, or of the values of an interval. */
export interface Worth {
  setting: string;
  /** The value, or for example `0.0003 to 0.001`. */
  value: string;
  /** Number of runs that have it and did not diverge. */
  runs: number;
  /** Mean of their scores. */
  mean: number;
  /** Difference to runs with the setting's other values. */
  difference: number;
  /** 95 % interval of the difference; null if there are too few runs. */
  low: number | null;
  high: number | null;
  /**
   * Whether runs are compared that differ in this setting alone, so that the seed and
   * all other settings cancel.
   */
  isPaired: boolean;
}

/** A setting of more values is divided into intervals. */
const MOST_VALUES = 5;
/** Number of these intervals, with equally many runs each. */
const INTERVALS = 3;

/**
 * Computes the worth of every value of every setting that varies.
 *
 * Where each value meets the same other settings and seeds, as in a full grid, runs are
 * compared in pairs, and the interval is Student's, of the mean of the pairs' differences.
 * Elsewhere the interval is Welch's.
 *
 * @param runs All runs; scores must mean the same, such as recall after equally many epochs.
 */
export function worthOf(runs: readonly ScoredRun[]): Worth[] {
  const settings = varyingSettings(runs.map(({ configuration }) => configuration));
  return settings.flatMap((setting) => {
    const groupOf = grouping(runs.map(({ configuration }) => configuration[setting]));
    // Numbers and the first numbers of intervals in their order, names in that of the file.
    const values = [...new Set(groupOf)].sort((a, b) =>
      parseFloat(a) - parseFloat(b) || 0
    );
    const blocks = blocksOf(runs, setting, groupOf, values);
    return values.map((value) => {
      const isHere = (_: unknown, i: number) => groupOf[i] === value;
      const mine = finite(runs.filter(isHere));
      const others = finite(runs.filter((run, i) => !isHere(run, i)));
      const { mean } = meanInterval(mine);
      const difference = blocks
        ? meanInterval(blocks.map((block) => differenceIn(block, value)))
        : welchInterval(mine, others);
      return {
        ...{ setting, value, runs: mine.length, mean },
        difference: difference.mean,
        ...{ low: difference.low, high: difference.high, isPaired: blocks !== undefined },
      };
    });
  });
}

function finite(runs: readonly ScoredRun[]): number[] {
  return runs.map(({ score }) => score).filter((score) => !Number.isNaN(score));
}

/** The name of the group of each value. */
function grouping(values: readonly unknown[]): string[] {
  const different = new Set(values.map((value) => JSON.stringify(value)));
  if (different.size <= MOST_VALUES || values.some((one) => typeof one !== "number")) {
    return values.map((value) => typeof value === "string" ? value : showValue(value));
  }
  const sorted = [...different].map(Number).sort((a, b) => a - b);
  return values.map((value) => {
    const group = Math.floor(INTERVALS * sorted.indexOf(value as number) / sorted.length);
    const members = sorted.filter((_, i) =>
      Math.floor(INTERVALS * i / sorted.length) === group
    );
    return `${members[0]} to ${members.at(-1)}`;
  });
}

/**
 * Runs that differ in one setting alone, as scores by value; `undefined` if some value is
 * not once in each. Those with a run that diverged are left out.
 */
function blocksOf(
  runs: readonly ScoredRun[],
  setting: string,
  groupOf: readonly string[],
  values: readonly string[],
): Map<string, number>[] | undefined {
  const blocks = new Map<string, Map<string, number>>();
  for (const [i, { configuration, seed, score }] of runs.entries()) {
    const { [setting]: _, ...rest } = configuration;
    const key = JSON.stringify([rest, seed]);
    const block = blocks.get(key) ?? new Map<string, number>();
    if (block.has(groupOf[i])) return undefined;
    blocks.set(key, block.set(groupOf[i], score));
  }
  const all = [...blocks.values()];
  if (all.some(({ size }) => size < values.length)) return undefined;
  const whole = all.filter((block) => ![...block.values()].some(Number.isNaN));
  return whole.length > 0 ? whole : undefined;
}

/** The score of a value minus the mean of the others. */
function differenceIn(block: ReadonlyMap<string, number>, value: string): number {
  const mine = block.get(value)!;
  const others = [...block].filter(([other]) => other !== value);
  return mine - others.reduce((sum, [, score]) => sum + score, 0) / others.length;
}
