/**
 * The gain over the control by number of steps, as lines.
 *
 * @module
 */

import type { Chart } from "../../render/charts/chart.ts";
import { ABLATION_STEPS } from "./arms.ts";
import type { AblationLine } from "./summary.ts";

/**
 * What context is worth by number of steps: main recall of `gpi_linguistic` minus that of
 * the control with equally many steps, in points; one line for each dataset.
 */
export function stepsChart(lines: readonly AblationLine[]): Chart {
  const gains = lines.filter((line) =>
    line.isMain && line.network === "gpi_linguistic" && line.features === "default" &&
    line.epoch === "best" && line.against === "control"
  );
  const byDataset = Map.groupBy(gains, ({ dataset }) => dataset);
  const points = (share: number | null | undefined) =>
    share === null || share === undefined ? null : 100 * share;
  return {
    title: "Gain over the control by number of steps",
    kind: "line",
    ...{ x: "steps", y: "gain", series: "recall", low: "low", high: "high" },
    isNamed: true,
    columns: [
      { key: "recall", title: "recall" },
      { key: "steps", title: "steps, T" },
      { key: "gain", title: "gain over the control, in points", digits: 2 },
      { key: "low", title: "lower end of the 95 % interval", digits: 2 },
      { key: "high", title: "upper end", digits: 2 },
    ],
    rows: byDataset.values().flatMap((mine) =>
      ABLATION_STEPS.map((steps) => {
        const line = mine.find((line) => line.steps === steps);
        return {
          recall: `${mine[0].dataset}, R@${mine[0].k}`,
          steps: String(steps),
          gain: points(line?.difference),
          low: points(line?.low),
          high: points(line?.high),
        };
      })
    ).toArray(),
  };
}
