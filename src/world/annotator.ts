/**
 * The annotators of the built-in world: they omit relations, describe some in two ways,
 * and list the rest in random order.
 *
 * @module
 */

import type { Random } from "../random.ts";
import type { AnnotatedImage } from "../example.ts";
import { ENTITY_NAMES } from "./classes.ts";
import { PREDICATE_NAMES, type PredicateName } from "./predicates.ts";
import type { Scene } from "./scene.ts";

/** Predicates of plain facts, which annotators often omit. */
const PLAIN: readonly PredicateName[] = [
  "on",
  "in",
  "of",
  "has",
  "wearing",
  "growing in",
  "hanging on",
  "mounted on",
];

/** Predicates that say where something is, not what it does. */
const POSITIONAL: readonly PredicateName[] = [
  "next to",
  "near",
  "in front of",
  "behind",
  "above",
  "under",
];

/**
 * Returns the probability that annotators omit a true relation.
 *
 * @param predicate The predicate of the relation.
 * @returns 0.5 for plain facts, 0.25 for positions, 0.08 for actions.
 */
export function omissionOf(predicate: PredicateName): number {
  if (PLAIN.includes(predicate)) return 0.5;
  return POSITIONAL.includes(predicate) ? 0.25 : 0.08;
}

/** The predicate that annotators may add to another one. */
export const SYNONYMS: Partial<Record<PredicateName, PredicateName>> = {
  "sitting on": "on",
  "riding": "on",
  "lying on": "on",
  "standing on": "on",
  "parked on": "on",
  "mounted on": "on",
  "hanging on": "on",
  "next to": "near",
  "wearing": "has",
  "using": "holding",
  "carrying": "holding",
  "reading": "holding",
  "walking": "next to",
  "flying over": "above",
};

/** Probability that an annotated relation also gets its synonym. */
export const DOUBLING = 0.08;

const ENTITY_INDEX = new Map(ENTITY_NAMES.map((name, index) => [name, index]));
const PREDICATE_INDEX = new Map(PREDICATE_NAMES.map((name, index) => [name, index]));

/** Index of a class in the vocabulary. */
export function entityIndexOf(name: (typeof ENTITY_NAMES)[number]): number {
  return ENTITY_INDEX.get(name)!;
}

/** Index of a predicate in the vocabulary. */
export function predicateIndexOf(name: PredicateName): number {
  return PREDICATE_INDEX.get(name)!;
}

/**
 * Annotates a scene.
 *
 * @param scene The scene with all true relations.
 * @param random Decides which relations are omitted; at least one remains.
 * @returns The image with its boxes, labels and relations.
 */
export function annotate(scene: Scene, random: Random): AnnotatedImage {
  const rows: [number, number, number][] = [];
  for (const { subject, object, predicate } of scene.relations) {
    if (random.chance(omissionOf(predicate))) continue;
    rows.push([subject, object, predicateIndexOf(predicate)]);
    const synonym = SYNONYMS[predicate];
    if (synonym === undefined || !random.chance(DOUBLING)) continue;
    rows.push([subject, object, predicateIndexOf(synonym)]);
  }
  if (rows.length === 0) {
    const { subject, object, predicate } = scene.relations[0];
    rows.push([subject, object, predicateIndexOf(predicate)]);
  }
  return {
    id: scene.id,
    width: scene.width,
    height: scene.height,
    boxes: Float32Array.from(scene.entities.flatMap(({ box }) => box)),
    entityLabels: Int32Array.from(scene.entities, ({ name }) => entityIndexOf(name)),
    relations: Int32Array.from(random.shuffle(rows).flat()),
  };
}
