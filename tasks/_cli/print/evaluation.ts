/**
 * Prints the results of an evaluation.
 *
 * @module
 */

import type { Dataset } from "../../../src/dataset/dataset.ts";
import type { ReportLine } from "../../../src/eval/comparison/comparison.ts";
import { formatPerPredicate } from "../../../src/eval/comparison/predicate_table.ts";
import { systemsTable } from "../../../src/eval/comparison/systems_table.ts";
import {
  alignColumns,
  csv,
  csvCell,
  formatTable,
  latexTable,
  percent,
} from "../../../src/eval/comparison/table.ts";
import type { SystemEvaluation } from "../../../src/eval/evaluate.ts";
import { describeProtocol } from "../../../src/eval/protocol.ts";
import type { AdjustmentPoint } from "../../../src/pipeline/scoring/logit_adjustment.ts";
import type { JobShard } from "../../../src/job_shard.ts";
import { describeShard } from "../../../src/pipeline/parts/save_state.ts";
import { type EvaluationFlags, formatOf } from "../flags/evaluation_flags.ts";

/**
 * Prints the table of results and, with `--per-predicate`, one of each model's predicates.
 *
 * @param found Rows, the evaluations behind them, the dataset, the names of models and
 * baselines, and of which systems they are the mean.
 * @param options The flags.
 */
export function printRows(
  { rows, evaluations, dataset, models, baselines, runs = {} }: {
    rows: readonly ReportLine[];
    evaluations: readonly SystemEvaluation[];
    dataset: Dataset;
    models: readonly string[];
    baselines: readonly string[];
    runs?: Readonly<Record<string, readonly string[]>>;
  },
  options: Pick<EvaluationFlags, "json" | "csv" | "latex" | "perPredicate">,
): void {
  const format = formatOf(options);
  const isWide = models.length > 1 && (format === "text" || format === "latex");
  const table = isWide ? systemsTable(rows, format) : formatTable(rows, format);
  console.log(table.trimEnd());
  if (!options.perPredicate) return;
  const { predicates } = dataset.vocabulary;
  for (const group of groupsOf(evaluations)) {
    const recallsOf = (name: string) => ({
      name,
      runs: (runs[name] ?? [name]).map((system) =>
        group.find((one) => one.system === system)!.evaluator.result().perPredicate
      ),
    });
    const beside = baselines.map(recallsOf);
    for (const model of models) {
      const table = formatPerPredicate(recallsOf(model), predicates, format, beside);
      if (table === "") continue;
      const { task, protocol } = group[0];
      const title = `\n${model}, ${task}, ${protocol.name}, in percent:\n`;
      console.log((format === "text" ? title : "") + table.trimEnd());
    }
  }
}

/**
 * Prints the recalls of the strengths of logit adjustment that were tried, as lines of JSON
 * or a table.
 */
export function printAdjustment(
  curve: readonly AdjustmentPoint[],
  options: Pick<EvaluationFlags, "json" | "csv" | "latex">,
): void {
  if (curve.length === 0) return;
  const format = formatOf(options);
  if (format === "json") {
    for (const { isChosen, ...point } of curve) {
      console.log(JSON.stringify({ adjustment: point, isChosen }));
    }
    return;
  }
  const isCsv = format === "csv", show = isCsv ? csvCell : percent;
  const k = curve[0].k;
  const table = [
    ["system", "task", "strength", `R@${k}`, `mR@${k}`, `F1@${k}`, "chosen"],
    ...curve.map(({ system, task, strength, R, mR, F1, isChosen }) => [
      ...[system, task, strength.toFixed(1), show(R), show(mR), show(F1)],
      isChosen ? "yes" : "no",
    ]),
  ];
  const write = isCsv ? csv : format === "latex" ? latexTable : alignColumns;
  if (format === "text") console.log("\nLogit adjustment, on the validation images:");
  console.log(write(table).trimEnd());
}

/** The evaluations of each task and protocol. */
function groupsOf(evaluations: readonly SystemEvaluation[]): SystemEvaluation[][] {
  const keyOf = ({ task, protocol }: SystemEvaluation) => `${task} ${protocol.name}`;
  return [...Map.groupBy(evaluations, keyOf).values()];
}

/** Prints the notes below a table: simulated logits, and a description of each protocol. */
export function printNotes(
  evaluations: readonly SystemEvaluation[],
  { manifest }: Dataset,
  options: Pick<EvaluationFlags, "protocol">,
): void {
  if (manifest.labelPredictor.simulated) {
    console.log("The label predictor is simulated: see docs/built_in_world.md.");
  }
  if (options.protocol === undefined) console.log(defaultsOf(evaluations));
  const isMotifsPreddet = ({ task, protocol }: SystemEvaluation) =>
    task === "preddet" && protocol.name.startsWith("motifs");
  if (evaluations.some(isMotifsPreddet)) {
    console.log(
      "neural-motifs prints preddet without graph constraint: its numbers are ngR here.",
    );
  }
  const protocols = new Map(
    evaluations.map(({ protocol }) => [protocol.name, protocol]),
  );
  for (const protocol of protocols.values()) console.log(describeProtocol(protocol));
}

/** Says which protocols were chosen because none was given. */
function defaultsOf(evaluations: readonly SystemEvaluation[]): string {
  const byTask = new Map<string, Set<string>>();
  for (const { task, protocol } of evaluations) {
    byTask.set(task, (byTask.get(task) ?? new Set()).add(protocol.name));
  }
  const chosen = [...byTask].map(([task, names]) =>
    `${[...names].join(", ")} for ${task}`
  );
  return `Protocols by default, others by --protocol: ${chosen.join("; ")}.`;
}

/** Prints what a job has scored, and where it wrote that. */
export function printState(
  dataset: Dataset,
  options: Pick<EvaluationFlags, "json" | "split" | "limit"> & {
    state?: string;
    shard?: JobShard;
  },
): void {
  const { json, state: path, shard } = options;
  const what = describeShard(dataset, options);
  console.log(json ? JSON.stringify({ path, ...shard }) : `${path}, ${what}`);
}
