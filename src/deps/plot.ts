/**
 * The npm packages that draw charts: Observable Plot, and linkedom, whose document it draws
 * into where there is no browser. `mod.ts` does not load them.
 *
 * @module
 */

// As variables, Deno fetches them with the first chart.
const PLOT = "npm:@observablehq/plot@0.6.17";
const DOCUMENT = "npm:linkedom@0.18.12";

/** A layer of a chart, opaque to callers. */
export type Mark = object;

/** Rows that a mark draws, and how. */
type MakeMark = (rows: readonly unknown[], options: Record<string, unknown>) => Mark;

/** What charts need of the packages. */
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

/** Loads the packages. */
export async function loadPlotting(): Promise<Plotting> {
  const [plot, { parseHTML }] = await Promise.all([import(PLOT), import(DOCUMENT)]);
  const { document } = parseHTML("<html></html>");
  const { line, dot, cell, text, ruleX, ruleY } = plot;
  return {
    ...{ line, dot, cell, text, ruleX, ruleY },
    draw: (options) => plot.plot({ ...options, document }).outerHTML,
  };
}
