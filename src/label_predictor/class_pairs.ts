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
        addRow(ofSubject, object * k, probability, table, (subject * c + object) * k, k);
      }
    }
    for (let j = 0; j < n; j++) {
      for (const { label, probability } of likely[j]) {
        addRow(rows, (i * n + j) * k, probability, ofSubject, label * k, k);
      }
    }
  }
  return rows;
}

/** Adds `factor` times `k` numbers of one array to those of another. */
function addRow(
  to: Float32Array,
  start: number,
  factor: number,
  of: Float32Array,
  from: number,
  k: number,
): void {
  for (let at = 0; at < k; at++) to[start + at] += factor * of[from + at];
}

/** A class that an entity may have. */
interface LikelyClass {
  label: number;
  probability: number;
}

/** The classes of each entity that are not negligible, with probabilities that sum to 1. */
function likelyClasses(
  probabilities: Float32Array,
  n: number,
  c: number,
  most = Infinity,
): LikelyClass[][] {
  if (probabilities.length !== n * c) {
    throw new RangeError(
      `Cannot predict relations as ${n} boxes and ${c} classes must have ${
        n * c
      } probabilities: found ${probabilities.length}`,
    );
  }
  return Array.from({ length: n }, (_, i) => {
    let greatest = 0;
    for (let at = i * c; at < (i + 1) * c; at++) {
      if (probabilities[at] > greatest) greatest = probabilities[at];
    }
    const least = Math.min(NEGLIGIBLE, greatest);
    let found: LikelyClass[] = [];
    for (let label = 0; label < c; label++) {
      const probability = probabilities[i * c + label];
      if (probability >= least) found.push({ label, probability });
    }
    if (found.length > most) {
      found = found.sort((a, b) => b.probability - a.probability).slice(0, most);
    }
    let total = 0;
    for (const { probability } of found) total += probability;
    for (const each of found) each.probability /= total;
    return found;
  });
}
