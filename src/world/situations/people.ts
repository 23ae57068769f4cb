/**
 * Acts of people that several situations share.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import type { PredicateName } from "../predicates.ts";
import type { Stage } from "../stage.ts";
import type { Act } from "./situation.ts";

/** A range of places in the foreground. */
export const FRONT = { range: [0.35, 1] } as const;

/** The clothes of a person, each with its probability. */
export type Outfit = Partial<Record<EntityName, number>>;

/** Outfits by occasion. */
export const AT_HOME: Outfit = { shirt: 0.45 };
export const AT_WORK: Outfit = { jacket: 0.35, shirt: 0.25 };
export const IN_TOWN: Outfit = { jacket: 0.4, shoe: 0.25, hat: 0.15 };
export const SPORTY: Outfit = { helmet: 0.75, shirt: 0.3, shoe: 0.2 };
export const SUMMERY: Outfit = { shirt: 0.35, hat: 0.35 };
export const WINTRY: Outfit = { jacket: 0.5, boot: 0.25 };

/** Adds the clothes of a person. */
export function dress(stage: Stage, person: number, outfit: Outfit): void {
  for (const [name, probability] of Object.entries(outfit)) {
    if (!stage.random.chance(probability)) continue;
    stage.wear(person, name as EntityName, name === "backpack" ? "carrying" : "wearing");
  }
}

/** A thing in the hand of a person, and the predicate of its use. */
export type Handling = readonly [thing: EntityName, predicate: PredicateName];

/** Adds a person on a ground, perhaps with a thing in the hand. */
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

/** Puts one of several things into the hand of a person with probability 0.67. */
export function handle(
  stage: Stage,
  person: number,
  handlings: readonly Handling[],
): void {
  if (handlings.length === 0 || !stage.random.chance(0.67)) return;
  const [thing, predicate] = stage.random.pick(handlings);
  stage.hold(person, thing, stage.usually(predicate, "holding"));
}

/** Adds a seat or a mount on a ground, with a person on or behind it. */
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

/** Adds a person on a ground, with an animal or a toy at the side. */
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

/** Adds a person on a ground who looks at a thing on the wall. */
export function watching(ground: EntityName, thing: EntityName, outfit: Outfit): Act {
  return (stage) => {
    const person = stage.stand(stage.find(ground), stage.somebody(), "standing on");
    dress(stage, person, outfit);
    stage.relate(person, "looking at", stage.find(thing), "lower");
  };
}

/** Adds a chair behind the table, with a person on or behind it. */
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

/** Adds a person under an umbrella. */
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
