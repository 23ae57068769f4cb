/**
 * Where the things of a scene are: boxes inside the image, hidden as little as can be.
 *
 * @module
 */

import type { Random } from "../random.ts";
import type { Box } from "../scene_graph.ts";
import { bodyOf } from "./anatomy.ts";
import { type EntityName, SIZES } from "./classes.ts";
import type { Pose, SceneEntity } from "./scene.ts";

/** Backdrops are painted before everything that stands somewhere. */
export const BACKDROP_DEPTH = -10_000;

/** Positions tried for one thing; the one that hides the least is taken. */
const TRIALS = 8;

/** A thing in the making: where its foot is and how large a metre is there. */
export interface Standing {
  name: EntityName;
  x: number;
  bottom: number;
  scale: number;
  depth: number;
  pose?: Pose;
}

/** The boxes of a scene in the making. Things are named by their index. */
export class Canvas {
  /** What has been added, in order. */
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

  /** The place, of several drawn, whose box covers the least of what stands already. */
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
    // What reaches beyond the image counts as hidden.
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

  /** Adds a thing, its box moved into the image and rounded to pixels. */
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

/** Moves a span into [0, size], cuts what is longer, rounds, and keeps 4 pixels. */
function fit(from: number, to: number, size: number): [number, number] {
  const length = Math.min(Math.max(Math.round(to - from), 4), size);
  const start = Math.min(Math.max(Math.round(from), 0), size - length);
  return [start, start + length];
}
