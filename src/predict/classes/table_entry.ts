/**
 * Finds a name in the class table, by any of its names.
 *
 * @module
 */

import { NameFinder, spellingKey } from "./_name_keys.ts";
import { CLASS_GROUPS, CLASS_TABLE } from "./class_table.ts";

/** What the table says of a name. */
export interface TableEntry {
  /** The classes that it may be. */
  all: readonly string[];
  /** The classes that stand for it if a vocabulary has none of those. */
  near: readonly string[];
  /** Whether it is only a kind of a class, so that word vectors may know a better one. */
  isKind: boolean;
  /** The group of the class, such as `"vehicle"`. */
  group: string;
}

/**
 * Finds a name. Of a class or its synonym the entry has the class, its synonyms and its
 * kinds; of a kind, only the class, as a near one.
 *
 * @param name The name, in any spelling, singular or plural.
 * @returns The entry, or `undefined` if the table does not have the name.
 */
export function tableEntry(name: string): TableEntry | undefined {
  const place = FINDER.find(name)?.places[0];
  return place === undefined ? undefined : ENTRIES[place];
}

const [FINDER, ENTRIES] = indexTable();

function indexTable(): [finder: NameFinder, entries: TableEntry[]] {
  const names: string[] = [], entries: TableEntry[] = [];
  const known = new Set<string>();
  const add = (name: string, entry: TableEntry) => {
    if (known.has(spellingKey(name))) return;
    known.add(spellingKey(name));
    names.push(name);
    entries.push(entry);
  };
  const groups = Object.entries(CLASS_GROUPS).flatMap(([group, size]) =>
    Array<string>(size).fill(group)
  );
  const rows = Object.entries(CLASS_TABLE);
  for (const [i, [name, { synonyms = [], kinds = [], near = [] }]] of rows.entries()) {
    const all = [name, ...synonyms, ...kinds], group = groups[i];
    for (const each of [name, ...synonyms]) {
      add(each, { all, near, isKind: false, group });
    }
  }
  for (const [i, [name, { synonyms = [], kinds = [] }]] of rows.entries()) {
    for (const kind of kinds) {
      add(kind, { all: [], near: [name, ...synonyms], isKind: true, group: groups[i] });
    }
  }
  return [new NameFinder(names), entries];
}
