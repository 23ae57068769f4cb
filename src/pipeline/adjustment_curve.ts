/**
 * What the strength of logit adjustment gives and takes, as curves.
 *
 * @module
 */

import type { Curve } from "../render/curve.ts";
import type { AdjustmentPoint } from "./logit_adjustment.ts";

/**
 * R, mR and F1 of one system by strength of adjustment, in percent; the chosen strength is
 * marked.
 *
 * @param points What was tried, of one or several systems.
 * @param system Name of the system.
 * @throws {RangeError} If nothing was tried for this system.
 */
export function adjustmentCurve(
  points: readonly AdjustmentPoint[],
  system: string,
): Curve {
  const mine = points.filter((point) => point.system === system);
  if (mine.length === 0) {
    const names = [...new Set(points.map(({ system }) => system))].join('", "');
    throw new RangeError(
      `Cannot draw the adjustment of "${system}" as its strengths must have been tried: found those of "${names}"`,
    );
  }
  const [{ task, k }] = mine;
  const series = (["R", "mR", "F1"] as const).map((name) => ({
    name: `${name}@${k}`,
    values: mine.map((point) => 100 * point[name]),
  }));
  return {
    title: `${task}, in percent`,
    series,
    positions: {
      title: "strength of the adjustment",
      names: mine.map(({ strength }) => strength.toFixed(1)),
    },
    best: mine.findIndex(({ isChosen }) => isChosen) + 1,
  };
}
