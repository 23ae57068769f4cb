/**
 * Logits to probabilities, in float64 whatever the logits are.
 *
 * @module
 */

import type { Logits } from "../dataset/example.ts";
import type { DensePrediction } from "./prediction.ts";

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

/**
 * What logits say of one image.
 *
 * @param logits Of its N entities and N x N pairs.
 * @param numEntities N.
 * @returns Probabilities; not-a-number where a logit is.
 */
export function predictionFromLogits(
  { entityLogits, relationLogits }: Logits,
  numEntities: number,
): DensePrediction {
  const numPairs = numEntities * numEntities;
  return {
    entityProbabilities: softmaxRows(
      entityLogits,
      entityLogits.length / numEntities || 1,
    ),
    relationProbabilities: softmaxRows(
      relationLogits,
      relationLogits.length / numPairs || 1,
    ),
  };
}
