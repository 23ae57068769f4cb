/**
 * The npm package that draws charts: Observable Plot. `mod.ts` does not load it.
 *
 * @module
 */

import { loadDocument } from "./document.ts";

/** The package; as a variable, Deno fetches it with the first chart. */
const PLOT = "npm:@observablehq/plot@0.6.17";

/** A layer of a chart, opaque to callers. */
export type Mark = object;

/** Rows that a mark draws, and how. */
type MakeMark = (rows: readonly unknown[], options: Record<string, unknown>) => Mark;

/** What charts need of the package. */
export interface Plotting {
  /** Draws marks as one SVG element. */
  draw(options: Record<string, unknown>): string;
  line: MakeMark;
  dot: MakeMark;
  cell: MakeMark;
  text: MakeMark;
  /** Horizontal and vertical lines. */
  ruleX: MakeMark;
  ruleY: MakeMark;
}

/** Loads the package. */
export async function loadPlotting(): Promise<Plotting> {
  const [plot, document] = await Promise.all([import(PLOT), loadDocument()]);
  const { line, dot, cell, text, ruleX, ruleY } = plot;
  return {
    ...{ line, dot, cell, text, ruleX, ruleY },
    draw: (options) => plot.plot({ ...options, document }).outerHTML,
  };
}
