/**
 * What a situation is.
 *
 * A situation sets up its backdrop; its mood decides which things and people come and
 * what they do. The same boxes therefore mean different things in different moods, and
 * only the other things of the image tell which.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import type { Stage } from "../stage.ts";

/** Adds one to seven things to a scene. */
export type Act = (stage: Stage) => void;

/** What goes on in a situation. */
export interface Mood {
  /** Such as "breakfast". */
  name: string;
  /** How likely each person is. */
  people: Partial<Record<EntityName, number>>;
  /** Comes first in every scene of the mood. */
  cues: readonly Act[];
  /** Drawn again and again until the scene has its number of things. */
  acts: readonly Act[];
}

/** A place with its moods, each as likely as the others. */
export interface Situation {
  /** Such as "kitchen table". */
  name: string;
  /** Pixels per metre at the lower edge, as a share of the image's height. */
  metre: number;
  /** Backdrop and furniture that are always there; at least two things. */
  setUp: Act;
  /** What may go on. */
  moods: readonly Mood[];
}
