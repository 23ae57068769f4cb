/**
 * Compares names of classes without regard to case, spaces, underscores and plural.
 *
 * @module
 */

/** Plurals that no ending tells. */
const IRREGULAR: Readonly<Record<string, string>> = {
  knives: "knife",
  leaves: "leaf",
  shelves: "shelf",
  loaves: "loaf",
  wolves: "wolf",
  scarves: "scarf",
  feet: "foot",
  teeth: "tooth",
  geese: "goose",
  mice: "mouse",
  men: "man",
  women: "woman",
  children: "child",
};

/** Words that look like plurals of other things. */
const NO_PLURAL: ReadonlySet<string> = new Set(["glasses"]);

/** A name in lower case, without spaces, underscores and hyphens. */
export function spellingKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/[\s_-]+/gu, "");
}

/**
 * The names that one text has: `Cabinet/shelf` of Objects365 and `building, edifice` of
 * ADE20K have two each, `car_(automobile)` of LVIS has one beside a remark.
 *
 * @param text The text.
 * @returns Its names, unless the only one is the text itself.
 */
export function namesIn(text: string): string[] {
  const names = text.replace(/[\s_]*\([^()]*\)/g, "").split(/[/,;|]/)
    .map((name) => name.trim()).filter((name) => name !== "");
  return names.length === 1 && names[0] === text.trim() ? [] : names;
}

/** Finds names in a list by their spelling, else by their singular or plural. */
export class NameFinder {
  readonly #exact: ReadonlyMap<string, number[]>;
  readonly #spelling: ReadonlyMap<string, number[]>;
  readonly #number: ReadonlyMap<string, number[]>;

  /** @param names The list. */
  constructor(names: readonly string[]) {
    this.#exact = placesBy(names, (name) => [name]);
    this.#spelling = placesBy(names, (name) => [spellingKey(name)]);
    this.#number = placesBy(names, numberKeys);
  }

  /**
   * The places of a name: those where it is written exactly so, else those with the same
   * letters, else those that are its singular or plural.
   */
  find(name: string): { places: readonly number[]; isExact: boolean } | undefined {
    const exact = this.#exact.get(name);
    if (exact) return { places: exact, isExact: true };
    const spelled = this.#spelling.get(spellingKey(name));
    if (spelled) return { places: spelled, isExact: false };
    const places = this.findEvery(name);
    return places.length > 0 ? { places, isExact: false } : undefined;
  }

  /** The places of all names with the same letters, and of its singular and plural. */
  findEvery(name: string): number[] {
    const found = numberKeys(name).flatMap((key) => this.#number.get(key) ?? []);
    const spelled = this.#spelling.get(spellingKey(name)) ?? [];
    return [...new Set([...spelled, ...found])].sort((a, b) => a - b);
  }
}

/** The keys that a name shares with its singular and its plural. */
function numberKeys(name: string): string[] {
  const words = name.normalize("NFKC").toLowerCase().split(/[\s_-]+/u);
  const last = words.at(-1)!;
  const first = words.slice(0, -1).join("");
  return singulars(last).map((word) => first + word);
}

/** What a word may be the plural of, and itself. */
function singulars(word: string): string[] {
  const found = [word];
  if (Object.hasOwn(IRREGULAR, word)) found.push(IRREGULAR[word]);
  if (NO_PLURAL.has(word)) return found;
  if (word.length <= 2 || !word.endsWith("s") || word.endsWith("ss")) return found;
  found.push(word.slice(0, -1));
  if (word.endsWith("ies") && word.length > 4) found.push(`${word.slice(0, -3)}y`);
  else if (/(?:[sxz]|[cs]h|o)es$/u.test(word)) found.push(word.slice(0, -2));
  return found;
}

function placesBy(
  names: readonly string[],
  keysOf: (name: string) => readonly string[],
): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [i, name] of names.entries()) {
    for (const key of new Set(keysOf(name))) {
      const found = places.get(key);
      if (found) found.push(i);
      else places.set(key, [i]);
    }
  }
  return places;
}
