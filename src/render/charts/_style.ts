/**
 * Sizes, colours and signs that the parts of a chart share.
 *
 * @module
 */

/** Width of a chart, and of one of cells, and the size of text: 11 pixels on a phone. */
export const WIDTH = 410, CELLS_WIDTH = 417, FONT_SIZE = 14;
/** Colours that are visible on light and dark grounds and apart for every vision. */
const COLORS = ["#0b84c6", "#c97c00", "#0a9b70", "#c0699a", "#8171d6", "#888888"];
/** Dashes of lines, so that they differ without colours. */
const DASHES = ["", "7 4", "2 4", "10 3 2 3", "4 2", "1 3"];
/** Symbols of dots and how a legend writes them, so that they differ without colours. */
export const SYMBOLS = [
  ...[["circle", "○"], ["plus", "+"], ["times", "×"], ["square", "□"], ["diamond", "◇"]],
  ["triangle", "△"],
];

/** The colour of a series by its place. */
export function colorAt(index: number): string {
  return COLORS[index % COLORS.length];
}

/** The dashes of a series by its place. */
export function dashAt(index: number): string {
  return DASHES[index % DASHES.length];
}
