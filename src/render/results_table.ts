/**
 * Results of a model beside its baselines as a table of HTML.
 *
 * @module
 */

import { escapeXml, round } from "./_svg.ts";

/** One figure of a model beside one baseline, as `eval --json` prints it. */
export interface ReportRow {
  dataset: string;
  split: string;
  model: string;
  task: string;
  protocol: string;
  /** Such as `R` or `ngR`. */
  metric: string;
  k: number;
  /** What the model reaches, 0 to 1. */
  value: number;
  baseline_name: string;
  /** What the baseline reaches, 0 to 1. */
  baseline: number;
  /** `value` less `baseline`. */
  difference: number;
  /** Lower end of the 95 % interval of the difference. */
  low: number;
  /** Upper end of the 95 % interval of the difference. */
  high: number;
  /** How many images were evaluated. */
  images: number;
}

const MARK_WIDTH = 120;
const MARK_HEIGHT = 18;

/**
 * A table with a row for each figure: the model, and beside it each baseline with the
 * difference and its interval.
 *
 * @param rows Figures; those that differ in their baseline only become one row.
 * @returns An HTML table.
 */
export function resultsTable(rows: readonly ReportRow[]): string {
  const baselines = [...new Set(rows.map((row) => row.baseline_name))];
  const figures = [...Map.groupBy(rows, figureOf).values()];
  const reach = Math.max(
    1e-6,
    ...rows.flatMap((row) => [row.low, row.high].map(Math.abs)),
  );
  const head = baselines.map((name) =>
    `<th scope="col" class="number">${breakable(name)}</th>` +
    `<th scope="col">gain</th>`
  );
  const body = figures.map((figure) => {
    const { task, metric, k, protocol, value } = figure[0];
    const cells = baselines.map((name) => {
      const row = figure.find((candidate) => candidate.baseline_name === name);
      return row ? differenceCells(row, reach) : "<td></td><td></td>";
    });
    return `<tr><th scope="row">${escapeXml(`${task} ${metric}@${k}`)} <small>${
      escapeXml(protocol)
    }</small></th><td class="number"><b>${inPercent(value)}</b></td>${
      cells.join("")
    }</tr>`;
  });
  const { dataset, split, images, model } = rows[0];
  return `<p class="note">${
    escapeXml(
      `${dataset}, ${split} split, ${images} images; percent, and gains in points with 95 % intervals over images`,
    )
  }</p>
<div class="scroll"><table>
<thead><tr><th scope="col">figure</th><th scope="col" class="number">${
    breakable(model)
  }</th>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody></table></div>`;
}

/** A name that may be broken after its underscores. */
function breakable(name: string): string {
  return escapeXml(name).replaceAll("_", "_<wbr>");
}

function figureOf(
  { dataset, split, model, task, protocol, metric, k }: ReportRow,
): string {
  return JSON.stringify([dataset, split, model, task, protocol, metric, k]);
}

function differenceCells(row: ReportRow, reach: number): string {
  const { baseline, difference, low, high } = row;
  return `<td class="number">${inPercent(baseline)}</td><td class="difference">${
    signed(difference)
  } <small>[${signed(low)}, ${signed(high)}]</small> ${mark(row, reach)}</td>`;
}

/** The difference as a dot on its interval, beside a line at zero. */
function mark({ difference, low, high }: ReportRow, reach: number): string {
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
  return (100 * value).toFixed(1);
}

function signed(value: number): string {
  const points = (100 * value).toFixed(1);
  if (Number(points) === 0) return "0.0";
  return value > 0 ? `+${points}` : points.replace("-", "\u2212");
}
