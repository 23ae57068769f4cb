/**
 * What the strength of logit adjustment gives and takes, as lines.
 *
 * @module
 */

import type { Chart } from "../render/charts/chart.ts";
import type { AdjustmentPoint } from "../pipeline/scoring/logit_adjustment.ts";

/**
 * R, mR and F1 of one system by strength of adjustment, in percent; the chosen strength is
 * marked.
 *
 * @param points What was tried, of one or several systems.
 * @param system Name of the system.
 * @throws {RangeError} If nothing was tried for this system.
 */
export function adjustmentChart(
  points: readonly AdjustmentPoint[],
  system: string,
): Chart {
  const mine = points.filter((point) => point.system === system);
  if (mine.length === 0) {
    const names = [...new Set(points.map(({ system }) => system))].join('", "');
    throw new RangeError(
      `Cannot draw the adjustment of "${system}" as its strengths must have been tried: found those of "${names}"`,
    );
  }
  const [{ task, k }] = mine;
  return {
    title: `Recalls by strength of the adjustment, ${task}`,
    kind: "line",
    ...{ x: "strength", y: "value", series: "metric" },
    best: mine.find(({ isChosen }) => isChosen)?.strength,
    columns: [
      { key: "metric", title: "metric" },
      { key: "strength", title: "strength of the adjustment" },
      { key: "value", title: `${task}, in percent`, digits: 2 },
    ],
    rows: (["R", "mR", "F1"] as const).flatMap((name) =>
      mine.map((point) => ({
        metric: `${name}@${k}`,
        strength: point.strength,
        value: 100 * point[name],
      }))
    ),
  };
}
