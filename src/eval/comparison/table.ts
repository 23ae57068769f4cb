/**
 * Writes rows as a text table, CSV, LaTeX or JSON lines.
 *
 * @module
 */

import type { ReportLine } from "./comparison.ts";

/** Format of a table. */
export type TableFormat = "text" | "csv" | "latex" | "json";

/** The fields of a row, in the order of CSV and JSON; `p` is the p-value. */
const ROW_FIELDS = [
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
  "p",
  "deviation",
] as const;

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
        ...rows.map((row) => ROW_FIELDS.map((field) => csvCell(fieldOf(row, field)))),
      ]);
    case "text":
      return alignColumns(readable(rows));
    case "latex":
      return latexTable(readable(rows));
  }
}

/** The fields of a row, with null for numbers that JSON cannot express. */
function plain(row: ReportLine): Record<string, unknown> {
  return Object.fromEntries(ROW_FIELDS.map((field) => {
    const value = fieldOf(row, field);
    return [field, typeof value === "number" && !Number.isFinite(value) ? null : value];
  }));
}

function fieldOf(
  row: ReportLine,
  field: typeof ROW_FIELDS[number],
): string | number | null {
  return field === "p" ? row.pValue : row[field];
}

/** A fraction in percent with two decimals; `-` for null and NaN. */
export function percent(value: number | null, sign = false): string {
  if (value === null || !Number.isFinite(value)) return "-";
  // A small negative value would be printed as "-0.00".
  const text = (100 * value).toFixed(2).replace(/^-0\.00$/, "0.00");
  return sign && !text.startsWith("-") ? `+${text}` : text;
}

/** A difference in points with its interval, such as `+1.23 [+0.40, +2.00]`. */
export function gainText(gain: number | null, low: number | null, high: number | null) {
  return `${percent(gain, true)} [${percent(low, true)}, ${percent(high, true)}]`;
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
        ...hasBaseline ? [pValueText(row.pValue)] : [],
        `${row.images}`,
      ];
    }),
  ];
}

function pValueText(value: number | null): string {
  return value === null || Number.isNaN(value) ? "-" : value.toFixed(4);
}

/** A cell of CSV, quoted where it must be; empty for null and NaN. */
export function csvCell(value: string | number | null): string {
  if (value === null || Number.isNaN(value)) return "";
  const text = `${value}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** CSV of a table. */
export function csv(table: readonly string[][]): string {
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

/**
 * A table for LaTeX with the package booktabs; the first row is the head.
 *
 * @param table Rows with equal numbers of cells.
 */
export function latexTable(table: readonly string[][]): string {
  const columns = table[0].map((_, c) =>
    table.slice(1).every((row) => isNumeric(row[c])) ? "r" : "l"
  ).join("");
  return latexTabular(columns, [table[0].map(escapeLatex)], table.slice(1));
}

/** A cell for LaTeX. */
export function escapeLatex(cell: string): string {
  return cell.replace(/[%_&#$]/g, "\\$&").replaceAll("±", "$\\pm$");
}

/**
 * The lines of a `tabular`.
 *
 * @param columns Its columns, such as `lrr`.
 * @param head Rows of the head, in LaTeX; a row of one cell is a line of its own.
 * @param body Rows of plain text.
 */
export function latexTabular(
  columns: string,
  head: readonly (readonly string[])[],
  body: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => cells.join(" & ") + " \\\\";
  return [
    "% needs \\usepackage{booktabs}",
    `\\begin{tabular}{${columns}}`,
    "\\toprule",
    ...head.map((row) => row.length === 1 ? row[0] : line(row)),
    "\\midrule",
    ...body.map((row) => line(row.map(escapeLatex))),
    "\\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}
