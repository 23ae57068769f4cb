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
