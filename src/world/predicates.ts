/**
 * The predicates of the built-in world, grouped by the arrangement of their boxes.
 *
 * @module
 */

/** Names of the predicates, in the order of the vocabulary. */
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
 * The arrangements of a pair and the predicates that each may mean. A detector that sees
 * only the pair can tell arrangements apart, but not the predicates of one arrangement.
 */
export const ARRANGEMENTS = {
  /** The subject's foot is on the object's surface. */
  resting: ["on", "lying on", "growing in"],
  /** As `resting`, and the subject is on its legs. */
  afoot: ["standing on", "walking on", "eating"],
  /** As `resting`, and the subject is on wheels. */
  wheeled: ["parked on", "driving on"],
  /** The subject's lower half covers the object's upper half, or is covered by it. */
  astride: ["sitting on", "riding", "standing on", "behind"],
  /** The object is at the subject's hand. */
  held: ["holding", "carrying", "using"],
  /** As `held`, and the subject faces the object. */
  attended: ["eating", "reading", "looking at", "playing with"],
  /** The subject's box is within the object's. */
  within: ["in", "of", "on"],
  /** The object's box is within the subject's. */
  around: ["wearing", "has", "carrying"],
  /** Side by side. */
  beside: ["next to", "near"],
  /** As `beside`, and the subject is on its legs. */
  together: ["walking", "playing with", "looking at", "near"],
  /** One box covers a part of the other. */
  overlapping: ["in front of", "behind", "near"],
  /** The subject is above the object, with air between. */
  higher: ["above", "flying over"],
  /** The subject is below the object. */
  lower: ["under", "holding", "looking at"],
  /** The subject is flat on an upright surface. */
  upright: ["hanging on", "mounted on", "in", "on"],
} as const satisfies Record<string, readonly PredicateName[]>;

/** Name of an arrangement. */
export type ArrangementName = keyof typeof ARRANGEMENTS;

/** The predicates that an arrangement may mean. */
export function predicatesOf(arrangement: ArrangementName): readonly PredicateName[] {
  return ARRANGEMENTS[arrangement];
}

/**
 * Finds the first of several arrangements that may mean a predicate.
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
    `Cannot arrange "${predicate}" as its arrangement must allow it: found "${
      candidates.join('", "')
    }"`,
  );
}
