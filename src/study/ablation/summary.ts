/**
 * What the runs of the study `ablation` show, as lines of JSON.
 *
 * @module
 */

import { type ReportLine, reportRows } from "../../eval/comparison/comparison.ts";
import { rankCorrelation } from "../../eval/comparison/rank_correlation.ts";
import { type Arm, armName, controlOf } from "./arms.ts";
import type { AblationResult, Epoch, ScoredArm } from "./run_study.ts";

/** One metric of one system on one dataset, beside another system; shares, not percent. */
export interface AblationLine extends ReportLine {
  study: "ablation";
  /** What the dataset is. */
  title: string;
  /** Whether it is the metric and K that tables show. */
  isMain: boolean;
  /** Variant of the network, or `label_predictor` or `frequency`. */
  network: string;
  /** Number of steps, T; null without a network. */
  steps: number | null;
  features: "default" | "paper" | null;
  /** Whose weights; null without a network. */
  epoch: Epoch | null;
  /** What the baseline is: the same network without context, or that of the best epoch. */
  against: "control" | "best epoch" | null;
  seeds: number;
}

/** How well the ranking of networks on one dataset tells that on another. */
export interface TransferLine {
  study: "ablation transfer";
  /** Names of both datasets. */
  datasets: [string, string];
  epoch: Epoch;
  /** Number of networks. */
  networks: number;
  /** Spearman's rank correlation of their main recalls; null if all are equal. */
  correlation: number | null;
}

/** Name of a system and its weights. */
function nameOf({ arm, epoch }: Pick<ScoredArm, "arm" | "epoch">): string {
  return typeof arm === "string" ? arm : `${armName(arm)} ${epoch}`;
}

/**
 * One line for each dataset, system, metric and baseline. Means are over seeds, intervals
 * from a paired bootstrap over images.
 *
 * @param results What was found.
 * @param options Number of bootstrap resamples, and called after each system.
 */
export function ablationLines(
  results: readonly AblationResult[],
  { resamples = 1000, onProgress }: {
    resamples?: number;
    onProgress?: (done: number, total: number) => void;
  } = {},
): AblationLine[] {
  const total = results.reduce((sum, { arms }) => sum + arms.length, 0);
  let done = 0;
  return results.flatMap(({ data, arms }) => {
    const runs: Record<string, string[]> = {};
    const evaluations = arms.flatMap((one) => {
      const name = nameOf(one);
      runs[name] = one.runs.map((_, i) => `${name} ${i}`);
      return one.runs.map((run, i) => ({ ...run, system: runs[name][i] }));
    });
    return arms.flatMap((one): AblationLine[] => {
      const { arm, epoch } = one, model = nameOf(one);
      const baselines = baselinesOf(one).filter((name) => name in runs);
      const rows = reportRows(evaluations, {
        ...{ dataset: data.name, split: "test", model, baselines, runs },
        ...{ seed: 0, resamples },
      });
      onProgress?.(++done, total);
      const isNetwork = typeof arm !== "string";
      const isMain = (row: ReportLine) => row.metric === "R" && row.k === data.k;
      // Of the last epoch the recall is enough: it is compared with the best one.
      const shown = epoch === "last" ? rows.filter(isMain) : rows;
      return shown.map((row) => ({
        study: "ablation",
        title: data.title,
        isMain: isMain(row),
        network: isNetwork ? arm.variant : arm,
        steps: isNetwork ? arm.steps : null,
        features: isNetwork ? arm.features : null,
        epoch: epoch ?? null,
        against: row.baseline_name === null
          ? null
          : row.baseline_name === model.replace(/ last$/, " best")
          ? "best epoch"
          : "control",
        seeds: one.runs.length,
        ...row,
      }));
    });
  });
}

/** The names of what a network is compared with: its control, and its best epoch. */
function baselinesOf({ arm, epoch }: ScoredArm): string[] {
  if (typeof arm === "string") return [];
  const control = controlOf(arm);
  return [
    ...isSame(arm, control) ? [] : [nameOf({ arm: control, epoch })],
    ...epoch === "last" ? [nameOf({ arm, epoch: "best" })] : [],
  ];
}

const isSame = (a: Arm, b: Arm) => armName(a) === armName(b);

/**
 * Compares the rankings of the networks on every two datasets, by best and by last epoch.
 *
 * @param lines The result of {@linkcode ablationLines}.
 */
export function transferLines(lines: readonly AblationLine[]): TransferLine[] {
  const datasets = [...new Set(lines.map(({ dataset }) => dataset))];
  const recallsOf = (dataset: string, epoch: Epoch) =>
    new Map(
      lines.filter((line) =>
        line.dataset === dataset && line.epoch === epoch && line.isMain
      ).map(({ network, steps, features, value }) => [
        `${network} ${steps} ${features}`,
        value,
      ]),
    );
  return datasets.flatMap((a, i) =>
    datasets.slice(i + 1).flatMap((b) =>
      (["best", "last"] as const).map((epoch): TransferLine => {
        const mine = recallsOf(a, epoch), theirs = recallsOf(b, epoch);
        const names = [...mine.keys()].filter((name) => theirs.has(name));
        const correlation = rankCorrelation(
          names.map((name) => mine.get(name)!),
          names.map((name) => theirs.get(name)!),
        );
        return {
          study: "ablation transfer",
          ...{ datasets: [a, b], epoch, networks: names.length },
          correlation: Number.isNaN(correlation) ? null : correlation,
        };
      })
    )
  );
}
