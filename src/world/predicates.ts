/**
 * The predicates of the built-in world, and which of them look the same from the
 * outside.
 *
 * @module
 */

/** Names of the predicates in the order of the logits; "no relation" comes after them. */
export const PREDICATE_NAMES = [
  "on",
  "standing on",
  "walking on",
  "lying on",
  "parked on",
  "driving on",
  "growing in",
  "eating",
  "sitting on",
  "riding",
  "behind",
  "in front of",
  "holding",
  "carrying",
  "using",
  "reading",
  "looking at",
  "playing with",
  "in",
  "of",
  "wearing",
  "has",
  "next to",
  "near",
  "walking",
  "above",
  "flying over",
  "under",
  "hanging on",
  "mounted on",
] as const;

/** Name of a predicate. */
export type PredicateName = typeof PREDICATE_NAMES[number];

/**
 * What somebody who sees one pair, and neither what it shows nor the rest of the image,
 * can tell apart; and the predicates that each may stand for, which then look the same.
 */
export const ARRANGEMENTS = {
  /** The subject's foot is on the object's surface. */
  resting: ["on", "lying on", "growing in"],
  /** The same, and the subject is on its legs. */
  afoot: ["standing on", "walking on", "eating"],
  /** The same, and the subject is on wheels. */
  wheeled: ["parked on", "driving on"],
  /** The subject's lower half covers the object's upper half, or is covered by it. */
  astride: ["sitting on", "riding", "standing on", "behind"],
  /** The object is at the subject's hand. */
  held: ["holding", "carrying", "using"],
  /** The same, and the subject faces it. */
  attended: ["eating", "reading", "looking at", "playing with"],
  /** The subject's box is within the object's. */
  within: ["in", "of", "on"],
  /** The object's box is within the subject's. */
  around: ["wearing", "has", "carrying"],
  /** Side by side. */
  beside: ["next to", "near"],
  /** The same, and the subject is on its legs. */
  together: ["walking", "playing with", "looking at", "near"],
  /** One covers a part of the other. */
  overlapping: ["in front of", "behind", "near"],
  /** The subject is higher, with air between. */
  higher: ["above", "flying over"],
  /** The subject is lower. */
  lower: ["under", "holding", "looking at"],
  /** Flat on an upright surface. */
  upright: ["hanging on", "mounted on", "in", "on"],
} as const satisfies Record<string, readonly PredicateName[]>;

/** Name of an arrangement. */
export type ArrangementName = keyof typeof ARRANGEMENTS;

/** The predicates that an arrangement may stand for. */
export function predicatesOf(arrangement: ArrangementName): readonly PredicateName[] {
  return ARRANGEMENTS[arrangement];
}

/**
 * The first of several arrangements that a predicate may stand for.
 *
 * @throws {RangeError} If none of them may.
 */
export function arrangementOf(
  predicate: PredicateName,
  ...candidates: readonly ArrangementName[]
): ArrangementName {
  const found = candidates.find((name) => predicatesOf(name).includes(predicate));
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot arrange "${predicate}" as any of "${candidates.join('", "')}"`,
  );
}
