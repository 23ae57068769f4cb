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
 * How two boxes lie to each other, and the predicates that it may stand for: geometry
 * alone tells the arrangements apart, and not the predicates of one arrangement.
 */
export const ARRANGEMENTS = {
  /** The subject's foot is on the object's surface. */
  resting: [
    "on",
    "standing on",
    "walking on",
    "lying on",
    "parked on",
    "driving on",
    "growing in",
    "eating",
  ],
  /** The subject's lower half covers the object's upper half. */
  astride: ["sitting on", "riding", "standing on", "behind"],
  /** The object is at the subject's hand. */
  held: [
    "holding",
    "carrying",
    "using",
    "eating",
    "reading",
    "looking at",
    "playing with",
  ],
  /** The subject's box is within the object's. */
  within: ["in", "of", "on"],
  /** The object's box is within the subject's. */
  around: ["wearing", "has", "carrying"],
  /** Side by side. */
  beside: ["next to", "near", "walking", "playing with", "looking at"],
  /** One covers a part of the other. */
  overlapping: ["in front of", "behind", "near"],
  /** The subject is higher, with air between. */
  higher: ["above", "flying over", "looking at"],
  /** The subject is lower, and the object covers it from above. */
  lower: ["under", "near", "holding"],
  /** Flat on an upright surface. */
  upright: ["hanging on", "mounted on", "in", "on"],
} as const satisfies Record<string, readonly PredicateName[]>;

/** Name of an arrangement. */
export type ArrangementName = keyof typeof ARRANGEMENTS;

/** The predicates that an arrangement may stand for. */
export function predicatesOf(arrangement: ArrangementName): readonly PredicateName[] {
  return ARRANGEMENTS[arrangement];
}
