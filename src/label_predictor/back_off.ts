/**
 * The back-off of class statistics: every pair of classes gets a distribution, however
 * rarely it was seen.
 *
 * @module
 */

/**
 * Weight of the coarser statistics in observations. On VRD a weight of 1 instead of 3 costs
 * at most 0.3 points of recall, and 2 points of the zero-shot recall of all predicates.
 */
export const BACK_OFF = 3;

/**
 * Computes distributions over K outcomes for each pair of classes. Each backs off to the
 * product of the distributions of its subject and its object (as if these were independent
 * given the outcome), and those back off to the distribution of all pairs.
 *
 * @param c C, the number of classes.
 * @param k K, the number of outcomes.
 * @param count How often an outcome was seen with a pair of classes, whose cell is the
 * subject's class * C + the object's class.
 * @returns `[C, C, K]`; each row sums to 1.
 */
export function backedOff(
  c: number,
  k: number,
  count: (cell: number, outcome: number) => number,
): Float64Array {
  const overall = new Float64Array(k).fill(1); // so that no outcome is impossible
  const ofSubject = new Float64Array(c * k), ofObject = new Float64Array(c * k);
  for (let cell = 0; cell < c * c; cell++) {
    for (let outcome = 0; outcome < k; outcome++) {
      const found = count(cell, outcome);
      overall[outcome] += found;
      ofSubject[Math.floor(cell / c) * k + outcome] += found;
      ofObject[(cell % c) * k + outcome] += found;
    }
  }
  mix(overall, new Float64Array(k));
  for (let label = 0; label < c; label++) {
    mix(ofSubject.subarray(label * k, (label + 1) * k), overall);
    mix(ofObject.subarray(label * k, (label + 1) * k), overall);
  }
  const all = new Float64Array(c * c * k);
  const coarse = new Float64Array(k), nothing = new Float64Array(k);
  for (let cell = 0; cell < c * c; cell++) {
    const subject = Math.floor(cell / c) * k, object = (cell % c) * k;
    const row = all.subarray(cell * k, (cell + 1) * k);
    for (let outcome = 0; outcome < k; outcome++) {
      coarse[outcome] = ofSubject[subject + outcome] * ofObject[object + outcome] /
        overall[outcome];
      row[outcome] = count(cell, outcome);
    }
    mix(coarse, nothing);
    mix(row, coarse);
  }
  return all;
}

/** Adds `BACK_OFF` observations of a coarser distribution to counts, and normalises them. */
function mix(counts: Float64Array, coarser: Float64Array): void {
  let total = 0;
  for (let k = 0; k < counts.length; k++) {
    counts[k] += BACK_OFF * coarser[k];
    total += counts[k];
  }
  for (let k = 0; k < counts.length; k++) counts[k] /= total;
}
