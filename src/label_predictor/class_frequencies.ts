/**
 * How frequent the classes of a label predictor's training data are.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";

/**
 * Reads how frequent each class is from the counts of pairs in a checkpoint.
 *
 * @param arrays The arrays of a label predictor, of which `pairs` has rows of subject,
 * object, and how many pairs of these classes there were.
 * @param numClasses C.
 * @returns `[C]`: how many pairs have each class as subject or object; `undefined` if the
 * label predictor has no counts.
 */
export function classFrequencies(
  arrays: Readonly<Record<string, NamedArray>>,
  numClasses: number,
): Float64Array | undefined {
  const pairs = Object.hasOwn(arrays, "pairs") ? arrays.pairs : undefined;
  if (!(pairs?.data instanceof Int32Array) || pairs.shape[1] !== 4) return undefined;
  const counts = new Float64Array(numClasses);
  for (let row = 0; row < pairs.data.length; row += 4) {
    const [subject, object, count] = pairs.data.subarray(row, row + 3);
    counts[subject] += count;
    counts[object] += count;
  }
  return counts;
}
