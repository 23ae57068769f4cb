/**
 * Curved arrows between the labels of entities.
 *
 * @module
 */

import { grow } from "./_place.ts";
import { arrowHead, type Point, point, type Rect } from "./_svg.ts";

/** A curved arrow from one label to another. */
export interface ArrowCurve {
  /** The line as path data. */
  line: string;
  /** The head as path data. */
  head: string;
  tip: Point;
  /** The point at a share of the visible way, 0 to 1. */
  at(t: number): Point;
}

/** How far arrows may bend, in shares of their length; those to the left come first. */
const BENDS = [0.16, 0.3, 0.06, 0.45, -0.16, -0.3, -0.45];

/** Number of points at which two arrows are compared. */
const NUM_POINTS = 12;

/** What an arrow has to heed. */
export interface Surroundings {
  /** Width of the drawing. */
  width: number;
  /** Height of the drawing. */
  height: number;
  /** Labels that it should not cross. */
  others: readonly Rect[];
  /** Arrows that it should not run along. */
  earlier: readonly ArrowCurve[];
  /** Length of its head. */
  head: number;
}

/**
 * Draws an arrow between two labels. It begins and ends at their edges, and bends so that
 * it stays in the drawing and keeps away from other labels and earlier arrows.
 *
 * @param from Label of the subject.
 * @param to Label of the object.
 * @param surroundings What to heed.
 */
export function curveBetween(
  from: Rect,
  to: Rect,
  { width, height, others, earlier, head }: Surroundings,
): ArrowCurve {
  const plane = { x: 0, y: 0, width, height };
  const taken = earlier.flatMap(pointsOf);
  let best: ArrowCurve | undefined;
  let least = Infinity;
  for (const [rank, bend] of BENDS.entries()) {
    const curve = bentBy(bend, from, to, head);
    const points = pointsOf(curve);
    const count = (isBad: (p: Point) => boolean) => points.filter(isBad).length;
    const cost = 8 * count((p) => !holds(plane, p)) +
      4 * count((p) => others.some((rect) => holds(rect, p))) +
      count((p) => taken.some((q) => distance(p, q) < head)) + 0.3 * rank;
    if (cost < least) [best, least] = [curve, cost];
  }
  return best!;
}

function bentBy(bend: number, from: Rect, to: Rect, head: number): ArrowCurve {
  const start = middle(from), end = middle(to);
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const control: Point = [
    (start[0] + end[0]) / 2 + bend * dy,
    (start[1] + end[1]) / 2 - bend * dx,
  ];
  const whole = (t: number): Point => {
    const mix = (axis: 0 | 1) =>
      (1 - t) ** 2 * start[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * end[axis];
    return [mix(0), mix(1)];
  };
  // Where it leaves the one label and reaches the other; if they touch, in the middle.
  const steps = Array.from({ length: 101 }, (_, i) => i / 100);
  const first = steps.find((t) => !holds(grow(from, 0.1 * head), whole(t))) ?? 0.5;
  const last = steps.findLast((t) => !holds(grow(to, 0.2 * head), whole(t))) ?? 0.5;
  const [low, high] = first < last ? [first, last] : [0.4, 0.6];
  const at = (t: number) => whole(low + t * (high - low));
  const tip = at(1);
  const length = distance(at(0), tip) || 1;
  const back = Math.max(0, 1 - 0.8 * head / length);
  // The part of a quadratic curve between two of its points is another one.
  const corner = ([0, 1] as const).map((axis) =>
    (1 - low) * (1 - high) * start[axis] +
    (low + high - 2 * low * high) * control[axis] + low * high * end[axis]
  ) as unknown as Point;
  return {
    line: `M${point(at(0))}Q${point(corner)} ${point(tip)}`,
    head: arrowHead(at(back), tip, head),
    tip,
    at,
  };
}

function pointsOf(curve: ArrowCurve): Point[] {
  return Array.from({ length: NUM_POINTS + 1 }, (_, i) => curve.at(i / NUM_POINTS));
}

function middle({ x, y, width, height }: Rect): Point {
  return [x + width / 2, y + height / 2];
}

function holds({ x, y, width, height }: Rect, [px, py]: Point): boolean {
  return px > x && px < x + width && py > y && py < y + height;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
