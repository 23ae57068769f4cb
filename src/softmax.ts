/**
 * Logits to probabilities, in float64 whatever the logits are.
 *
 * @module
 */

/**
 * Softmax of each row.
 *
 * @param logits Rows one after another, finite.
 * @param width Length of a row.
 * @returns Probabilities; each row sums to 1.
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
