/**
 * The stage of a scene: people on the scenery, with their clothes and what they hold or
 * ride, and the parts of wholes. Each method adds a thing, places its box as its relation
 * requires, and records the relation.
 *
 * @module
 */

import type { Box } from "../scene_graph.ts";
import { boxOn, handOf, isBoard, partsOf, seatOf, wornOn } from "./anatomy.ts";
import { type EntityName, SIZES } from "./classes.ts";
import { arrangementOf, type PredicateName } from "./predicates.ts";
import type { Pose } from "./scene.ts";
import { Scenery } from "./scenery.ts";

/** Pose of a person on or behind a seat or a mount. */
const ASTRIDE_POSES: Partial<Record<PredicateName, Pose>> = {
  "sitting on": "sitting",
  "riding": "riding",
  "standing on": "perching",
  "behind": "behind",
};

/** An unfinished scene: its boxes and true relations. */
export class Stage extends Scenery {
  /** Weight of each class of people, which the mood sets. */
  people: Partial<Record<EntityName, number>> = { man: 1, woman: 1, child: 1 };

  /** The first of two values with probability 0.9, else the second. */
  usually<T>(first: T, second: T): T {
    return this.random.chance(0.9) ? first : second;
  }

  /** Draws a class of people by the weights of the mood. */
  somebody(): EntityName {
    const names = Object.keys(this.people) as EntityName[];
    return names[this.random.weighted(names.map((name) => this.people[name]!))];
  }

  /** Adds a part of a whole; the relation may go in either direction. */
  part(whole: number, name: EntityName): number | undefined {
    const { name: wholeName, scale, depth } = this.entities[whole];
    const places = partsOf(wholeName, name);
    if (places.length === 0) return undefined;
    const box = boxOn(this.entities[whole], this.random.pick(places));
    const index = this.add(name, box, scale, depth + 0.1);
    this.entities[index].isMirrored = this.entities[whole].isMirrored;
    if (name === "saddle") return this.relate(index, "on", whole, "within");
    if (this.random.chance(0.5)) return this.relate(index, "of", whole, "within");
    this.relate(whole, "has", index, "around");
    return index;
  }

  /** Adds a piece of clothing to a person, unless it is not visible or worn already. */
  wear(person: number, name: EntityName, predicate: PredicateName = "wearing"): void {
    const { pose, scale, depth, isMirrored } = this.entities[person];
    const place = wornOn(pose, name);
    if (place === undefined || this.#has(person, name)) return;
    const index = this.add(
      name,
      boxOn(this.entities[person], place),
      scale,
      depth + 0.2,
    );
    this.entities[index].isMirrored = isMirrored;
    this.relate(person, predicate, index, "around");
  }

  /** Adds a thing that a person holds or uses. */
  hold(person: number, name: EntityName, predicate: PredicateName): number {
    const { pose, scale, depth, isMirrored } = this.entities[person];
    const [hx, hy] = handOf(pose);
    const hand = boxOn(this.entities[person], [hx, hy, hx, hy]);
    const [width, height] = SIZES[name].map((size) => size * scale);
    const x = this.between(
      Math.max(width / 2, hand[0] - 0.1 * width),
      Math.min(this.width - width / 2, hand[0] + 0.1 * width),
    );
    const box: Box = [
      x - width / 2,
      hand[1] - height / 2,
      x + width / 2,
      hand[1] + height / 2,
    ];
    const index = this.add(name, box, scale, depth + 0.3);
    this.entities[index].isMirrored = isMirrored;
    this.relate(person, predicate, index, arrangementOf(predicate, "held", "attended"));
    return index;
  }

  /**
   * Adds a person whose lower half covers the upper half of a seat or a mount, or is
   * covered by it. Sitting, riding and standing behind give the same boxes.
   */
  astride(mount: number, name: EntityName, predicate: PredicateName): number {
    const { name: mountName, box: [x1, y1, x2, y2], scale, depth } = this.entities[mount];
    const pose = isBoard(mountName) ? "standing" : ASTRIDE_POSES[predicate] ?? "sitting";
    const half = 0.5 * scale * SIZES[name][0];
    const slack = Math.max(0.08 * (x2 - x1), (x2 - x1) / 2 - half);
    const isWide = mountName === "couch" || mountName === "bench";
    const middle = (x1 + x2) / 2;
    const reach = isWide ? slack : 0.08 * (x2 - x1);
    const place = this.leastHidden(() => ({
      name,
      x: this.between(middle - reach, middle + reach),
      bottom: y1 + seatOf(mountName) * (y2 - y1),
      scale,
      depth: depth + (predicate === "behind" ? -0.6 : 0.6),
      pose,
    }));
    const index = this.settle(place, mount, predicate, "astride");
    if (!isWide) this.entities[index].isMirrored = this.entities[mount].isMirrored;
    return index;
  }

  /** Adds a roof over a person, such as an umbrella. */
  shelter(person: number, name: EntityName, predicate: PredicateName): number {
    const { box: [x1, y1, x2, y2], scale, depth } = this.entities[person];
    const [width, height] = SIZES[name].map((size) => size * scale);
    const x = (x1 + x2) / 2 + this.random.between(-0.1, 0.1) * width;
    const top = y1 - this.random.between(0.3, 0.45) * height;
    const box: Box = [x - width / 2, top, x + width / 2, Math.min(top + height, y2)];
    const index = this.add(name, box, scale, depth - 0.3);
    this.relate(person, predicate, index, "lower");
    return index;
  }

  #has(person: number, name: EntityName): boolean {
    return this.relations.some(({ subject, object }) =>
      subject === person && this.entities[object].name === name
    );
  }
}
