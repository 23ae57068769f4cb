/**
 * Prints how well the probabilities of a checkpoint are calibrated.
 *
 * @module
 */

import type { Reliability } from "../../../src/confidence/reliability.ts";
import {
  alignColumns,
  csv,
  type TableFormat,
} from "../../../src/eval/comparison/table.ts";
import type { ReliabilityReport } from "../../../src/pipeline/scoring/reliability.ts";

const percent = (share: number) => Number.isNaN(share) ? "-" : (100 * share).toFixed(2);

/**
 * The text of a report.
 *
 * @param report From `measureReliability`.
 * @param format `json` gives one line; `latex` is as `text`.
 */
export function reliabilityText(report: ReliabilityReport, format: TableFormat): string {
  const { system, entities, relations, coverage } = report;
  if (format === "json") return JSON.stringify({ system, entities, relations, coverage });
  const table = format === "csv" ? csv : alignColumns;
  const errors = [
    ["calibration", "predictions", "error before", "error after"],
    ...Object.entries({ labels: entities, relations }).map(([name, of]) => [
      name,
      String(of.before.count),
      percent(of.before.error),
      percent(of.after.error),
    ]),
  ];
  const sets = coverage.length === 0 ? "" : `\n${
    table([
      ["label sets", "wanted", "measured", "labels in a set"],
      ...coverage.map((
        { wanted, measured, size },
      ) => ["", percent(wanted), percent(measured), size.toFixed(2)]),
    ])
  }`;
  return [
    `\n${system}: expected calibration error, in percent`,
    `${table(errors)}${sets}`,
    "labels after calibration",
    table(binRows(entities.after)),
    "relations after calibration",
    table(binRows(relations.after)),
  ].join("\n");
}

/** The reliability table; bins without a prediction are left out. */
function binRows({ bins }: Reliability): string[][] {
  return [
    ["probability", "predictions", "mean probability", "came true"],
    ...bins.filter(({ count }) => count > 0).map((bin) => [
      `${percent(bin.from)} to ${percent(bin.to)}`,
      String(bin.count),
      percent(bin.meanScore),
      percent(bin.shareRight),
    ]),
  ];
}
