/**
 * Charts as plain data: a table, and which of its columns are drawn.
 *
 * @module
 */

import { drawingInPage } from "../legible.ts";
import { escapeXml } from "../_svg.ts";

/** A value of a table. */
export type Cell = string | number | null;

/** A column of a table. */
export interface Column {
  /** Its key in the rows, and in CSV its heading. */
  key: string;
  /** Heading in words, such as `recall, %`. */
  title: string;
  /** Decimals of its numbers for people; default: as they are. CSV has all. */
  digits?: number;
}

/** A table and how it is drawn. */
export interface Chart {
  /** Title; also names the downloads. */
  title: string;
  /** How to read it. */
  note?: string;
  columns: readonly Column[];
  rows: readonly Readonly<Record<string, Cell>>[];
  /**
   * `line`: y over x, a line for each series, with gaps where y is null, and with intervals
   * where the rows have low and high; `interval`: x with low and high for each y,
   * one block for each facet; `scatter`: dots; `heat`: a number in each cell of x and y, one
   * block for each facet.
   */
  kind: "line" | "interval" | "scatter" | "heat";
  /** Columns by what they are drawn as. */
  x: string;
  y: string;
  series?: string;
  low?: string;
  high?: string;
  facet?: string;
  /** Column of the number in a cell. */
  value?: string;
  /** Column that names a dot. */
  name?: string;
  /** Limits of x and y; default: those of the numbers. */
  domain?: readonly [number, number];
  range?: readonly [number, number];
  /** Whether the x of lines are names, equally far apart. */
  isNamed?: boolean;
  /** The best x, which lines mark. */
  best?: Cell;
  /** Whether x is logarithmic. */
  isLogarithmic?: boolean;
  /** Dots of a smaller x are drawn here, as a logarithm of 0 has no place. */
  least?: number;
  /** Whether to draw the line on which x and y are equal. */
  hasDiagonal?: boolean;
}

/** A chart and its drawing. */
export interface DrawnChart {
  chart: Chart;
  /** One SVG element. */
  svg: string;
}

/** Writes the table of a chart as CSV by RFC 4180; numbers have all their digits. */
export function chartCsv({ columns, rows }: Chart): string {
  const quote = (cell: Cell) => {
    const text = cell === null ? "" : String(cell);
    // A spreadsheet would run text that begins so.
    const plain = typeof cell === "string" && /^[=+\-@\t\r]/.test(text)
      ? `'${text}`
      : text;
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  const lines = [
    columns.map(({ key }) => quote(key)),
    ...rows.map((row) => columns.map(({ key }) => quote(row[key]))),
  ];
  return lines.map((line) => line.join(",") + "\r\n").join("");
}

/** Makes a figure of a chart: its drawing, downloads, and its numbers as a table. */
export function chartFigure({ chart, svg }: DrawnChart): string {
  const { title, note, columns, rows } = chart;
  const stem = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const link = (text: string, ending: string, type: string, content: string) =>
    `<a download="${stem}.${ending}" href="data:${type};charset=utf-8,${
      encodeURIComponent(content.toWellFormed()).replaceAll("'", "%27")
    }" aria-label="${escapeXml(`${title} as ${text}`)}">${text}</a>`;
  const head = columns.map(({ title, digits }) =>
    `<th scope="col"${digits === undefined ? "" : ' class="number"'}>${
      escapeXml(title)
    }</th>`
  );
  const body = rows.map((row) =>
    `<tr>${columns.map((column) => cellOf(row[column.key], column)).join("")}</tr>`
  );
  return `<figure class="chart"><figcaption><b>${escapeXml(title)}</b>${
    note === undefined ? "" : `. ${escapeXml(note)}`
  }</figcaption>
${drawingInPage(svg, title)}
<p class="downloads">${link("SVG", "svg", "image/svg+xml", standalone(svg))} ${
    link("CSV", "csv", "text/csv", chartCsv(chart))
  }</p>
<details><summary>Numbers</summary>
<div class="scroll" tabindex="0" role="region" aria-label="${
    escapeXml(`Numbers of ${title}`)
  }"><table><thead><tr>${head.join("")}</tr></thead>
<tbody>${body.join("\n")}</tbody></table></div></details></figure>`;
}

function cellOf(cell: Cell | undefined, { digits }: Column): string {
  if (typeof cell !== "number") return `<td>${escapeXml(String(cell ?? "–"))}</td>`;
  const text = digits === undefined ? String(cell) : cell.toFixed(digits);
  return `<td class="number">${text}</td>`;
}

/** A drawing as a file of its own, on white. */
export function standalone(svg: string): string {
  const [, x, y, width, height] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(svg)!;
  const ground = `x="${x}" y="${y}" width="${width}" height="${height}" fill="#ffffff"`;
  return svg.replace("<svg ", '<svg color="#111111" ').replace(">", `><rect ${ground}/>`);
}
