/**
 * Gives every end of an arrow a place of its own at the edge of its node.
 *
 * @module
 */

import type { Point, Rect } from "./_svg.ts";

/** An arrow between two nodes, one above the other. */
export interface Link {
  /** The node where it begins. */
  from: Rect;
  /** The node where it ends. */
  to: Rect;
  /** Points on its way, in order. */
  between: readonly Point[];
}

/** An end of an arrow at a node. */
interface End {
  /** Index of the arrow. */
  link: number;
  isStart: boolean;
  /** Where the arrow comes from or goes to, left or right. */
  x: number;
}

/**
 * Joins arrows to their nodes. The ends at one side of a node stand side by side, in the
 * order of where the arrows come from or go to, so that they neither pile up nor cross.
 *
 * @param links The arrows.
 * @returns For each, all points of its way, from the edge of the one node to the other.
 */
export function joinAtPorts(links: readonly Link[]): Point[][] {
  const sides = new Map<Rect, { top: End[]; bottom: End[] }>();
  const endsAt = (node: Rect) => {
    if (!sides.has(node)) sides.set(node, { top: [], bottom: [] });
    return sides.get(node)!;
  };
  for (const [link, { from, to, between }] of links.entries()) {
    const isDown = from.y < to.y;
    const first = between[0]?.[0] ?? centerOf(to);
    const last = between.at(-1)?.[0] ?? centerOf(from);
    endsAt(from)[isDown ? "bottom" : "top"].push({ link, isStart: true, x: first });
    endsAt(to)[isDown ? "top" : "bottom"].push({ link, isStart: false, x: last });
  }
  const lines = links.map(({ between }) => [...between]);
  for (const [node, { top, bottom }] of sides) {
    for (const [ends, y] of [[top, node.y], [bottom, node.y + node.height]] as const) {
      ends.sort((a, b) => a.x - b.x || a.link - b.link);
      for (const [i, { link, isStart }] of ends.entries()) {
        const port: Point = [node.x + node.width * (i + 1) / (ends.length + 1), y];
        if (isStart) lines[link].unshift(port);
        else lines[link].push(port);
      }
    }
  }
  return lines;
}

function centerOf({ x, width }: Rect): number {
  return x + width / 2;
}
