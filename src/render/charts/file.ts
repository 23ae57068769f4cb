/**
 * Charts as files.
 *
 * @module
 */

import { loadPlotting } from "../../deps/plot.ts";
import { type Chart, standalone } from "./chart.ts";
import { drawChart } from "./svg.ts";

/** The text of an SVG file with a chart, on white. */
export async function chartFile(chart: Chart): Promise<string> {
  return standalone(drawChart(chart, await loadPlotting()).svg) + "\n";
}
