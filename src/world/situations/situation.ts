/**
 * The form of a situation.
 *
 * A situation sets up its backdrop; its mood decides which things and people come and what
 * they do. So the same boxes mean different things in different moods, and only the other
 * things of the image tell the mood.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import type { Stage } from "../stage.ts";

/** Adds one to seven things to a scene. */
export type Act = (stage: Stage) => void;

/** The event of a situation. */
export interface Mood {
  /** Name of the mood, such as "breakfast". */
  name: string;
  /** Weight of each class of people. */
  people: Partial<Record<EntityName, number>>;
  /** Acts that come first in every scene of the mood. */
  cues: readonly Act[];
  /** Acts that are drawn until the scene has enough things. */
  acts: readonly Act[];
}

/** A place with its moods, which are equally likely. */
export interface Situation {
  /** Name of the situation, such as "kitchen table". */
  name: string;
  /** Pixels per metre at the lower edge, as a fraction of the image's height. */
  metre: number;
  /** Adds the backdrop and the furniture of every scene; at least two things. */
  setUp: Act;
  /** The moods. */
  moods: readonly Mood[];
}
