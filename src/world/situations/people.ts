/**
 * Ways of acting for people that several situations share.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import type { PredicateName } from "../predicates.ts";
import type { Stage } from "../stage.ts";
import type { Act } from "./situation.ts";

/** Places that are not far away. */
export const FRONT = { range: [0.35, 1] } as const;

/** What somebody has on, each with its probability. */
export type Outfit = Partial<Record<EntityName, number>>;

/** What people have on, by occasion. */
export const AT_HOME: Outfit = { shirt: 0.45 };
export const AT_WORK: Outfit = { jacket: 0.35, shirt: 0.25 };
export const IN_TOWN: Outfit = { jacket: 0.4, shoe: 0.25, hat: 0.15 };
export const SPORTY: Outfit = { helmet: 0.75, shirt: 0.3, shoe: 0.2 };
export const SUMMERY: Outfit = { shirt: 0.35, hat: 0.35 };
export const WINTRY: Outfit = { jacket: 0.5, boot: 0.25 };

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

/** Somebody at the front of a wall who looks at what is on it. */
export function watching(ground: EntityName, thing: EntityName, outfit: Outfit): Act {
  return (stage) => {
    const person = stage.stand(stage.find(ground), stage.somebody(), "standing on");
    dress(stage, person, outfit);
    stage.relate(person, "looking at", stage.find(thing), "lower");
  };
}

/** A chair beyond the table with somebody on or behind it. */
export function diner(
  predicate: "sitting on" | "behind",
  handlings: readonly Handling[],
) {
  return (stage: Stage) => {
    const table = stage.entities.findIndex(({ name }) =>
      name === "table" || name === "desk"
    );
    const chair = stage.beyond(table, "chair", 0.36 * stage.height);
    const person = stage.astride(
      chair,
      stage.somebody(),
      stage.usually(predicate, predicate === "behind" ? "sitting on" : "behind"),
    );
    dress(stage, person, AT_HOME);
    handle(stage, person, handlings);
  };
}

/** Somebody under an umbrella. */
export function sheltered(
  ground: EntityName,
  predicate: "under" | "holding",
  pose: "lying" | "standing",
) {
  return (stage: Stage) => {
    const said = pose === "lying" ? "lying on" : "standing on";
    const person = stage.stand(stage.find(ground), stage.somebody(), said, {
      pose,
      ...FRONT,
    });
    stage.shelter(person, "umbrella", stage.usually(predicate, "under"));
  };
}
