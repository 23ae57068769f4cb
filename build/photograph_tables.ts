/**
 * The tables of photographs in the documents: labels from pixels, and calibration.
 *
 * @module
 */

import type { Difference } from "../src/eval/comparison/bootstrap.ts";
import { gainText, percent } from "../src/eval/comparison/table.ts";
import type { ReportRow } from "../src/eval/comparison/comparison.ts";
import { KEPT_LABELS } from "../src/pipeline/model_systems.ts";
import type { ReliabilityReport } from "../src/pipeline/scoring/reliability.ts";
import { markdownTable } from "./markdown_table.ts";

/** The line of `build:photographs`. */
interface PhotographsLine {
  entities: number;
  accuracy: Record<"detector" | "control" | "model", number>;
  overDetector: Difference;
  overControl: Difference;
  mended: number;
  spoiled: number;
}

/** Labels of entities in photographs, from pixels. */
export function photographsTable([line]: readonly PhotographsLine[]): string {
  const { accuracy, overDetector, overControl, entities, mended, spoiled } = line;
  const interval = ({ value, low, high }: Difference) => gainText(value, low, high);
  return markdownTable([
    ["", `right labels of ${entities}`, "the model's gain"],
    ["detector alone", percent(accuracy.detector), interval(overDetector)],
    [
      "control: without the other boxes",
      percent(accuracy.control),
      interval(overControl),
    ],
    [
      "model",
      percent(accuracy.model),
      `mends ${mended} labels of the detector, spoils ${spoiled}`,
    ],
  ]);
}

/** A line of `eval --reliability`; its other lines are recalls. */
type ReliabilityLine = Partial<ReliabilityReport> & { command: string };

/** Expected calibration errors, and the coverage of label sets. */
export function reliabilityTable(lines: readonly ReliabilityLine[]): string {
  const names: Readonly<Record<string, string>> = {
    vg5k_mixed: "given labels",
    vg5k_rcnn: "detected labels",
  };
  const rows = lines.flatMap(({ command, entities, relations, coverage }) => {
    if (!entities || !relations || !coverage) return [];
    const data = names[/--dataset (\w+)/.exec(command)?.[1] ?? ""];
    const errors = [["labels", entities], ["relations", relations]] as const;
    return [
      ...errors.filter(([, of]) => of.before.count > 0).map((
        [kind, { before, after }],
      ) => [
        `calibration error of ${kind}, ${data}`,
        percent(before.error),
        percent(after.error),
      ]),
      ...coverage.map(({ wanted, measured, size }) => [
        `label sets for ${percent(wanted)}, ${data}: ${size.toFixed(1)} labels`,
        "",
        percent(measured),
      ]),
    ];
  });
  return markdownTable([["", "before calibration", "measured"], ...rows]);
}

/** What revising labels is worth beside keeping them, for both kinds of input. */
export function keptLabelsTable(lines: readonly ReportRow[]): string {
  const inputs = { vg5k_stated: "stated labels", vg5k_rcnn: "detected labels" };
  const metrics = [["accuracy of labels", "entityAccuracy"], ["SGCls R@50", "R"]];
  const rows = Object.entries(inputs).flatMap(([dataset, input]) =>
    ["validation", "test"].flatMap((split) =>
      metrics.map(([title, metric]) => {
        const line = lines.find((line) =>
          line.dataset === dataset && line.split === split && line.metric === metric &&
          line.baseline_name === KEPT_LABELS
        );
        if (!line) throw new RangeError(`Cannot find ${metric} of ${dataset}, ${split}`);
        const { value, baseline, difference, low, high } = line;
        return [
          `${title}, ${input}, ${split}`,
          ...[baseline!, value].map((share) => percent(share)),
          gainText(difference, low, high),
        ];
      })
    )
  );
  return markdownTable([["", "keep", "revise", "difference"], ...rows]);
}
