/**
 * Makes an HTML table of the results of a model and its baselines.
 *
 * @module
 */

import type { ReportRow } from "../eval/comparison/comparison.ts";
import { escapeXml, round } from "./_svg.ts";

/** A row with a baseline. */
type ComparedRow = ReportRow & {
  baseline: number;
  baseline_name: string;
  difference: number;
};

const MARK_WIDTH = 120;
const MARK_HEIGHT = 18;

/**
 * Makes a table with a row for each figure: the value of the model, and for each baseline
 * its value, the difference and the interval of the difference.
 *
 * @param rows Figures of one model on one split of one dataset. Rows that differ only in
 * their baseline become one row of the table.
 * @returns An HTML table. Each cell names its column, for pages that are too narrow for
 * columns.
 */
export function resultsTable(rows: readonly ReportRow[]): string {
  const compared = rows.filter(isCompared);
  const baselines = [...new Set(compared.map((row) => row.baseline_name))];
  const figures = [...Map.groupBy(rows, figureOf).values()];
  const ends = compared.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]);
  const reach = Math.max(1e-6, ...ends.filter(Number.isFinite));
  const head = baselines.map((name) =>
    `<th scope="col" class="number">${breakable(name)}</th>` +
    `<th scope="col">gain</th>`
  );
  const body = figures.map((figure) => {
    const { model, task, metric, k, protocol, value } = figure[0];
    const cells = baselines.map((name) => {
      const row = figure.filter(isCompared).find((each) => each.baseline_name === name);
      return row ? differenceCells(row, reach) : "<td></td><td></td>";
    });
    return `<tr><th scope="row">${
      escapeXml(`${task} ${metric}${k === null ? "" : `@${k}`}`)
    } <small>${escapeXml(protocol)}</small></th><td class="number" data-label="${
      escapeXml(model)
    }"><b>${inPercent(value)}</b>${ownInterval(figure)}</td>${cells.join("")}</tr>`;
  });
  const { dataset, split, images, model } = rows[0];
  return `<p class="note">${
    escapeXml(
      `${dataset}, ${split} split, ${images} images; percent, and gains in points with 95 % intervals over images`,
    )
  }</p>
<div class="scroll" tabindex="0" role="region" aria-label="Results"><table class="results">
<thead><tr><th scope="col">figure</th><th scope="col" class="number">${
    breakable(model)
  }</th>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody></table></div>`;
}

/** Escapes a name and allows line breaks after its underscores. */
function breakable(name: string): string {
  return escapeXml(name).replaceAll("_", "_<wbr>");
}

function figureOf(
  { dataset, split, model, task, protocol, metric, k }: ReportRow,
): string {
  return JSON.stringify([dataset, split, model, task, protocol, metric, k]);
}

function isCompared(row: ReportRow): row is ComparedRow {
  return row.baseline_name !== null;
}

/** The interval of the value, from the row without a baseline. */
function ownInterval(figure: readonly ReportRow[]): string {
  const alone = figure.find((row) => !isCompared(row));
  if (!alone) return "";
  return ` <small>[${inPercent(alone.low)}, ${inPercent(alone.high)}]</small>`;
}

function differenceCells(row: ComparedRow, reach: number): string {
  const { baseline, baseline_name, difference, low, high } = row;
  const name = escapeXml(baseline_name);
  return `<td class="number" data-label="${name}">${
    inPercent(baseline)
  }</td><td class="difference" data-label="gain over ${name}">${
    signed(difference)
  } <small>[${signed(low)}, ${signed(high)}]</small> ${mark(row, reach)}</td>`;
}

/** Draws the difference as a dot on its interval, with a line at zero. */
function mark({ difference, low, high }: ComparedRow, reach: number): string {
  if (![difference, low, high].every(Number.isFinite)) return "";
  const x = (value: number) =>
    round(MARK_WIDTH / 2 + (MARK_WIDTH / 2 - 6) * value / reach);
  const middle = MARK_HEIGHT / 2;
  return `<svg class="mark" width="${MARK_WIDTH}" height="${MARK_HEIGHT}" aria-hidden="true"><path d="M${
    MARK_WIDTH / 2
  } 0V${MARK_HEIGHT}" stroke="currentColor" opacity="0.4"/><path d="M${
    x(low)
  } ${middle}H${x(high)}" stroke="var(--accent)" stroke-width="3"/><circle cx="${
    x(difference)
  }" cy="${middle}" r="5" fill="var(--accent)"/></svg>`;
}

function inPercent(value: number): string {
  return Number.isNaN(value) ? "\u2013" : (100 * value).toFixed(1);
}

function signed(value: number): string {
  if (Number.isNaN(value)) return "\u2013";
  const points = (100 * value).toFixed(1);
  if (Number(points) === 0) return "0.0";
  return value > 0 ? `+${points}` : points.replace("-", "\u2212");
}
