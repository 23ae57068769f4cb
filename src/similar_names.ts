/**
 * Finds names that are equal but for their Unicode form, spaces or case.
 *
 * @module
 */

import { typoOf } from "./nearest.ts";
import { relatedNames } from "./related_names.ts";

/** How two names differ that are the same to a reader, the smallest difference first. */
const DIFFERENCES: readonly [what: string, key: (name: string) => string][] = [
  ["nothing", (name) => name],
  ["its Unicode form", (name) => name.normalize("NFC")],
  ["spaces", (name) => name.normalize("NFC").trim().replace(/\s+/g, " ")],
  [
    "upper and lower case",
    (name) => name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase(),
  ],
];

/** The names that another name may stand for. */
export interface NameMatch {
  /** Their places: several cannot be told apart. */
  places: number[];
  /** In what alone they differ from it; `undefined` if it is one of them. */
  difference?: string;
}

/**
 * Finds a name in a list. If it is not there, finds those that differ from it in their
 * Unicode form only, else in spaces too, else in case too.
 *
 * @param name The name.
 * @param names The list, which must not change: its keys are kept.
 * @returns The names, if there are any.
 *
 * @example
 * ```ts
 * import { similarNames } from "./similar_names.ts";
 * const found = similarNames("Person ", ["dog", "person"]);
 * if (found?.places[0] !== 1) throw new Error();
 * ```
 */
export function similarNames(
  name: string,
  names: readonly string[],
): NameMatch | undefined {
  const known = keysOf(names);
  for (const [i, [difference, key]] of DIFFERENCES.entries()) {
    const places = known[i].get(key(name));
    if (places) return { places, difference: i === 0 ? undefined : difference };
  }
  return undefined;
}

const keys = new WeakMap<readonly string[], Map<string, number[]>[]>();

/** The places of the names by each kind of key. */
function keysOf(names: readonly string[]): Map<string, number[]>[] {
  const known = keys.get(names);
  if (known) return known;
  const made = DIFFERENCES.map(([, key]) => {
    const places = new Map<string, number[]>();
    for (const [i, name] of names.entries()) {
      places.set(key(name), [...places.get(key(name)) ?? [], i]);
    }
    return places;
  });
  keys.set(names, made);
  return made;
}

/** The message of a name that several others resemble. */
export function ambiguousName(
  { places, difference }: NameMatch,
  names: readonly string[],
): string {
  const shown = places.map((i) => JSON.stringify(names[i])).join(" and ");
  return `${shown} differ from it in ${difference} only: write it exactly`;
}

/**
 * Finds pairs of names that look alike, to be warned of.
 *
 * @returns Index of the later name, of the earlier one, and in what they differ.
 */
export function lookAlikes(
  names: readonly string[],
): { later: number; earlier: number; difference: string }[] {
  const found: ReturnType<typeof lookAlikes> = [];
  const seen = DIFFERENCES.map(() => new Map<string, number>());
  for (const [later, name] of names.entries()) {
    const at = DIFFERENCES.findIndex(([, key], i) => seen[i].has(key(name)));
    if (at >= 0) {
      const [difference, key] = DIFFERENCES[at];
      found.push({ later, earlier: seen[at].get(key(name))!, difference });
    }
    for (const [i, [, key]] of DIFFERENCES.entries()) {
      if (!seen[i].has(key(name))) seen[i].set(key(name), later);
    }
  }
  return found;
}

/**
 * What to do about a name that is not in a list: it names what alone is different, or else
 * names of the same thing, or else a name that is written almost alike, or says that no
 * name is similar.
 */
export function nameSuggestion(name: string, names: readonly string[]): string {
  const match = similarNames(name, names);
  if (match?.difference === undefined) {
    const related = relatedNames(name, names);
    if (related.length > 1) return `the nearest are "${related.join('", "')}"`;
    const nearest = related[0] ?? typoOf(name, names);
    return nearest === undefined
      ? `none of the ${names.length} known names is similar`
      : `the nearest is "${nearest}"`;
  }
  return match.places.length > 1
    ? ambiguousName(match, names)
    : `"${names[match.places[0]]}" differs from it in ${match.difference} only`;
}
