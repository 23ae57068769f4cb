/**
 * The gain over the control by number of steps, as curves.
 *
 * @module
 */

import type { Curve } from "../../render/curve.ts";
import { ABLATION_STEPS } from "./arms.ts";
import type { AblationLine } from "./summary.ts";

/**
 * What context is worth by number of steps: main recall of `gpi_linguistic` minus that of
 * the control with equally many steps, in points; one line for each dataset.
 */
export function stepsCurve(lines: readonly AblationLine[]): Curve {
  const gains = lines.filter((line) =>
    line.isMain && line.network === "gpi_linguistic" && line.features === "default" &&
    line.epoch === "best" && line.against === "control"
  );
  const byDataset = Map.groupBy(gains, ({ dataset }) => dataset);
  return {
    title: "gain over the control, in points",
    positions: { title: "steps, T", names: ABLATION_STEPS.map(String) },
    series: byDataset.values().map((mine) => {
      const points = ABLATION_STEPS.map((steps) =>
        mine.find((line) => line.steps === steps)
      );
      return {
        name: `${mine[0].dataset}, R@${mine[0].k}`,
        values: points.map((line) => 100 * (line?.difference ?? NaN)),
        intervals: points.map((line) =>
          line && { low: 100 * line.low, high: 100 * line.high }
        ),
      };
    }).toArray(),
  };
}
