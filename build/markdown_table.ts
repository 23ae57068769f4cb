/**
 * Tables of Markdown as `deno fmt` writes them.
 *
 * @module
 */

/**
 * A table whose columns are padded to one width: the first to the left, the others to the
 * right.
 *
 * @param rows The head first; equally many cells each.
 */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) =>
    Math.max(column === 0 ? 1 : 2, ...rows.map((row) => row[column].length))
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const [head, ...body] = rows.map((row) =>
    line(
      row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
      ),
    )
  );
  const rule = line(
    widths.map((width, column) =>
      column === 0 ? "-".repeat(width) : "-".repeat(width - 1) + ":"
    ),
  );
  return [head, rule, ...body].join("\n");
}
