/**
 * What to believe of boxes of which a detector found nothing.
 *
 * @module
 */

/** Weight of the other boxes' classes, as a number of missed boxes. */
const PRIOR_COUNT = 50;
/** Pseudocount of every class among all boxes. */
const CLASS_COUNT = 1;

/**
 * The probabilities of all classes of a missed box: their shares among the missed boxes,
 * smoothed by their shares among all boxes.
 *
 * @param missed `[M]`: classes of the boxes that were missed.
 * @param all Classes of all boxes.
 * @param numClasses C.
 * @returns `[C]`: probabilities above 0 whose sum is 1.
 */
export function beliefsOfMissed(
  missed: Iterable<number>,
  all: Iterable<number>,
  numClasses: number,
): Float32Array {
  const shares = countsOf(all, numClasses, CLASS_COUNT);
  const counts = countsOf(missed, numClasses, 0);
  const total = sum(counts) + PRIOR_COUNT, boxes = sum(shares);
  return Float32Array.from(
    counts,
    (count, k) => (count + PRIOR_COUNT * shares[k] / boxes) / total,
  );
}

function countsOf(
  labels: Iterable<number>,
  numClasses: number,
  least: number,
): Float64Array {
  const counts = new Float64Array(numClasses).fill(least);
  for (const label of labels) counts[label]++;
  return counts;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
