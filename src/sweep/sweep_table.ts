/**
 * Writes the result of a sweep as tables, CSV or JSON lines.
 *
 * @module
 */

import { alignColumns, csv, csvCell, percent } from "../eval/comparison/table.ts";
import { showValue } from "../show_value.ts";
import { varyingSettings } from "./configurations.ts";
import type { SweepResult, SweepRun, SweptConfiguration } from "./run_sweep.ts";
import type { SettingValue } from "./sweep_file.ts";
import type { Worth } from "./worth.ts";

/** A value as a cell: text as it is, a list as JSON. */
function cell(value: SettingValue): string {
  return typeof value === "string" ? value : showValue(value);
}

/** A validation value for people: recall in percent, a loss as it is. */
function shown(
  value: number | null,
  metric: "recall" | "loss",
  sign = false,
): string {
  if (value === null) return "-";
  if (metric === "recall") return percent(value, sign);
  if (!Number.isFinite(value)) return "-";
  return `${sign && value >= 0 ? "+" : ""}${value.toFixed(4)}`;
}

/**
 * Tables for people: settings from the best to the worst, then what each value was worth,
 * then the best checkpoint.
 */
export function sweepText({ sweep, configurations, worth, worthEpochs }: SweepResult) {
  const { metric } = sweep;
  const names = varyingSettings(configurations.map((one) => one.configuration));
  const rows = configurations.map((one) => [
    ...names.map((name) => cell(one.configuration[name])),
    shown(one.mean, metric),
    shown(one.deviation, metric),
    `${one.runs.length}`,
    `${Math.max(...one.runs.map(({ epochs }) => epochs.length))}`,
    one.state,
  ]);
  const unit = metric === "recall" ? "recall %" : "loss";
  const head = [...names, `validation ${unit}`, "+-", "runs", "epochs", "state"];
  const parts = [alignColumns([head, ...rows])];
  if (worth.length > 0) {
    parts.push(
      `What each value was worth: mean validation ${unit} after ${worthEpochs} ${
        worthEpochs === 1 ? "epoch" : "epochs"
      }, and difference to the setting's other values\n` +
        alignColumns([
          ["setting", "value", "runs", "mean", "difference", "95 % interval", ""],
          ...worth.map((one) => [
            ...[one.setting, one.value, `${one.runs}`, shown(one.mean, metric)],
            shown(one.difference, metric, true),
            `[${shown(one.low, metric, true)}, ${shown(one.high, metric, true)}]`,
            one.isPaired ? "paired" : "unpaired",
          ]),
        ]),
    );
  }
  const best = bestRun(configurations, metric);
  parts.push(
    best?.checkpoint
      ? `Best by validation: deno task eval ${best.checkpoint}\n`
      : "No run has a checkpoint.\n",
  );
  return parts.join("\n");
}

/** The best run of the best settings. */
function bestRun(
  [best]: readonly SweptConfiguration[],
  metric: "recall" | "loss",
): SweepRun | undefined {
  const sign = metric === "loss" ? 1 : -1;
  const value = ({ best }: SweepRun) => sign * (best?.validation[metric] ?? NaN);
  return best?.runs.filter(({ checkpoint }) => checkpoint !== undefined)
    .sort((a, b) => value(a) - value(b))[0];
}

/** The fields of a run that are no settings, in the order of CSV and JSON. */
const RUN_FIELDS = [
  ...["seed", "state", "trained_epochs", "best_epoch"],
  ...["validation_recall", "validation_loss", "checkpoint", "command"],
] as const;

function fieldsOf(
  { seed, epochs, best, checkpoint, job }: SweepRun,
  state: string,
): Record<(typeof RUN_FIELDS)[number], string | number | null> {
  return {
    ...{ seed, state, trained_epochs: epochs.length },
    best_epoch: best?.epoch ?? null,
    validation_recall: best?.validation.recall ?? null,
    validation_loss: best?.validation.loss ?? null,
    checkpoint: checkpoint ?? null,
    command: job.command,
  };
}

/** CSV with one line for each run, the best settings first; values are fractions. */
export function sweepCsv({ configurations }: SweepResult): string {
  const names = Object.keys(configurations[0].configuration);
  return csv([
    [...names, ...RUN_FIELDS],
    ...configurations.flatMap(({ configuration, runs, state }) =>
      runs.map((run) => {
        const fields = fieldsOf(run, state);
        return [
          ...names.map((name) => csvCell(cell(configuration[name]))),
          ...RUN_FIELDS.map((field) => csvCell(fields[field])),
        ];
      })
    ),
  ]);
}

/** A number as JSON has it: null for one that is not finite. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * JSON lines: one of type `settings` for each combination, the best first, with its runs;
 * then one of type `worth` for each value of each setting.
 */
export function sweepJson({ sweep, configurations, worth, worthEpochs }: SweepResult) {
  const { name, dataset, metric } = sweep;
  const common = { sweep: name, dataset, metric };
  const lines: object[] = configurations.map((one) => ({
    ...{ type: "settings", ...common, state: one.state },
    mean: finite(one.mean),
    deviation: finite(one.deviation),
    settings: one.configuration,
    runs: one.runs.map((run) => fieldsOf(run, one.state)),
  }));
  lines.push(...worth.map(({ isPaired, ...one }: Worth) => ({
    ...{ type: "worth", ...common, ...one, epochs: worthEpochs },
    ...{ mean: finite(one.mean), difference: finite(one.difference), paired: isPaired },
  })));
  return lines.map((line) => JSON.stringify(line) + "\n").join("");
}
