/**
 * Which classes of a vocabulary each class of a detector may be.
 *
 * @module
 */

import type { ClassGroup } from "../../class_groups.ts";
import type { WordTable } from "../../words/word_vectors.ts";
import { NameFinder, namesIn, spellingKey } from "./_name_keys.ts";
import { mostSimilar } from "./_name_similarity.ts";
import type { ClassShares } from "./class_beliefs.ts";
import { tableEntry } from "./table_entry.ts";

/**
 * How a class was found: by its exact name; by its name but for case, spaces, underscores,
 * hyphens or plural, or by one of the names in it; by the class table; by word vectors; or not at all.
 */
export type MatchKind = "name" | "spelling" | "table" | "words" | "none";

/** A class of a detector and the classes of the vocabulary that it may be. */
export interface ClassMatch {
  /** The detector's class. */
  from: string;
  /** The classes that it may be; none if the vocabulary has nothing like it. */
  to: string[];
  /** How they were found. */
  by: MatchKind;
  /** The cosine of the word vectors, of matches by `"words"`. */
  similarity?: number;
}

/** The classes of a detector in a vocabulary. */
export interface ClassMap {
  /** `[K]`: the classes that each may be, with their shares of the belief. */
  shares: ClassShares;
  /** `[K]`: the same by name, and how they were found. */
  matches: readonly ClassMatch[];
}

/** How to match classes. */
export interface ClassMapOptions {
  /**
   * `[C]`: how frequent the classes of the vocabulary are. The belief in a class that may
   * be several is divided in proportion; default evenly.
   */
  weights?: ArrayLike<number>;
  /** Word vectors; without them nothing is matched by `"words"`. */
  words?: WordTable;
}

/**
 * Finds the classes of a vocabulary for those of a detector.
 *
 * A class that the class table knows may be each class of the vocabulary that its row
 * lists, except for those that are other classes of the detector: "person" may be "man" or
 * "woman", unless the detector tells men from women itself. A class with several names, such
 * as "Cabinet/shelf", may be what each of them may be. Any other class is the one of
 * the same name, or the most similar one by word vectors.
 *
 * @param classes The K classes of the detector.
 * @param vocabulary The C classes of the vocabulary.
 * @param options Frequencies of the classes, and word vectors.
 * @returns The classes that each may be.
 * @throws {RangeError} If there are not C weights, or one is negative or not finite.
 *
 * @example
 * ```ts
 * import { classMap } from "./class_map.ts";
 * const { matches } = classMap(["Person", "cell_phone"], ["man", "phone", "woman"]);
 * if (matches[0].to.join() !== "man,woman") throw new Error();
 * if (matches[1].to.join() !== "phone") throw new Error();
 * ```
 */
export function classMap(
  classes: readonly string[],
  vocabulary: readonly string[],
  { weights, words }: ClassMapOptions = {},
): ClassMap {
  checkWeights(weights, vocabulary.length);
  const finder = new NameFinder(vocabulary);
  const own = new NameFinder(classes);
  const found = classes.map((name, k) => {
    const isAnother = (place: number) =>
      own.find(vocabulary[place])?.places.every((other) => other !== k) ?? false;
    return match(name, finder, isAnother, vocabulary, words);
  });
  return {
    shares: found.map(({ places }) => {
      const parts = places.map((place) => weights?.[place] ?? 1);
      const sum = parts.reduce((total, part) => total + part, 0);
      return places.map((label, i) => ({
        label,
        weight: sum > 0 ? parts[i] / sum : 1 / places.length,
      }));
    }),
    matches: found.map(({ places, by, similarity }, k) => ({
      from: classes[k],
      to: places.map((place) => vocabulary[place]),
      by,
      ...(similarity !== undefined && { similarity }),
    })),
  };
}

/**
 * The classes that go by a word of the detector, as it stands for several of them and does
 * not say which.
 *
 * @param map From {@linkcode classMap}.
 * @param word Index of the detector's class whose word an entity has; the classes that it
 * may be are in no other group.
 * @returns Groups without a common class. A group has the vocabulary's spelling if the
 * vocabulary has the word.
 */
export function classGroups({ shares, matches }: ClassMap, word: number): ClassGroup[] {
  const groups: ClassGroup[] = [], taken = new Set<number>();
  const several = [...shares.keys()].filter((k) => k !== word && shares[k].length > 1);
  for (const k of [word, ...several]) {
    const classes = shares[k].map(({ label }) => label);
    if (classes.some((label) => taken.has(label))) continue;
    for (const label of classes) taken.add(label);
    if (classes.length > 1) groups.push({ label: wordOf(matches[k]), classes });
  }
  return groups;
}

function wordOf({ from, to }: ClassMatch): string {
  return to.find((name) => spellingKey(name) === spellingKey(from)) ?? from;
}

/** A match in words: `person: man or woman (class table)`. */
export function matchText({ from, to, by, similarity }: ClassMatch): string {
  if (by === "none") return `${from}: no class of the model`;
  const how = {
    name: "same name",
    spelling: "same name",
    table: "class table",
    words: `word vectors, ${similarity?.toFixed(2)}`,
  }[by];
  const last = to.at(-1)!, others = to.slice(0, -1).join(", ");
  return `${from}: ${others ? `${others} or ${last}` : last} (${how})`;
}

interface Found {
  places: readonly number[];
  by: MatchKind;
  similarity?: number;
}

function match(
  name: string,
  finder: NameFinder,
  isAnother: (place: number) => boolean,
  vocabulary: readonly string[],
  words: WordTable | undefined,
): Found {
  const whole = matchName(name, finder, isAnother);
  if (whole && whole.by !== "none") return whole;
  const parts = namesIn(name).flatMap((part) => matchName(part, finder, isAnother) ?? [])
    .filter(({ by }) => by !== "none");
  if (parts.length > 0) {
    const places = [...new Set(parts.flatMap(({ places }) => places))];
    const isTable = parts.some(({ by }) => by === "table");
    return { places: places.sort((a, b) => a - b), by: isTable ? "table" : "spelling" };
  }
  if (whole) return whole;
  const similar = words && mostSimilar(name, vocabulary, words);
  if (!similar) return { places: [], by: "none" };
  return { places: [similar.place], by: "words", similarity: similar.similarity };
}

/** Finds a name by itself or the table; `undefined` if neither knows it. */
function matchName(
  name: string,
  finder: NameFinder,
  isAnother: (place: number) => boolean,
): Found | undefined {
  const equal = finder.find(name);
  const row = tableEntry(name);
  if (row && !(equal && row.isKind)) {
    const equals = finder.findEvery(name);
    const named = [...equals, ...findAll(row.all, finder)];
    const places = named.length > 0 ? named : findAll(row.near, finder);
    const allowed = places.filter((place) => !isAnother(place));
    const taken = new Set(allowed.length > 0 ? allowed : places);
    const isOnlyEqual = [...taken].every((place) => equals.includes(place));
    const by = !isOnlyEqual ? "table" : equal?.isExact ? "name" : "spelling";
    if (taken.size > 0) return { places: [...taken].sort((a, b) => a - b), by };
    if (!row.isKind) return { places: [], by: "none" };
  }
  return equal && { places: equal.places, by: equal.isExact ? "name" : "spelling" };
}

function findAll(names: readonly string[], finder: NameFinder): number[] {
  return names.flatMap((name) => finder.findEvery(name));
}

function checkWeights(weights: ArrayLike<number> | undefined, numClasses: number): void {
  if (weights === undefined) return;
  const must = `weights must be ${numClasses} numbers >= 0, one a class`;
  if (weights.length !== numClasses) fail(must, `${weights.length} of them`);
  for (let i = 0; i < numClasses; i++) {
    if (!(weights[i] >= 0 && weights[i] < Infinity)) fail(must, `${weights[i]} at ${i}`);
  }
}

function fail(must: string, found: string): never {
  throw new RangeError(`Cannot match classes as ${must}: found ${found}`);
}
