/**
 * Acts of things and animals that several situations share.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import type { PredicateName } from "../predicates.ts";
import type { Pose } from "../scene.ts";
import type { Stage } from "../stage.ts";
import type { Act } from "./situation.ts";

/** Adds an animal or a vehicle on a ground, perhaps with one of its parts. */
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

/** Adds one of several things on a surface, such as a table. */
export function laid(support: EntityName, ...names: readonly EntityName[]): Act {
  return (stage) => {
    stage.on(stage.find(support), stage.random.pick(names));
  };
}

/** Adds a dish on a surface, with a thing in or on it. */
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

/** Adds a thing in the background of a ground, such as a plant. */
export function rooted(
  ground: EntityName,
  name: EntityName,
  predicate: PredicateName = "growing in",
) {
  return (stage: Stage) => {
    stage.stand(stage.find(ground), name, predicate, { range: [0, 0.3] });
  };
}

/** Adds a bird or a kite in the air above a thing. */
export function airborne(base: EntityName, name: EntityName, predicate: PredicateName) {
  return (stage: Stage) => {
    stage.above(stage.find(base), name, predicate);
  };
}

/** Adds a wall from the upper edge to `bottom`, perhaps with one thing on it. */
export function wall(stage: Stage, bottom: number, things: readonly EntityName[]): void {
  const index = stage.backdrop("wall", [0, 0, 1, bottom]);
  if (things.length > 0 && stage.random.chance(0.7)) {
    onWall(stage, index, stage.random.pick(things));
  }
}

/** Adds a thing on a wall. */
export function onWall(stage: Stage, index: number, name: EntityName): void {
  const predicate = name === "window"
    ? "in"
    : name === "tv" || name === "monitor"
    ? "mounted on"
    : name === "mirror"
    ? "on"
    : "hanging on";
  stage.within(index, name, predicate, "upright", 0.8 * stage.metre);
}
