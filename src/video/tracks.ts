/**
 * Finds the entities of earlier frames again in the next frame of a video.
 *
 * @module
 */

import { intersectionOverUnion } from "../overlap.ts";
import type { Entity } from "../scene_graph.ts";

/** An entity over several frames. */
export interface Track {
  /** Number of the track, from 0; no two have the same. */
  readonly id: number;
  /** Where it was seen last. */
  box: Entity["box"];
  /** Smoothed scores of the labels that it had, by name. */
  beliefs: Map<string, Belief>;
  /** Number of frames in which it was seen. */
  seen: number;
  /** Number of frames since it was seen last. */
  missed: number;
}

/** The smoothed score of a label or predicate. */
export interface Belief {
  /** Index in the vocabulary. */
  index: number;
  /** From 0 to 1. */
  score: number;
}

/**
 * Gives each entity of a frame the track that it continues. The pair with the best overlap
 * is joined first, where an overlap counts more the more the track believes in the entity's
 * label: times 1 for a belief of 1, times 1/2 for none.
 *
 * @param tracks Tracks of earlier frames.
 * @param entities Entities of the frame.
 * @param minOverlap Least intersection over union of the boxes.
 * @returns For each entity the index of its track, or -1 if it is new.
 */
export function matchTracks(
  tracks: readonly Track[],
  entities: readonly Entity[],
  minOverlap: number,
): number[] {
  const pairs: { track: number; entity: number; score: number }[] = [];
  tracks.forEach(({ box, beliefs }, track) =>
    entities.forEach((found, entity) => {
      const overlap = intersectionOverUnion(box, 0, found.box, 0);
      if (overlap === 0 || overlap < minOverlap) return;
      const belief = Math.min(1, beliefs.get(found.label)?.score ?? 0);
      pairs.push({ track, entity, score: overlap * (1 + belief) / 2 });
    })
  );
  // The sort is stable, so ties stay in the order of tracks and entities.
  pairs.sort((a, b) => b.score - a.score);
  const trackOf = entities.map(() => -1);
  const isTaken = new Set<number>();
  for (const { track, entity } of pairs) {
    if (trackOf[entity] >= 0 || isTaken.has(track)) continue;
    trackOf[entity] = track;
    isTaken.add(track);
  }
  return trackOf;
}
