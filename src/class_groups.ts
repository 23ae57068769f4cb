/**
 * Classes of a vocabulary that go by one name, as a detector's word stands for all of them:
 * its "person" may be a "man" or a "woman", of which it has said nothing.
 *
 * @module
 */

/** Two or more classes with one name. */
export interface ClassGroup {
  /** The name, such as the detector's word. */
  label: string;
  /** Indices of the classes. */
  classes: readonly number[];
}

/**
 * Adds up the probabilities of classes that go by one name.
 *
 * @param probabilities `[C]`.
 * @param groups Groups without a common class; default none.
 * @returns `[C]`: the first class of each group has the sum, the others have 0; the same
 * array if there are no groups.
 */
export function groupedRow(
  probabilities: Float64Array,
  groups: readonly ClassGroup[] = [],
): Float64Array {
  if (groups.length === 0) return probabilities;
  const grouped = probabilities.slice();
  for (const { classes } of groups) {
    const sum = classes.reduce((total, k) => total + probabilities[k], 0);
    for (const k of classes) grouped[k] = 0;
    grouped[classes[0]] = Math.min(sum, 1);
  }
  return grouped;
}

/** The group of a class, if it is in one. */
export function groupOf(
  groups: readonly ClassGroup[] | undefined,
  labelIndex: number,
): ClassGroup | undefined {
  return groups?.find(({ classes }) => classes.includes(labelIndex));
}

/** The likeliest class, and how it is called. */
export interface Likeliest {
  /** The name of the group of the class; absent if it is in none. */
  label?: string;
  /** Index of the class; of a group, of its likeliest class. */
  labelIndex: number;
  /** The probability of the class; of a group, that of all its classes. */
  score: number;
}

/**
 * Finds the likeliest class, where the classes of a group count as one.
 *
 * @param probabilities `[C]`.
 * @param groups As for {@linkcode groupedRow}.
 * @returns The first of the likeliest.
 *
 * @example
 * ```ts
 * import { likeliestOf } from "./class_groups.ts";
 * // Man, woman and horse: the horse is likelier than either, but not than a person.
 * const probabilities = Float64Array.of(0.25, 0.3, 0.45);
 * const groups = [{ label: "person", classes: [0, 1] }];
 * const { label, labelIndex, score } = likeliestOf(probabilities, groups);
 * if (label !== "person" || labelIndex !== 1) throw new Error();
 * if (Math.abs(score - 0.55) > 1e-12) throw new Error();
 * ```
 */
export function likeliestOf(
  probabilities: Float64Array,
  groups: readonly ClassGroup[] = [],
): Likeliest {
  const grouped = groupedRow(probabilities, groups);
  const best = greatestOf(grouped.keys(), grouped);
  const group = groupOf(groups, best);
  if (!group) return { labelIndex: best, score: grouped[best] };
  const labelIndex = greatestOf(group.classes, probabilities);
  return { label: group.label, labelIndex, score: grouped[best] };
}

/** The first index of the greatest value. */
function greatestOf(indices: Iterable<number>, values: Float64Array): number {
  let best = -1;
  for (const i of indices) if (best < 0 || values[i] > values[best]) best = i;
  return best;
}
