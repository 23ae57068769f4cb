/**
 * How much of one dataset's relations another one knows: what a model of the second could
 * answer from memory.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** How often a dataset has each predicate, pair of classes and triplet, by their names. */
export interface RelationKinds {
  /** Number of relations. */
  relations: number;
  /** Counts by predicate. */
  predicate: Map<string, number>;
  /** Counts by class of subject and class of object. */
  pair: Map<string, number>;
  /** Counts by class of subject, predicate and class of object. */
  triplet: Map<string, number>;
}

/** Shares of the relations of one dataset, from 0 to 1; NaN without a relation. */
export interface RelationOverlap {
  /** Number of its relations. */
  relations: number;
  /** Share of those whose predicate the other dataset has. */
  predicate: number;
  /** Share of those whose pair of classes the other has, in this order. */
  pair: number;
  /** Share of those whose triplet the other has. */
  triplet: number;
}

/**
 * Counts the kinds of relations of a dataset.
 *
 * @param images Its images; detected boxes count with the annotation beside them.
 * @param vocabulary Names of its classes. Names are equal without regard to case.
 */
export async function relationKinds(
  images: AsyncIterable<AnnotatedImage> | Iterable<AnnotatedImage>,
  vocabulary: Vocabulary,
): Promise<RelationKinds> {
  const [entities, predicates] = [vocabulary.entities, vocabulary.predicates]
    .map((names) => names.map((name) => name.toLowerCase()));
  const kinds: RelationKinds = {
    relations: 0,
    predicate: new Map(),
    pair: new Map(),
    triplet: new Map(),
  };
  const add = (counts: Map<string, number>, ...names: string[]) => {
    const key = JSON.stringify(names);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for await (const image of images) {
    const { entityLabels, relations } = image.annotated ?? image;
    for (let r = 0; r < relations.length; r += 3) {
      const subject = entities[entityLabels[relations[r]]];
      const object = entities[entityLabels[relations[r + 1]]];
      const predicate = predicates[relations[r + 2]];
      kinds.relations++;
      add(kinds.predicate, predicate);
      add(kinds.pair, subject, object);
      add(kinds.triplet, subject, predicate, object);
    }
  }
  return kinds;
}

/**
 * The shares of the relations of a dataset whose kind another dataset has.
 *
 * @param of The dataset.
 * @param other The other one.
 */
export function relationOverlap(
  of: RelationKinds,
  other: RelationKinds,
): RelationOverlap {
  const share = (kind: "predicate" | "pair" | "triplet") => {
    let known = 0;
    for (const [key, count] of of[kind]) if (other[kind].has(key)) known += count;
    return known / of.relations;
  };
  return {
    relations: of.relations,
    predicate: share("predicate"),
    pair: share("pair"),
    triplet: share("triplet"),
  };
}
