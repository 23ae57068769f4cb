/**
 * Recovers the class names of the SGP paper's data, whose files name each object and each
 * relationship, but not the classes.
 *
 * @module
 */

import type { VocabularyData } from "../../vocabulary.ts";
import type { SgpImage } from "./sgp_pickle.ts";

/** Counts how often each name occurs with each class. */
export class SgpNames {
  #entities: Map<string, number>[] = [];
  #predicates: Map<string, number>[] = [];

  /** Counts the names of an image. */
  add(image: SgpImage): void {
    const { example, numEntityClasses, numPredicates } = image;
    while (this.#entities.length < numEntityClasses) this.#entities.push(new Map());
    while (this.#predicates.length < numPredicates - 1) this.#predicates.push(new Map());
    image.entityNames.forEach((name, i) => {
      count(this.#entities[example.entityLabels[i]], name);
    });
    const { relations } = example;
    const texts = new Map(
      image.relationTexts.map((
        [subject, object, text],
      ) => [`${subject} ${object}`, text]),
    );
    for (let row = 0; row < relations.length; row += 3) {
      const text = texts.get(`${relations[row]} ${relations[row + 1]}`);
      if (text !== undefined) count(this.#predicates[relations[row + 2]], text);
    }
  }

  /** Whether every class and every predicate has a name. */
  get isComplete(): boolean {
    return this.#entities.length > 0 &&
      [...this.#entities, ...this.#predicates].every((counts) => counts.size > 0);
  }

  /** The vocabulary: each class has its most frequent name, and no two share a name. */
  vocabulary(): VocabularyData {
    return {
      entities: distinctNames(this.#entities, "class"),
      predicates: distinctNames(this.#predicates, "predicate"),
    };
  }
}

function count(counts: Map<string, number>, text: string): void {
  const name = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (name !== "") counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Gives each name to the class with which it occurs most often; ties go to the lower index. */
function distinctNames(classes: readonly Map<string, number>[], kind: string): string[] {
  const votes = classes.flatMap((counts, index) =>
    [...counts].map(([name, count]) => ({ index, name, count }))
  );
  votes.sort((a, b) => b.count - a.count || a.index - b.index);
  const names: string[] = classes.map((_, i) => `${kind} ${i}`);
  const hasName = new Set<number>(), taken = new Set<string>();
  for (const { index, name } of votes) {
    if (hasName.has(index) || taken.has(name)) continue;
    names[index] = name;
    hasName.add(index);
    taken.add(name);
  }
  return names;
}
