/**
 * Names of entity classes and predicates, and their indices.
 *
 * @module
 */

import { showValue } from "./show_value.ts";
import { nameSuggestion } from "./similar_names.ts";

/** A vocabulary as plain data, as manifests and checkpoints store it. */
export interface VocabularyData {
  /** Names of the entity classes, in the order of the logits. */
  entities: readonly string[];
  /** Names of the predicates, without "no relation", in the order of the logits. */
  predicates: readonly string[];
}

/**
 * Entity classes and predicates with their indices. "No relation" has no name: its index
 * follows the last predicate, as in the published program.
 *
 * @example
 * ```ts
 * import { Vocabulary } from "./vocabulary.ts";
 * const vocabulary = new Vocabulary({ entities: ["cup", "table"], predicates: ["on"] });
 * if (vocabulary.numPredicates !== 2 || vocabulary.noRelation !== 1) throw new Error();
 * if (vocabulary.entityIndex("table") !== 1) throw new Error();
 * ```
 */
export class Vocabulary implements VocabularyData {
  /** Names of the entity classes. */
  readonly entities: readonly string[];
  /** Names of the predicates, without "no relation". */
  readonly predicates: readonly string[];
  readonly #entityIndex: Map<string, number>;
  readonly #predicateIndex: Map<string, number>;

  /**
   * Indexes the names.
   *
   * @param data The names; each list must be non-empty and without repetition.
   * @throws {TypeError} If a value is not a list of strings.
   * @throws {RangeError} If a list is empty or repeats a name.
   */
  constructor(data: VocabularyData) {
    if (typeof data !== "object" || data === null) {
      throw new TypeError(
        `Cannot use the vocabulary as it must be an object with entities and predicates: found ${
          showValue(data)
        }`,
      );
    }
    this.#entityIndex = indexNames("entities", data.entities);
    this.#predicateIndex = indexNames("predicates", data.predicates);
    this.entities = [...data.entities];
    this.predicates = [...data.predicates];
  }

  /** C: number of entity classes. */
  get numEntityClasses(): number {
    return this.entities.length;
  }

  /** P: number of predicates, including "no relation". */
  get numPredicates(): number {
    return this.predicates.length + 1;
  }

  /** Index of "no relation", P - 1. */
  get noRelation(): number {
    return this.predicates.length;
  }

  /** Index of an entity class; throws a `RangeError` with the nearest name if unknown. */
  entityIndex(name: string): number {
    return lookUp(this.#entityIndex, name, "entity class");
  }

  /** Index of a predicate; throws a `RangeError` with the nearest name if unknown. */
  predicateIndex(name: string): number {
    return lookUp(this.#predicateIndex, name, "predicate");
  }

  /** The names as plain data, for JSON. */
  toJSON(): VocabularyData {
    return { entities: this.entities, predicates: this.predicates };
  }
}

function indexNames(kind: string, names: readonly string[]): Map<string, number> {
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) {
    throw new TypeError(
      `Cannot build a vocabulary as "${kind}" must be a list of strings`,
    );
  }
  if (names.length === 0) {
    throw new RangeError(`Cannot build a vocabulary as "${kind}" must not be empty`);
  }
  const index = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    if (index.has(name)) {
      throw new RangeError(
        `Cannot build a vocabulary as "${kind}" must not repeat a name: found "${name}" at ${
          index.get(name)
        } and ${i}`,
      );
    }
    index.set(name, i);
  }
  return index;
}

function lookUp(index: Map<string, number>, name: string, kind: string): number {
  const found = index.get(name);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot find the ${kind} ${showValue(name)} in the vocabulary: ${
      nameSuggestion(name, [...index.keys()])
    }`,
  );
}
