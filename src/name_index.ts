/**
 * Indices of names in a list.
 *
 * @module
 */

const indexes = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** A map from each name to its index, cached by list. */
export function indexOf(names: readonly string[]): ReadonlyMap<string, number> {
  const known = indexes.get(names);
  if (known) return known;
  const index = new Map(names.map((name, i) => [name, i]));
  indexes.set(names, index);
  return index;
}
