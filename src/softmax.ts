/**
 * Turns logits into probabilities, and adds them up, in float64 for every type of input.
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

/**
 * Computes the logarithm of the sum of the exponentials of some numbers.
 *
 * @param logits The numbers, finite.
 * @param from Index of the first one; default 0.
 * @param to Index after the last one; default: the length.
 * @returns The logarithm; `-Infinity` if there are none.
 */
export function logSumExp(
  logits: ArrayLike<number>,
  from = 0,
  to: number = logits.length,
): number {
  let greatest = -Infinity, sum = 0;
  for (let i = from; i < to; i++) if (logits[i] > greatest) greatest = logits[i];
  for (let i = from; i < to; i++) sum += Math.exp(logits[i] - greatest);
  return greatest + Math.log(sum);
}
