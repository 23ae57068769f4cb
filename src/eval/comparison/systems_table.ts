/**
 * Writes one table of several systems: a row for each system, a column for each metric
 * and K, as papers print it.
 *
 * @module
 */

import type { ReportLine } from "./comparison.ts";
import { alignColumns, escapeLatex, latexTabular, percent } from "./table.ts";

/** The values of all systems for one task and protocol. */
interface Block {
  title: string;
  /** Names of the columns, such as `R@20`. */
  columns: string[];
  /** Values by system and column. */
  cells: Map<string, Map<string, string>>;
}

/**
 * Formats the values of several systems, in percent; of several runs their mean and their
 * standard deviation.
 *
 * @param rows Rows of {@linkcode reportRows} of each system, on the same images.
 * @param format Text has a table for each task and protocol; LaTeX has one with booktabs.
 * @returns Text that ends with a line break; empty without rows.
 */
export function systemsTable(
  rows: readonly ReportLine[],
  format: "text" | "latex",
): string {
  const blocks = blocksOf(rows);
  if (blocks.length === 0) return "";
  // Baselines first, as they are in every group of rows.
  const names = [
    ...new Set(rows.flatMap(({ baseline_name }) => baseline_name ?? [])),
    ...new Set(rows.map(({ model }) => model)),
  ];
  const systems = [...new Set(names)];
  const valuesOf = (system: string, { columns, cells }: Block) =>
    columns.map((column) => cells.get(system)?.get(column) ?? "-");
  if (format === "text") {
    return blocks.map((block) =>
      `${block.title}, in percent:\n` + alignColumns([
        ["system", ...block.columns],
        ...systems.map((system) => [system, ...valuesOf(system, block)]),
      ])
    ).join("\n");
  }
  let at = 2;
  const groups = blocks.map(({ title, columns }) => {
    const [first, last] = [at, at += columns.length];
    return {
      head: `\\multicolumn{${columns.length}}{c}{${escapeLatex(title)}}`,
      rule: `\\cmidrule(lr){${first}-${last - 1}}`,
    };
  });
  const columns = blocks.flatMap(({ columns }) => columns);
  return latexTabular(
    "l" + "r".repeat(columns.length),
    [
      ["", ...groups.map(({ head }) => head)],
      [groups.map(({ rule }) => rule).join(" ")],
      ["system", ...columns.map(escapeLatex)],
    ],
    systems.map((system) => [
      system,
      ...blocks.flatMap((block) => valuesOf(system, block)),
    ]),
  );
}

function blocksOf(rows: readonly ReportLine[]): Block[] {
  const blocks = new Map<string, Block>();
  for (const row of rows) {
    const { task, protocol, metric, k, model, value, deviation } = row;
    const title = `${task}, ${protocol}`, column = k === null ? metric : `${metric}@${k}`;
    const block: Block = blocks.get(title) ?? { title, columns: [], cells: new Map() };
    blocks.set(title, block);
    if (!block.columns.includes(column)) block.columns.push(column);
    const put = (system: string, text: string) => {
      const cells = block.cells.get(system) ?? new Map<string, string>();
      block.cells.set(system, cells.set(column, text));
    };
    const spread = deviation === null ? "" : ` ± ${percent(deviation)}`;
    put(model, percent(value) + spread);
    if (row.baseline_name !== null) put(row.baseline_name, percent(row.baseline));
  }
  return [...blocks.values()];
}
