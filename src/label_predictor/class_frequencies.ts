/**
 * How frequent the classes of a label predictor's training data are.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";

/**
 * Reads how frequent each class is from the counts in a checkpoint: those of pairs in
 * class statistics, or the external counts of a perceptron.
 *
 * @param arrays The arrays of a label predictor.
 * @param numClasses C.
 * @returns `[C]`: how many pairs or relations have each class as subject or object;
 * `undefined` if the label predictor has no counts.
 */
export function classFrequencies(
  arrays: Readonly<Record<string, NamedArray>>,
  numClasses: number,
): Float64Array | undefined {
  const table = columnsOf(arrays);
  if (table === undefined) return undefined;
  const frequencies = new Float64Array(numClasses);
  for (const [subject, object, count] of table) {
    frequencies[subject] += count;
    frequencies[object] += count;
  }
  return frequencies;
}

type Row = [subject: number, object: number, count: number];

/** Rows of subject, object and count. */
function columnsOf(
  arrays: Readonly<Record<string, NamedArray>>,
): Row[] | undefined {
  const read = (name: string) =>
    Object.hasOwn(arrays, name) ? arrays[name].data : undefined;
  const pairs = read("pairs");
  if (pairs) {
    return Array.from(
      { length: pairs.length / 4 },
      (_, row) => [0, 1, 2].map((i) => Number(pairs[4 * row + i])) as Row,
    );
  }
  const subjects = read("counts/subjects"), objects = read("counts/objects");
  const counts = read("counts/counts");
  if (!subjects || !objects || !counts) return undefined;
  return Array.from(
    { length: counts.length },
    (_, row) => [subjects, objects, counts].map((column) => Number(column[row])) as Row,
  );
}
