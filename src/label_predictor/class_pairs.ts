/**
 * Looks up tables by the classes of subject and object where the classes are uncertain.
 *
 * @module
 */

/** Classes less probable than this are left out where labels are uncertain. */
const NEGLIGIBLE = 1e-4;

/** Sizes of a table, and which classes to look up in it. */
export interface TableSizes {
  /** C. */
  numEntityClasses: number;
  /** K. */
  width: number;
  /** Number of likeliest classes of each entity to consider; default: all. */
  mostClasses?: number;
}

/**
 * Computes the expected row of a table for each ordered pair of entities, as if the classes
 * of subject and object were independent.
 *
 * @param table `[C, C, K]`: a row for each class of subject and class of object.
 * @param sizes C and K, and how many classes of an entity to consider.
 * @param probabilities `[N, C]`: probability of each class of each entity; classes less
 * probable than 0.0001 are left out.
 * @param n N.
 * @returns `[N, N, K]`, subject first.
 * @throws {RangeError} If there are not C probabilities for each entity.
 */
export function expectedRows(
  table: Float32Array,
  { numEntityClasses: c, width: k, mostClasses }: TableSizes,
  probabilities: Float32Array,
  n: number,
): Float32Array {
  const likely = likelyClasses(probabilities, n, c, mostClasses);
  const rows = new Float32Array(n * n * k);
  const objects = new Set(likely.flat().map(({ label }) => label));
  const ofSubject = new Float32Array(c * k);
  for (let i = 0; i < n; i++) {
    // Sums over the subject's classes first, for each class that an object may have: at
    // most N C^2 K steps instead of N^2 C^2 K.
    ofSubject.fill(0);
    for (const { label: subject, probability } of likely[i]) {
      for (const object of objects) {
        const from = (subject * c + object) * k;
        for (let at = 0; at < k; at++) {
          ofSubject[object * k + at] += probability * table[from + at];
        }
      }
    }
    for (let j = 0; j < n; j++) {
      const row = rows.subarray((i * n + j) * k, (i * n + j + 1) * k);
      for (const { label, probability } of likely[j]) {
        for (let at = 0; at < k; at++) row[at] += probability * ofSubject[label * k + at];
      }
    }
  }
  return rows;
}

/** The classes of each entity that are not negligible, with probabilities that sum to 1. */
function likelyClasses(
  probabilities: Float32Array,
  n: number,
  c: number,
  most = Infinity,
) {
  if (probabilities.length !== n * c) {
    throw new RangeError(
      `Cannot predict relations as ${n} boxes and ${c} classes must have ${
        n * c
      } probabilities: found ${probabilities.length}`,
    );
  }
  return Array.from({ length: n }, (_, i) => {
    const row = probabilities.subarray(i * c, (i + 1) * c);
    const least = Math.min(NEGLIGIBLE, row.reduce((a, b) => Math.max(a, b), 0));
    let found = Array.from(row, (probability, label) => ({ label, probability }))
      .filter(({ probability }) => probability >= least);
    if (found.length > most) {
      found = found.sort((a, b) => b.probability - a.probability).slice(0, most);
    }
    const total = found.reduce((sum, { probability }) => sum + probability, 0);
    return found.map(({ label, probability }) => ({
      label,
      probability: probability / total,
    }));
  });
}
