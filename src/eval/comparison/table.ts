/**
 * Writes rows as a text table, CSV, LaTeX or JSON lines.
 *
 * @module
 */

import type { ReportLine, ReportRow } from "./comparison.ts";
import type { PredicateValue } from "../metric_values.ts";

/** Format of a table. */
export type TableFormat = "text" | "csv" | "latex" | "json";

/** The formats. */
export const TABLE_FORMATS: readonly TableFormat[] = ["text", "csv", "latex", "json"];

/** The fields of a row, in the order of CSV and JSON. */
export const ROW_FIELDS = [
  "dataset",
  "split",
  "model",
  "task",
  "protocol",
  "metric",
  "k",
  "value",
  "baseline",
  "baseline_name",
  "difference",
  "low",
  "high",
  "images",
] as const satisfies readonly (keyof ReportRow)[];

/**
 * Formats rows. Text and LaTeX have percentages, CSV and JSON fractions.
 *
 * @param rows Rows of {@linkcode reportRows}.
 * @param format The format; JSON has one object in each line.
 * @returns Text that ends with a line break; empty without rows.
 */
export function formatTable(rows: readonly ReportLine[], format: TableFormat): string {
  if (rows.length === 0) return "";
  switch (format) {
    case "json":
      return rows.map((row) => JSON.stringify(plain(row)) + "\n").join("");
    case "csv":
      return csv([
        [...ROW_FIELDS],
        ...rows.map((row) => ROW_FIELDS.map((field) => csvCell(row[field]))),
      ]);
    case "text":
      return alignColumns(readable(rows));
    case "latex":
      return latex(readable(rows));
  }
}

/** The fields of a row, with null for numbers that JSON cannot express. */
function plain(row: ReportRow): Record<string, unknown> {
  return Object.fromEntries(ROW_FIELDS.map((field) => {
    const value = row[field];
    return [field, typeof value === "number" && !Number.isFinite(value) ? null : value];
  }));
}

/** A fraction in percent with two decimals; `-` for null and NaN. */
export function percent(value: number | null, sign = false): string {
  if (value === null || !Number.isFinite(value)) return "-";
  // A small negative value would be printed as "-0.00".
  const text = (100 * value).toFixed(2).replace(/^-0\.00$/, "0.00");
  return sign && !text.startsWith("-") ? `+${text}` : text;
}

function readable(rows: readonly ReportLine[]): string[][] {
  const hasRuns = rows.some(({ deviation }) => deviation !== null);
  const hasBaseline = rows.some(({ baseline }) => baseline !== null);
  const head = ["task", "protocol", "metric", rows[0].model, ...hasRuns ? ["+-"] : []];
  const last = hasBaseline
    ? ["baseline", "", "difference", "95 % interval", "p"]
    : ["95 % interval"];
  return [
    [...head, ...last, "images"],
    ...rows.map((row) => {
      const { task, protocol, metric, k, value, deviation } = row;
      const signed = row.baseline !== null;
      const range = `[${percent(row.low, signed)}, ${percent(row.high, signed)}]`;
      return [
        task,
        protocol,
        k === null ? metric : `${metric}@${k}`,
        percent(value),
        ...hasRuns ? [percent(deviation)] : [],
        ...hasBaseline
          ? [
            row.baseline_name ?? "-",
            percent(row.baseline),
            percent(row.difference, true),
          ]
          : [],
        range,
        ...hasBaseline ? [row.pValue === null ? "-" : row.pValue.toFixed(4)] : [],
        `${row.images}`,
      ];
    }),
  ];
}

/**
 * Formats the recalls of predicates, one line for each predicate and K.
 *
 * @param values Values of {@linkcode RecallEvaluator.result}.
 * @param predicates Names of the predicates.
 * @param format As in {@linkcode formatTable}.
 * @returns Text that ends with a line break; empty without values.
 */
export function formatPerPredicate(
  values: readonly PredicateValue[],
  predicates: readonly string[],
  format: TableFormat,
): string {
  if (values.length === 0) return "";
  const nameOf = ({ predicate }: PredicateValue) =>
    predicates[predicate] ?? `${predicate}`;
  if (format === "json") {
    return values.map((row) => {
      const value = Number.isFinite(row.value) ? row.value : null;
      return JSON.stringify({ ...row, predicate: nameOf(row), value }) + "\n";
    }).join("");
  }
  const head = ["predicate", "metric", "k", "images", "rows", "hits"];
  const body = (show: (value: number) => string) =>
    values.map((row) => [
      nameOf(row),
      row.metric,
      `${row.k}`,
      `${row.images}`,
      `${row.rows}`,
      `${row.hits}`,
      show(row.value),
    ]);
  if (format === "csv") {
    const cells = body((value) => csvCell(value)).map(([name, ...rest]) => {
      return [csvCell(name), ...rest];
    });
    return csv([[...head, "value"], ...cells]);
  }
  const table = [[...head, "recall"], ...body(percent)];
  return format === "text" ? alignColumns(table) : latex(table);
}

function csvCell(value: string | number | null): string {
  if (value === null || Number.isNaN(value)) return "";
  const text = `${value}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(table: readonly string[][]): string {
  return table.map((cells) => cells.join(",") + "\n").join("");
}

/** Cells with a number or a range, and empty ones, are aligned to the right. */
const isNumeric = (cell: string) => /^\[?[-+]?[\d.]|^-?$/.test(cell);

/**
 * Formats a table for a terminal; the first row is the head, numbers are right-aligned.
 *
 * @param table Rows with equal numbers of cells.
 */
export function alignColumns(table: readonly string[][]): string {
  const widths = table[0].map((_, c) => Math.max(...table.map((row) => row[c].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, c) => {
      const right = table.slice(1).every((other) => isNumeric(other[c]));
      return right ? cell.padStart(widths[c]) : cell.padEnd(widths[c]);
    }).join("  ").trimEnd() + "\n";
  const rule = widths.map((width) => "-".repeat(width)).join("  ") + "\n";
  return line(table[0]) + rule + table.slice(1).map(line).join("");
}

function latex(table: readonly string[][]): string {
  const escaped = (cell: string) => cell.replace(/[%_&#$]/g, "\\$&");
  const columns = table[0].map((_, c) =>
    table.slice(1).every((row) => isNumeric(row[c])) ? "r" : "l"
  ).join("");
  const lines = table.map((row) => row.map(escaped).join(" & ") + " \\\\");
  return [
    `\\begin{tabular}{${columns}}`,
    "\\hline",
    lines[0],
    "\\hline",
    ...lines.slice(1),
    "\\hline",
    "\\end{tabular}",
    "",
  ].join("\n");
}
