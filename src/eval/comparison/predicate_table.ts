/**
 * Writes the recalls of predicates, a system's beside those of its baselines.
 *
 * @module
 */

import type { PredicateValue } from "../metric_values.ts";
import {
  alignColumns,
  csv,
  csvCell,
  latexTable,
  percent,
  type TableFormat,
} from "./table.ts";

/** The recalls of one system; those of several runs are averaged. */
export interface PredicateRecalls {
  /** Name of the system. */
  name: string;
  /** Values of {@linkcode RecallEvaluator.result}, for each run. */
  runs: readonly (readonly PredicateValue[])[];
}

/**
 * Formats the recalls of predicates, one line for each predicate and K. Text and LaTeX
 * have percentages, CSV and JSON fractions.
 *
 * @param system The system.
 * @param predicates Names of the predicates.
 * @param format The format; JSON has one object in each line, whose `baselines` are
 * values by name.
 * @param baselines Systems to show beside it.
 * @returns Text that ends with a line break; empty without values.
 */
export function formatPerPredicate(
  system: PredicateRecalls,
  predicates: readonly string[],
  format: TableFormat,
  baselines: readonly PredicateRecalls[] = [],
): string {
  const values = meanOf(system);
  if (values.length === 0) return "";
  const nameOf = ({ predicate }: PredicateValue) =>
    predicates[predicate] ?? `${predicate}`;
  const others = baselines.map((baseline) => {
    const byKey = new Map(meanOf(baseline).map((row) => [keyOf(row), row.value]));
    return (row: PredicateValue) => byKey.get(keyOf(row)) ?? NaN;
  });
  if (format === "json") {
    const plain = (value: number) => Number.isFinite(value) ? value : null;
    return values.map((row) => {
      const beside = baselines.map(({ name }, i) => [name, plain(others[i](row))]);
      const line = { ...row, predicate: nameOf(row), value: plain(row.value) };
      return JSON.stringify({
        model: system.name,
        ...line,
        ...beside.length > 0 && { baselines: Object.fromEntries(beside) },
      }) + "\n";
    }).join("");
  }
  const isCsv = format === "csv";
  const show = isCsv ? csvCell : percent;
  const head = ["predicate", "metric", "k", "images", "rows", "hits"];
  const table = [
    [...head, isCsv ? "value" : "recall", ...baselines.map(({ name }) => name)],
    ...values.map((row) => [
      nameOf(row),
      row.metric,
      `${row.k}`,
      `${row.images}`,
      `${row.rows}`,
      `${row.hits}`,
      show(row.value),
      ...others.map((valueOf) => show(valueOf(row))),
    ]),
  ];
  if (isCsv) return csv(table.map(([name, ...rest]) => [csvCell(name), ...rest]));
  return format === "text" ? alignColumns(table) : latexTable(table);
}

function keyOf({ predicate, metric, k }: PredicateValue): string {
  return `${predicate} ${metric} ${k}`;
}

/** The mean of hits and values over runs on the same images. */
function meanOf({ runs }: PredicateRecalls): PredicateValue[] {
  return (runs[0] ?? []).map((row, i) => {
    const mean = (field: "hits" | "value") =>
      runs.reduce((sum, values) => sum + values[i][field], 0) / runs.length;
    return { ...row, hits: mean("hits"), value: mean("value") };
  });
}
