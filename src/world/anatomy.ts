/**
 * Places of parts, clothes and hands on a thing, as fractions of its box. The places of a
 * thing that looks to the left are mirrored.
 *
 * @module
 */

import type { Box } from "../scene_graph.ts";
import { type EntityName, isPerson } from "./classes.ts";
import type { Pose, SceneEntity } from "./scene.ts";

/** Left, top, right, bottom as fractions of a box. */
export type Fractions = readonly [number, number, number, number];

const WHEELS: readonly Fractions[] = [[0.08, 0.62, 0.3, 1], [0.7, 0.62, 0.92, 1]];
const CYCLE_WHEELS: readonly Fractions[] = [[0, 0.4, 0.38, 1], [0.62, 0.4, 1, 1]];

/** The visible parts of each class, with all places of each part. */
const PARTS: Partial<
  Record<EntityName, Partial<Record<EntityName, readonly Fractions[]>>>
> = {
  car: { wheel: WHEELS },
  truck: { wheel: WHEELS },
  bus: { wheel: [[0.12, 0.76, 0.25, 1], [0.75, 0.76, 0.88, 1]] },
  bicycle: { wheel: CYCLE_WHEELS },
  motorcycle: { wheel: CYCLE_WHEELS },
  horse: {
    head: [[0.76, 0, 1, 0.34]],
    tail: [[0, 0.3, 0.13, 0.78]],
    saddle: [[0.36, 0.24, 0.58, 0.46]],
  },
  cow: { head: [[0.76, 0.04, 1, 0.42]], tail: [[0, 0.26, 0.1, 0.74]] },
  zebra: { head: [[0.76, 0, 1, 0.36]], tail: [[0, 0.3, 0.1, 0.72]] },
  sheep: { head: [[0.74, 0.1, 1, 0.52]] },
  dog: { head: [[0.68, 0, 1, 0.44]], tail: [[0, 0.06, 0.16, 0.5]] },
  elephant: { head: [[0.66, 0.08, 1, 0.62]], tail: [[0, 0.32, 0.08, 0.72]] },
  giraffe: { head: [[0.72, 0, 1, 0.14]], tail: [[0, 0.46, 0.1, 0.74]] },
};

/** Places of a part on a whole; empty if the whole lacks the part. */
export function partsOf(whole: EntityName, part: EntityName): readonly Fractions[] {
  return PARTS[whole]?.[part] ?? [];
}

const UPRIGHT: Partial<Record<EntityName, Fractions>> = {
  hat: [0.22, 0, 0.78, 0.09],
  helmet: [0.24, 0, 0.76, 0.11],
  shirt: [0.1, 0.18, 0.9, 0.54],
  jacket: [0.06, 0.18, 0.94, 0.6],
  shoe: [0.44, 0.94, 0.86, 1],
  boot: [0.44, 0.91, 0.86, 1],
  backpack: [0.02, 0.2, 0.4, 0.5],
};

const SEATED: Partial<Record<EntityName, Fractions>> = {
  hat: [0.22, 0, 0.78, 0.13],
  helmet: [0.24, 0, 0.76, 0.15],
  shirt: [0.1, 0.25, 0.9, 0.72],
  jacket: [0.06, 0.25, 0.94, 0.78],
  shoe: [0.44, 0.92, 0.86, 1],
  boot: [0.44, 0.88, 0.86, 1],
  backpack: [0.02, 0.28, 0.4, 0.66],
};

const LYING: Partial<Record<EntityName, Fractions>> = {
  hat: [0.86, 0, 1, 0.6],
  helmet: [0.86, 0, 1, 0.6],
  shirt: [0.46, 0.2, 0.84, 1],
  jacket: [0.42, 0.2, 0.84, 1],
};

const CLOTHES: Record<Pose, Partial<Record<EntityName, Fractions>>> = {
  standing: UPRIGHT,
  walking: UPRIGHT,
  sitting: SEATED,
  perching: UPRIGHT,
  riding: SEATED,
  behind: SEATED,
  lying: LYING,
};

/** Place of a piece of clothing in a pose; `undefined` if it is not visible. */
export function wornOn(pose: Pose, clothing: EntityName): Fractions | undefined {
  return CLOTHES[pose][clothing];
}

/** Place of the hand, as fractions of the box. */
export function handOf(pose: Pose): readonly [number, number] {
  if (pose === "lying") return [0.7, 0.3];
  return CLOTHES[pose] === UPRIGHT ? [0.94, 0.48] : [0.94, 0.62];
}

/** How far down the rider reaches on a mount or seat, as a fraction of its height. */
export function seatOf(mount: EntityName): number {
  switch (mount) {
    case "horse":
      return 0.66;
    case "skateboard":
    case "snowboard":
    case "surfboard":
      return 0.5;
    case "boat":
      return 0.7;
    default:
      return 0.8;
  }
}

/** True for boards, which are ridden standing. */
export function isBoard(name: EntityName): boolean {
  return name === "skateboard" || name === "snowboard" || name === "surfboard";
}

/** Width and height of a body (or towel) in a pose, relative to standing. */
export function bodyOf(name: EntityName, pose: Pose): readonly [number, number] {
  if (pose === "lying") {
    if (name === "towel") return [4.4, 0.6];
    return isPerson(name) ? [2.6, 0.28] : [1, 0.75];
  }
  if (pose === "standing" || pose === "walking") return [1, 1];
  return isPerson(name) ? [1.05, 0.72] : [1, 0.9];
}

/** Converts a place on a whole to pixels. */
export function boxOn(whole: SceneEntity, place: Fractions): Box {
  const [x1, y1, x2, y2] = whole.box;
  const [left, right] = whole.isMirrored
    ? [1 - place[2], 1 - place[0]]
    : [place[0], place[2]];
  const width = x2 - x1;
  const height = y2 - y1;
  return [
    x1 + left * width,
    y1 + place[1] * height,
    x1 + right * width,
    y1 + place[3] * height,
  ];
}
