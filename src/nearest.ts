/**
 * Finds the name that somebody probably meant.
 *
 * @module
 */

/** Characters of a name that count, so that names of any length take no time. */
const MAX_LENGTH = 100;

/** Edit distance of two strings; insert, delete, replace and swap neighbours cost 1. */
function editDistance(a: string, b: string): number {
  let before: number[] = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? before[j - 2] + 1 : Infinity;
      next.push(Math.min(replaced, swapped, row[j] + 1, next[j - 1] + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

/**
 * Finds the known name with the smallest edit distance to a given name. The distance to
 * a name that begins with the given one is 1. Upper and lower case are equal, and only the
 * first 100 characters count.
 *
 * @param name The given name.
 * @param known Names to choose from.
 * @returns The nearest name, the first one of equal distance; `undefined` if `known` is
 * empty.
 *
 * @example
 * ```ts
 * import { nearestName } from "./nearest.ts";
 * if (nearestName("gpi_linguistc", ["gpi_mean", "gpi_linguistic"]) !== "gpi_linguistic") {
 *   throw new Error();
 * }
 * ```
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  return nearest(name, known, () => Infinity);
}

/**
 * The same, but only if at most a third of the characters differ, though always one: what
 * is farther was not meant.
 *
 * @returns `undefined` if no name is that near.
 *
 * @example
 * ```ts
 * import { typoOf } from "./nearest.ts";
 * if (typoOf("hrose", ["house", "horse"]) !== "horse") throw new Error();
 * if (typoOf("person", ["horse", "pot"]) !== undefined) throw new Error();
 * ```
 */
export function typoOf(name: string, known: Iterable<string>): string | undefined {
  return nearest(name, known, (length) => Math.max(1, Math.floor(length / 3)));
}

function nearest(
  name: string,
  known: Iterable<string>,
  most: (length: number) => number,
): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  const given = name.slice(0, MAX_LENGTH).toLowerCase();
  for (const candidate of known) {
    const other = candidate.slice(0, MAX_LENGTH).toLowerCase();
    const length = Math.max(given.length, other.length);
    // Each character that one name has more is an edit.
    const isCut = given !== "" && given !== other && other.startsWith(given);
    if (!isCut && Math.abs(given.length - other.length) >= least) continue;
    const distance = isCut ? 1 : editDistance(given, other);
    if (distance < least && distance <= most(length)) {
      [best, least] = [candidate, distance];
    }
  }
  return best;
}
