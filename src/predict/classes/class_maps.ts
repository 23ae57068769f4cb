/**
 * Keeps the maps of detectors' classes to one vocabulary.
 *
 * @module
 */

import { builtInWords } from "../../words/word_vectors.ts";
import { type ClassMap, classMap } from "./class_map.ts";

/** How many maps are kept. */
const MOST_MAPS = 100;

/** A map for each list of classes of a detector; makes those that are missing. */
export class ClassMaps {
  readonly #vocabulary: readonly string[];
  readonly #weights?: ArrayLike<number>;
  readonly #maps = new Map<string, Promise<ClassMap>>();

  /**
   * @param vocabulary The C classes.
   * @param weights `[C]`: how frequent each is; default all alike.
   */
  constructor(vocabulary: readonly string[], weights?: ArrayLike<number>) {
    this.#vocabulary = vocabulary;
    this.#weights = weights;
  }

  /**
   * The map of some classes. Word vectors are fetched only if a class has no match by name
   * or table; if they cannot be fetched, such a class stays without a match.
   */
  of(classes: readonly string[]): Promise<ClassMap> {
    const key = JSON.stringify(classes);
    let map = this.#maps.get(key);
    if (map === undefined) {
      // Some readers know only the classes of one image, so lists differ without end.
      if (this.#maps.size >= MOST_MAPS) this.#maps.clear();
      this.#maps.set(key, map = this.#make(classes));
    }
    return map;
  }

  async #make(classes: readonly string[]): Promise<ClassMap> {
    const weights = this.#weights;
    const map = classMap(classes, this.#vocabulary, { weights });
    if (map.matches.every(({ by }) => by !== "none")) return map;
    const words = await builtInWords().catch(() => undefined);
    return words ? classMap(classes, this.#vocabulary, { weights, words }) : map;
  }
}
