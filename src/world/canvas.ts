/**
 * Places the boxes of a scene inside the image so that they hide each other little.
 *
 * @module
 */

import type { Random } from "../random.ts";
import type { Box } from "../scene_graph.ts";
import { bodyOf } from "./anatomy.ts";
import { type EntityName, SIZES } from "./classes.ts";
import type { Pose, SceneEntity } from "./scene.ts";

/** Depth of backdrops, which are painted before all other things. */
export const BACKDROP_DEPTH = -10_000;

/** Random positions tried for one thing; the one that hides the least wins. */
const TRIALS = 8;

/** A thing to place. `x` and `bottom` are its foot in pixels, `scale` is pixels per metre. */
export interface Standing {
  name: EntityName;
  x: number;
  bottom: number;
  scale: number;
  depth: number;
  pose?: Pose;
}

/** The boxes of an unfinished scene. Methods refer to a thing by its index. */
export class Canvas {
  /** The things in the order in which they were added. */
  readonly entities: SceneEntity[] = [];

  /**
   * @param random The only source of chance.
   * @param width Width of the image in pixels.
   * @param height Height of the image in pixels.
   * @param metre Pixels per metre at the lower edge.
   */
  constructor(
    readonly random: Random,
    readonly width: number,
    readonly height: number,
    readonly metre: number,
  ) {}

  protected place(place: Standing): number {
    const { name, scale, depth, pose } = place;
    return this.add(name, this.#boxOf(place), scale, depth, pose);
  }

  #boxOf({ name, x, bottom, scale, pose = "standing" }: Standing): Box {
    const [wide, high] = bodyOf(name, pose);
    const width = SIZES[name][0] * wide * scale;
    const height = SIZES[name][1] * high * scale;
    return [x - width / 2, bottom - height, x + width / 2, bottom];
  }

  /** Draws several places and returns the one whose box hides the other things least. */
  protected leastHidden(draw: () => Standing): Standing {
    let best = draw();
    let least = this.#hiddenBy(best);
    for (let trial = 1; trial < TRIALS && least > 0; trial++) {
      const next = draw();
      const hidden = this.#hiddenBy(next);
      if (hidden < least) [best, least] = [next, hidden];
    }
    return best;
  }

  #hiddenBy(place: Standing): number {
    const [x1, y1, x2, y2] = this.#boxOf(place);
    // The part outside the image counts as hidden.
    let sum = (Math.max(0, -x1) + Math.max(0, x2 - this.width)) * (y2 - y1);
    for (const { box, depth } of this.entities) {
      if (depth < BACKDROP_DEPTH / 2) continue;
      const width = Math.min(x2, box[2]) - Math.max(x1, box[0]);
      const height = Math.min(y2, box[3]) - Math.max(y1, box[1]);
      if (width > 0 && height > 0) sum += width * height;
    }
    return sum;
  }

  protected between(low: number, high: number): number {
    return low < high ? this.random.between(low, high) : (low + high) / 2;
  }

  /** Adds a thing with its box moved into the image and rounded to pixels. */
  protected add(
    name: EntityName,
    box: Box,
    scale: number,
    depth: number,
    pose: Pose = "standing",
  ): number {
    const [x1, x2] = fit(box[0], box[2], this.width);
    const [y1, y2] = fit(box[1], box[3], this.height);
    this.entities.push({
      name,
      box: [x1, y1, x2, y2],
      scale,
      depth,
      pose,
      isMirrored: this.random.chance(0.5),
      tone: this.random.uniform(),
    });
    return this.entities.length - 1;
  }
}

/** Moves a span into [0, size] and rounds it to whole pixels, from 4 to `size` long. */
function fit(from: number, to: number, size: number): [number, number] {
  const length = Math.min(Math.max(Math.round(to - from), 4), size);
  const start = Math.min(Math.max(Math.round(from), 0), size - length);
  return [start, start + length];
}
