/**
 * The annotators of the built-in world: they leave relations out, say some in two ways,
 * and list what is left in no particular order.
 *
 * @module
 */

import type { Random } from "../random.ts";
import type { AnnotatedImage } from "../example.ts";
import { ENTITY_NAMES } from "./classes.ts";
import { PREDICATE_NAMES, type PredicateName } from "./predicates.ts";
import type { Scene } from "./scene.ts";

/** What is too plain to be worth a word. */
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

/** What says where something is, and not what it does. */
const POSITIONAL: readonly PredicateName[] = [
  "next to",
  "near",
  "in front of",
  "behind",
  "above",
  "under",
];

/**
 * Probability that a true relation is left out.
 *
 * @param predicate What the relation says.
 * @returns 0.5 for plain facts, 0.25 for positions, 0.08 for what is going on.
 */
export function omissionOf(predicate: PredicateName): number {
  if (PLAIN.includes(predicate)) return 0.5;
  return POSITIONAL.includes(predicate) ? 0.25 : 0.08;
}

/** What may be said in addition to a predicate. */
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

/** Probability that an annotated relation is given its synonym too. */
export const DOUBLING = 0.08;

const ENTITY_INDEX = new Map(ENTITY_NAMES.map((name, index) => [name, index]));
const PREDICATE_INDEX = new Map(PREDICATE_NAMES.map((name, index) => [name, index]));

/** Index of a class in the logits. */
export function entityIndexOf(name: (typeof ENTITY_NAMES)[number]): number {
  return ENTITY_INDEX.get(name)!;
}

/** Index of a predicate in the logits. */
export function predicateIndexOf(name: PredicateName): number {
  return PREDICATE_INDEX.get(name)!;
}

/**
 * What annotators say of a scene.
 *
 * @param scene Everything that is true.
 * @param random Decides what is left out; at least one relation stays.
 * @returns The image with its labels and relations.
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
