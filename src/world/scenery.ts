/**
 * The scenery of a scene: grounds, furniture and the things on, in, above or beside them.
 * Each method adds a thing, places its box as its relation requires, and records the
 * relation.
 *
 * @module
 */

import type { Box } from "../scene_graph.ts";
import { bodyOf, type Fractions } from "./anatomy.ts";
import { BACKDROP_DEPTH, Canvas, type Standing } from "./canvas.ts";
import { type EntityName, SIZES, surfaceOf } from "./classes.ts";
import { type ArrangementName, arrangementOf, type PredicateName } from "./predicates.ts";
import type { Pose, SceneRelation } from "./scene.ts";

/** An unfinished scene without people: its boxes and true relations. */
export class Scenery extends Canvas {
  /** The true relations so far. */
  readonly relations: SceneRelation[] = [];
  readonly #footing: (number | undefined)[] = [];

  /** Index of the first thing of a class; throws a `RangeError` if there is no such thing. */
  find(name: EntityName): number {
    const index = this.entities.findIndex((entity) => entity.name === name);
    if (index < 0) {
      throw new RangeError(`Cannot find "${name}" in the scene: it must be added first`);
    }
    return index;
  }

  /** Adds a ground, a wall or a far thing; its place is in fractions of the image. */
  backdrop(name: EntityName, place: Fractions): number {
    const [x1, y1, x2, y2] = place;
    const jitter = () => this.random.between(-0.02, 0.02) * this.height;
    const y = (fraction: number) =>
      fraction === 0 || fraction === 1
        ? fraction * this.height
        : fraction * this.height + jitter();
    const box: Box = [x1 * this.width, y(y1), x2 * this.width, y(y2)];
    return this.add(name, box, this.metre, BACKDROP_DEPTH + this.entities.length);
  }

  /**
   * Adds large furniture in the foreground.
   *
   * @param name Its class.
   * @param place Its box in fractions of the image.
   * @param metre Pixels per metre for the things on it.
   */
  front(name: EntityName, place: Fractions, metre: number): number {
    const index = this.backdrop(name, place);
    this.entities[index].scale = metre;
    this.entities[index].depth = this.entities[index].box[3];
    return index;
  }

  /** Adds a thing that stands on a ground; it is smaller further away. */
  stand(
    ground: number,
    name: EntityName,
    predicate: PredicateName,
    options: { pose?: Pose; range?: readonly [number, number] } = {},
  ): number {
    const { pose = "standing", range = [0, 1] } = options;
    const [, top, , bottom] = this.entities[ground].box;
    const [first, last] = surfaceOf(this.entities[ground].name);
    const place = this.leastHidden(() => {
      const share = first + (last - first) * this.random.between(...range);
      const foot = top + share * (bottom - top);
      const scale = this.metre * (0.45 + 0.55 * share);
      const half = 0.5 * scale * SIZES[name][0] * bodyOf(name, pose)[0];
      const x = this.between(half, this.width - half);
      return { name, x, bottom: foot, scale, depth: foot, pose };
    });
    return this.#rest(place, ground, predicate);
  }

  /** Adds a thing that lies or stands on a surface, such as a table. */
  on(
    support: number,
    name: EntityName,
    predicate: PredicateName = "on",
    pose: Pose = "standing",
  ): number {
    const { box, scale, depth } = this.entities[support];
    const [x1, y1, x2, y2] = box;
    const [first, last] = surfaceOf(this.entities[support].name);
    const half = 0.5 * scale * SIZES[name][0] * bodyOf(name, pose)[0];
    const place = this.leastHidden(() => {
      const share = this.random.between(first, last);
      const x = this.between(x1 + half, x2 - half);
      const bottom = y1 + share * (y2 - y1);
      return { name, x, bottom, scale, depth: depth + 1 + share, pose };
    });
    return this.#rest(place, support, predicate);
  }

  /** Adds a thing behind furniture that hides its lower half. */
  beyond(front: number, name: EntityName, scale: number): number {
    const { box: [x1, y1, x2], depth } = this.entities[front];
    const half = 0.5 * scale * SIZES[name][0];
    const place = this.leastHidden(() => ({
      name,
      x: this.between(x1 + half, x2 - half),
      bottom: y1 + this.random.between(0.45, 0.55) * scale * SIZES[name][1],
      scale,
      depth: depth - 2,
    }));
    return this.settle(place, front, "behind", "overlapping");
  }

  /** Adds a thing that sticks out of a container. */
  inside(container: number, name: EntityName): number {
    const { box: [x1, y1, x2, y2], scale, depth } = this.entities[container];
    const width = 0.8 * (x2 - x1);
    const [w, h] = SIZES[name];
    const height = Math.min(h * scale, width * h / w * 1.6);
    const x = (x1 + x2) / 2;
    const bottom = y1 + 0.45 * (y2 - y1);
    const box: Box = [x - width / 2, bottom - height, x + width / 2, bottom];
    const index = this.add(name, box, scale, depth - 0.5);
    return this.relate(index, "in", container, "within");
  }

  /** Adds a thing whose box is within that of a larger one, such as water or a wall. */
  within(
    whole: number,
    name: EntityName,
    predicate: PredicateName,
    arrangement: ArrangementName,
    scale = this.metre,
  ): number {
    const [x1, y1, x2, y2] = this.entities[whole].box;
    const width = Math.min(SIZES[name][0] * scale, 0.9 * (x2 - x1));
    const height = Math.min(SIZES[name][1] * scale, 0.8 * (y2 - y1));
    const place = this.leastHidden(() => ({
      name,
      x: this.between(x1 + width / 2 + 2, x2 - width / 2 - 2),
      bottom: this.between(y1 + height + 2, y2 - 2 - 0.15 * (y2 - y1)),
      scale: Math.min(scale, width / SIZES[name][0], height / SIZES[name][1]),
      depth: this.entities[whole].depth + 0.5,
    }));
    return this.settle(place, whole, predicate, arrangement);
  }

  /** Adds a thing at the side of another one, on the same support. */
  beside(
    neighbour: number,
    name: EntityName,
    predicate: PredicateName,
    options: { pose?: Pose; isSubject?: boolean } = {},
  ): number {
    const { pose = "standing", isSubject = true } = options;
    const { box: [x1, , x2, y2], scale, depth } = this.entities[neighbour];
    const half = 0.5 * scale * SIZES[name][0] * bodyOf(name, pose)[0];
    const gap = () => this.random.between(0.05, 0.45) * scale + half;
    const place = this.leastHidden(() => ({
      name,
      x: this.random.chance(0.5) ? x1 - gap() : x2 + gap(),
      bottom: y2 + this.random.between(-0.05, 0.05) * scale,
      scale,
      depth: depth + 0.4,
      pose,
    }));
    const index = this.place(place);
    this.#footing[index] = this.#footing[neighbour];
    const arrangement = arrangementOf(predicate, "together", "beside");
    if (isSubject) this.relate(index, predicate, neighbour, arrangement);
    else this.relate(neighbour, predicate, index, arrangement);
    return index;
  }

  /** Adds a thing in the air above another one. */
  above(base: number, name: EntityName, predicate: PredicateName): number {
    const { box: [x1, y1, x2] } = this.entities[base];
    const scale = 0.8 * this.metre;
    const half = 0.5 * scale * SIZES[name][0];
    const place = this.leastHidden(() => ({
      name,
      x: this.between(x1 + half, x2 - half),
      bottom: this.between(scale * SIZES[name][1] + 2, y1 - 0.1 * scale),
      scale,
      depth: BACKDROP_DEPTH / 2,
    }));
    return this.settle(place, base, predicate, "higher");
  }

  /** Records a relation and returns its subject. */
  relate(
    subject: number,
    predicate: PredicateName,
    object: number,
    arrangement: ArrangementName,
  ): number {
    this.relations.push({ subject, object, predicate, arrangement });
    return subject;
  }

  /** Index of the support of a thing; `undefined` if it has no support. */
  footingOf(index: number): number | undefined {
    return this.#footing[index];
  }

  #rest(place: Standing, support: number, predicate: PredicateName): number {
    const arrangement = arrangementOf(predicate, "resting", "afoot", "wheeled");
    const index = this.settle(place, support, predicate, arrangement);
    this.#footing[index] = support;
    return index;
  }

  /** Adds a thing and its relation to a support, and returns its index. */
  protected settle(
    place: Standing,
    support: number,
    predicate: PredicateName,
    arrangement: ArrangementName,
  ): number {
    const index = this.place(place);
    return this.relate(index, predicate, support, arrangement);
  }
}
