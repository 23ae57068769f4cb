/**
 * What logit adjustment gives and takes.
 *
 * @module
 */

import { percent } from "../src/eval/comparison/table.ts";
import { adjustmentChart } from "../src/report/adjustment_chart.ts";
import type { AdjustmentPoint } from "../src/pipeline/scoring/logit_adjustment.ts";
import { chartFile } from "../src/render/charts/file.ts";
import { markdownTable } from "./markdown_table.ts";
import type { RecallLine } from "./recall_tables.ts";

/** A line of a value on the test images, or of a strength that was tried on validation. */
type Line = RecallLine | {
  command: string;
  adjustment: Omit<AdjustmentPoint, "isChosen">;
  isChosen: boolean;
};

const isRecall = (line: Line): line is RecallLine => "metric" in line;

/** The strengths of all systems. */
function pointsOf(lines: readonly Line[]): AdjustmentPoint[] {
  return lines.flatMap((line) =>
    isRecall(line) ? [] : [{ ...line.adjustment, isChosen: line.isChosen }]
  );
}

/** The model without adjustment and with it, on the test images. */
export function adjustmentTable(lines: readonly Line[]): string {
  const chosen = pointsOf(lines).filter(({ isChosen }) => isChosen);
  const values = lines.filter(isRecall);
  const [{ model, baseline_name, k }] = values;
  const metrics = ["R", "mR", "F1"];
  const row = (system: string, isAdjusted: boolean) => {
    const strength = chosen.find((point) => point.system === system)!.strength;
    const mine = values.filter(({ command }) => / auto/.test(command) === isAdjusted);
    return [
      system === model ? `\`${system}\`` : system.replaceAll("_", " "),
      isAdjusted ? strength.toFixed(1) : "none",
      ...metrics.map((metric) => {
        const line = mine.find((one) => one.metric === metric)!;
        return percent(system === model ? line.value : line.baseline);
      }),
    ];
  };
  const systems = [baseline_name!, model];
  return markdownTable([
    ["", "strength", ...metrics.map((metric) => `${metric}@${k}`)],
    ...systems.flatMap((system) => [row(system, false), row(system, true)]),
  ]);
}

/** The curves of the model on the validation images, as an SVG file. */
export function adjustmentPicture(lines: readonly Line[]): Promise<string> {
  const { model } = lines.find(isRecall)!;
  return chartFile(adjustmentChart(pointsOf(lines), model));
}
