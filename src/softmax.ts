/**
 * Turns logits into probabilities, in float64 for every type of input.
 *
 * @module
 */

/**
 * Computes the softmax of each row.
 *
 * @param logits `[rows, width]`, row major, finite.
 * @param width Length of a row.
 * @returns `[rows, width]` probabilities; each row sums to 1.
 */
export function softmaxRows(logits: ArrayLike<number>, width: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += width) {
    const end = start + width;
    let greatest = -Infinity, sum = 0;
    for (let i = start; i < end; i++) if (logits[i] > greatest) greatest = logits[i];
    for (let i = start; i < end; i++) sum += result[i] = Math.exp(logits[i] - greatest);
    for (let i = start; i < end; i++) result[i] /= sum;
  }
  return result;
}
