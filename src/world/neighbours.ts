/**
 * Relations by position: things that stand next to, in front of or behind each other.
 *
 * @module
 */

import type { Stage } from "./stage.ts";

/** Probability that a pair that qualifies gets a relation. */
const SPOKEN = 0.5;

/**
 * Adds relations between things on the same support, at most one per five things.
 *
 * @param stage A scene that is otherwise complete.
 */
export function relateNeighbours(stage: Stage): void {
  const { entities, random } = stage;
  const taken = new Set(
    stage.relations.flatMap(({ subject, object }) => [
      subject * entities.length + object,
      object * entities.length + subject,
    ]),
  );
  let left = Math.floor(entities.length / 5);
  for (let i = 0; i < entities.length; i++) {
    for (let j = i + 1; j < entities.length && left > 0; j++) {
      const footing = stage.footingOf(i);
      if (footing === undefined || footing !== stage.footingOf(j)) continue;
      if (taken.has(i * entities.length + j)) continue;
      const a = entities[i].box, b = entities[j].box;
      if (Math.max(a[1], b[1]) >= Math.min(a[3], b[3])) continue;
      const gap = Math.max(a[0], b[0]) - Math.min(a[2], b[2]);
      const scale = Math.min(entities[i].scale, entities[j].scale);
      const [back, front] = entities[i].depth < entities[j].depth ? [i, j] : [j, i];
      const isOverlapping = gap < -0.15 * scale;
      if (gap > 0.6 * scale || !random.chance(SPOKEN)) continue;
      left--;
      if (!isOverlapping) {
        const predicate = gap < 0.25 * scale ? "next to" : "near";
        stage.relate(i, predicate, j, "beside");
      } else if (random.chance(0.5)) {
        stage.relate(front, "in front of", back, "overlapping");
      } else {
        stage.relate(back, "behind", front, "overlapping");
      }
    }
  }
}
