/**
 * YOLO's text: a line of numbers for each box, as its data sets and `save_txt=True` have it.
 *
 * @module
 */

import { around, CORNERS, type Reading } from "./_reading.ts";

/** A line: the class, and at least four numbers. */
const LINE = /^\d+(\s+-?\d*\.?\d+(e[-+]?\d+)?){4,}$/i;

/** Whether a text begins as YOLO's. */
export function isYoloText(text: string): boolean {
  return LINE.test(text.trimStart().split("\n", 1)[0].trim());
}

/** The rows of a text; what is no number becomes NaN, which its reader refuses. */
export function yoloRows(text: string): number[][] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "")
    .map((line) => line.split(/\s+/).map(Number));
}

/**
 * Rows of a class and a box, its middle, width and height as shares of the image's sides,
 * and then perhaps a score; or of a class and the points of an outline, and then perhaps a
 * score. Only its name says that a value has this form.
 */
export const yoloText: Reading = {
  is: () => false,
  boxes: (root) =>
    root.items().map((row) => {
      const [, ...rest] = row.numbers();
      if (rest.length < 4) {
        row.refuse("a class, four numbers and perhaps a score, or an outline");
      }
      const hasScore = rest.length === 5 || rest.length > 5 && rest.length % 2 === 1;
      const numbers = hasScore ? rest.slice(0, -1) : rest;
      const score = hasScore ? row.at(rest.length) : undefined;
      const box = { at: row, side: 1, label: row.at(0), score } as const;
      if (numbers.length === 4) return { ...box, numbers, form: "centres" };
      const points = Array.from(
        { length: numbers.length / 2 },
        (_, i) => numbers.slice(2 * i, 2 * i + 2),
      );
      return { ...box, numbers: around(points), ...CORNERS };
    }),
};
