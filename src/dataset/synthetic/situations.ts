/**
 * What a situation is, and the ways of acting that several of them share.
 *
 * A situation sets up its backdrop; its mood decides which things and people come and
 * what they do. The same boxes therefore mean different things in different moods, and
 * only the other things of the image tell which.
 *
 * @module
 */

import type { EntityName } from "./classes.ts";
import type { PredicateName } from "./predicates.ts";
import type { Pose } from "./scene.ts";
import type { Stage } from "./stage.ts";

/** Adds one to five things to a scene. */
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

/** What somebody has on, each with its probability. */
export type Outfit = Partial<Record<EntityName, number>>;

/** Dresses somebody. */
export function dress(stage: Stage, person: number, outfit: Outfit): void {
  for (const [name, probability] of Object.entries(outfit)) {
    if (!stage.random.chance(probability)) continue;
    stage.wear(person, name as EntityName, name === "backpack" ? "carrying" : "wearing");
  }
}

/** What somebody has in the hand and does with it. */
export type Handling = readonly [thing: EntityName, predicate: PredicateName];

/** Somebody on a ground, perhaps with something in the hand. */
export function somebodyOn(
  ground: EntityName,
  predicate: "standing on" | "walking on" | "lying on",
  outfit: Outfit,
  handlings: readonly Handling[] = [],
): Act {
  const poses = {
    "standing on": "standing",
    "walking on": "walking",
    "lying on": "lying",
  } as const;
  return (stage) => {
    const said = stage.usually(
      predicate,
      predicate === "walking on" ? "standing on" : "walking on",
    );
    const person = stage.stand(stage.find(ground), stage.somebody(), said, {
      pose: poses[said],
    });
    dress(stage, person, outfit);
    handle(stage, person, handlings);
  };
}

/** Puts one of several things into somebody's hand, two times of three. */
export function handle(
  stage: Stage,
  person: number,
  handlings: readonly Handling[],
): void {
  if (handlings.length === 0 || !stage.random.chance(0.67)) return;
  const [thing, predicate] = stage.random.pick(handlings);
  stage.hold(person, thing, stage.usually(predicate, "holding"));
}

/** A seat or a mount on a ground with somebody on or behind it. */
export function mounted(
  ground: EntityName,
  mount: EntityName,
  predicate: "riding" | "sitting on" | "behind" | "standing on",
  outfit: Outfit = {},
  options: {
    resting?: PredicateName;
    parts?: readonly EntityName[];
    handlings?: readonly Handling[];
    range?: readonly [number, number];
  } = {},
): Act {
  const { resting = "on", parts = [], handlings = [], range = [0.2, 1] } = options;
  return (stage) => {
    const below = stage.stand(stage.find(ground), mount, resting, { range });
    const otherwise = predicate === "behind" ? "sitting on" : "behind";
    const said = mount.endsWith("board")
      ? predicate
      : stage.usually(predicate, otherwise);
    const person = stage.astride(below, stage.somebody(), said);
    dress(stage, person, outfit);
    if (parts.length > 0 && stage.random.chance(0.6)) {
      stage.part(below, stage.random.pick(parts));
    }
    handle(stage, person, handlings);
  };
}

/** An animal or a vehicle on a ground, perhaps with one of its parts. */
export function standing(
  ground: EntityName,
  names: readonly EntityName[],
  predicate: PredicateName,
  options: {
    otherwise?: PredicateName;
    parts?: readonly EntityName[];
    range?: readonly [number, number];
  } = {},
): Act {
  const { otherwise = predicate, parts = [], range = [0, 1] } = options;
  return (stage) => {
    const said = stage.usually(predicate, otherwise);
    const pose: Pose = said === "lying on"
      ? "lying"
      : said === "walking on"
      ? "walking"
      : "standing";
    const whole = stage.stand(stage.find(ground), stage.random.pick(names), said, {
      pose,
      range,
    });
    if (pose === "lying" || parts.length === 0 || !stage.random.chance(0.5)) return;
    stage.part(whole, stage.random.pick(parts));
  };
}

/** Somebody on a ground with an animal or a toy at the side. */
export function companion(
  ground: EntityName,
  name: EntityName,
  predicate: PredicateName,
  outfit: Outfit = {},
): Act {
  return (stage) => {
    const said = predicate === "walking" ? "walking on" : "standing on";
    const pose = predicate === "walking" ? "walking" : "standing";
    const person = stage.stand(stage.find(ground), stage.somebody(), said, { pose });
    dress(stage, person, outfit);
    stage.beside(person, name, stage.usually(predicate, "near"), {
      pose,
      isSubject: false,
    });
  };
}

/** One of several things on a table or the like. */
export function laid(support: EntityName, ...names: readonly EntityName[]): Act {
  return (stage) => {
    stage.on(stage.find(support), stage.random.pick(names));
  };
}

/** A thing on a table with another one in or on it. */
export function served(
  support: EntityName,
  dish: EntityName,
  ...contents: readonly EntityName[]
): Act {
  return (stage) => {
    const below = stage.on(stage.find(support), dish);
    const content = stage.random.pick(contents);
    if (dish === "plate") stage.on(below, content);
    else stage.inside(below, content);
  };
}

/** Somebody at the front of a wall who looks at what is on it. */
export function watching(ground: EntityName, thing: EntityName, outfit: Outfit): Act {
  return (stage) => {
    const person = stage.stand(stage.find(ground), stage.somebody(), "standing on");
    dress(stage, person, outfit);
    stage.relate(person, "looking at", stage.find(thing), "lower");
  };
}
