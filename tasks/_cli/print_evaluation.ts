/**
 * Prints the results of an evaluation.
 *
 * @module
 */

import type { Dataset } from "../../src/dataset/dataset.ts";
import type { ReportLine } from "../../src/eval/comparison/comparison.ts";
import { formatPerPredicate, formatTable } from "../../src/eval/comparison/table.ts";
import type { SystemEvaluation } from "../../src/eval/evaluate.ts";
import { describeProtocol } from "../../src/eval/protocol.ts";
import { type EvaluationFlags, formatOf } from "./evaluation_flags.ts";

/**
 * Prints the table of results and, with `--per-predicate`, one of the model's predicates.
 *
 * @param found Rows, the evaluations behind them, the dataset, and the name of the model.
 * @param options The flags.
 */
export function printRows(
  { rows, evaluations, dataset, model }: {
    rows: readonly ReportLine[];
    evaluations: readonly SystemEvaluation[];
    dataset: Dataset;
    model: string;
  },
  options: EvaluationFlags,
): void {
  const format = formatOf(options);
  console.log(formatTable(rows, format).trimEnd());
  if (!options.perPredicate) return;
  for (const { system, evaluator } of evaluations) {
    if (system !== model) continue;
    const { perPredicate } = evaluator.result();
    const { predicates } = dataset.vocabulary;
    const table = formatPerPredicate(perPredicate, predicates, format).trimEnd();
    console.log(format === "text" ? `\n${table}` : table);
  }
}

/** Prints the notes below a table: simulated logits, and a description of each protocol. */
export function printNotes(
  evaluations: readonly SystemEvaluation[],
  { manifest }: Dataset,
): void {
  if (manifest.labelPredictor.simulated) {
    console.log("The label predictor is simulated: see data/README.md.");
  }
  const protocols = new Map(
    evaluations.map(({ protocol }) => [protocol.name, protocol]),
  );
  for (const protocol of protocols.values()) console.log(describeProtocol(protocol));
}
