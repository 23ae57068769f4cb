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
 * @param counts `[C, C, K]`: how often each outcome was seen, by class of subject and object.
 * @returns `[C, C, K]`; each row sums to 1.
 */
export function backedOff(c: number, k: number, counts: Float64Array): Float64Array {
  const overall = new Float64Array(k).fill(1); // so that no outcome is impossible
  const ofSubject = new Float64Array(c * k), ofObject = new Float64Array(c * k);
  for (let subject = 0, from = 0; subject < c; subject++) {
    for (let object = 0; object < c; object++, from += k) {
      for (let outcome = 0; outcome < k; outcome++) {
        const found = counts[from + outcome];
        if (found === 0) continue; // nearly all are
        overall[outcome] += found;
        ofSubject[subject * k + outcome] += found;
        ofObject[object * k + outcome] += found;
      }
    }
  }
  const nothing = new Float64Array(k);
  mix(overall, 0, nothing);
  for (let label = 0; label < c; label++) {
    mix(ofSubject, label * k, overall);
    mix(ofObject, label * k, overall);
  }
  const all = counts.slice(), coarse = new Float64Array(k);
  for (let subject = 0, from = 0; subject < c; subject++) {
    for (let object = 0; object < c; object++, from += k) {
      for (let outcome = 0; outcome < k; outcome++) {
        coarse[outcome] = ofSubject[subject * k + outcome] *
          ofObject[object * k + outcome] / overall[outcome];
      }
      mix(coarse, 0, nothing);
      mix(all, from, coarse);
    }
  }
  return all;
}

/**
 * Adds `BACK_OFF` observations of a coarser distribution over K outcomes to the K counts
 * that start at an index, and normalises them.
 */
function mix(counts: Float64Array, from: number, coarser: Float64Array): void {
  const k = coarser.length;
  let total = 0;
  for (let outcome = 0; outcome < k; outcome++) {
    total += counts[from + outcome] += BACK_OFF * coarser[outcome];
  }
  for (let outcome = 0; outcome < k; outcome++) counts[from + outcome] /= total;
}
