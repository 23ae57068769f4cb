/**
 * Smooths the scene graphs of successive frames, so that labels and relations do not blink.
 *
 * @module
 */

import { checkGraph } from "../check_graph.ts";
import { checkOptions } from "../check_options.ts";
import type { Entity, Relation, SceneGraph } from "../scene_graph.ts";
import { showValue } from "../show_value.ts";
import { type Belief, matchTracks, type Track } from "./tracks.ts";

/** Settings of {@linkcode smooth} and {@linkcode GraphSmoother}. */
export interface SmoothOptions {
  /**
   * Weight of the past, from 0 (each frame alone) to below 1. A score is
   * w x its last value + (1 - w) x its value in the frame, where w is the inertia, but at
   * most n / (n + 1) after n frames, so that the first frames weigh the same. Default 0.8,
   * which follows a change within about five frames.
   */
  inertia?: number;
  /** Least intersection over union of an entity's boxes in two frames; default 0.3. */
  minOverlap?: number;
}

/** An entity of a video. */
export interface TrackedEntity extends Entity {
  /** Number of the track: the same in all frames in which the entity was found again. */
  track: number;
}

/** The scene graph of a frame. */
export interface TrackedGraph extends SceneGraph {
  /** The frame's entities, in their order, with smoothed labels and scores. */
  entities: TrackedEntity[];
}

/** Two tracks over the frames that have both. */
interface Pair {
  /** Smoothed scores of their predicates, by name. */
  predicates: Map<string, Belief>;
  /** Number of frames. */
  seen: number;
}

/** An entity that was not seen is forgotten when its past weighs less than this. */
const FORGOTTEN = 0.1;

/** A score that has fallen below this is forgotten. */
const LEAST_SCORE = 1e-4;

/**
 * Smooths the graphs of a video frame by frame, for a camera; {@linkcode smooth} takes all
 * frames at once. It is an exponential moving average along tracks: entities are found again
 * by the overlap of their boxes and by their labels; the score of each label of a track, and
 * of each predicate between two tracks, moves from its last value towards that of the frame,
 * where a label or relation that the frame does not have counts as 0. A track has its best
 * label, a pair its best predicate alone. A frame has its own entities only: one that the detector
 * missed is not drawn from memory. The number of relations is smoothed like a score.
 *
 * @example
 * ```ts
 * import { GraphSmoother, type SceneGraph } from "../../mod.ts";
 * const frame = (label: string, labelIndex: number): SceneGraph => ({
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [{ label, labelIndex, score: 0.6, box: [10, 10, 60, 60] }],
 *   relations: [],
 * });
 * const smoother = new GraphSmoother();
 * smoother.next(frame("dog", 0));
 * const { entities } = smoother.next(frame("cat", 1)); // for a moment
 * if (entities[0].label !== "dog" || entities[0].track !== 0) throw new Error();
 * ```
 */
export class GraphSmoother {
  readonly #inertia: number;
  readonly #minOverlap: number;
  #tracks: Track[] = [];
  #pairs = new Map<string, Pair>();
  #numTracks = 0;
  #numRelations?: number;

  /**
   * Begins a video.
   *
   * @param options How to smooth.
   * @throws {RangeError} If an option is out of its range.
   */
  constructor(options: SmoothOptions = {}) {
    checkOptions(options, "GraphSmoother", {
      inertia: (option) => option.number({ min: 0, below: 1 }),
      minOverlap: (option) => option.number({ min: 0, max: 1 }),
    });
    const { inertia = 0.8, minOverlap = 0.3 } = options;
    this.#inertia = inertia;
    this.#minOverlap = minOverlap;
  }

  /**
   * Smooths the next frame.
   *
   * @param graph The frame's graph, such as `predict` returns.
   * @returns A new graph with the same boxes.
   */
  next(graph: SceneGraph): TrackedGraph {
    checkGraph(graph, "the graph of a frame");
    const tracks = this.#follow(graph.entities);
    const entities = graph.entities.map((entity, i): TrackedEntity => {
      const { known: _, ...rest } = entity;
      const [label, { index: labelIndex, score }] = best(tracks[i].beliefs)!;
      return {
        ...{ ...rest, label, labelIndex, score, track: tracks[i].id },
        ...labelIndex < 0 && { known: false },
      };
    });
    return { ...graph, entities, relations: this.#relate(graph.relations, tracks) };
  }

  /** Continues or begins the tracks of a frame's entities. */
  #follow(entities: readonly Entity[]): Track[] {
    const trackOf = matchTracks(this.#tracks, entities, this.#minOverlap);
    for (const track of this.#tracks) track.missed++;
    const found = entities.map(({ box, label, labelIndex, score }, i): Track => {
      const known = this.#tracks[trackOf[i]];
      const now = new Map([[label, { index: labelIndex, score }]]);
      if (!known) return { id: this.#numTracks++, box, beliefs: now, seen: 1, missed: 0 };
      known.beliefs = this.#average(known.beliefs, now, known.seen);
      return Object.assign(known, { box, seen: known.seen + 1, missed: 0 });
    });
    const isNew = found.filter((_, i) => trackOf[i] < 0);
    this.#tracks = [...this.#tracks, ...isNew]
      .filter(({ missed }) => missed === 0 || this.#inertia ** missed >= FORGOTTEN);
    return found;
  }

  /** Averages the relations of a frame with those of its pairs before. */
  #relate(relations: readonly Relation[], tracks: readonly Track[]): Relation[] {
    const now = new Map<string, Map<string, Belief>>();
    for (const { subject, object, predicate, predicateIndex, score } of relations) {
      const key = `${tracks[subject].id} ${tracks[object].id}`;
      if (!now.has(key)) now.set(key, new Map());
      now.get(key)!.set(predicate, { index: predicateIndex, score });
    }
    const smoothed: Relation[] = [];
    for (const [subject, from] of tracks.entries()) {
      for (const [object, to] of tracks.entries()) {
        if (subject === object) continue;
        const key = `${from.id} ${to.id}`;
        const { predicates, seen } = this.#pairs.get(key) ??
          { predicates: new Map(), seen: 0 };
        const scores = this.#average(predicates, now.get(key) ?? new Map(), seen);
        this.#pairs.set(key, { predicates: scores, seen: seen + 1 });
        const top = best(scores);
        if (!top) continue;
        const [predicate, { index: predicateIndex, score }] = top;
        smoothed.push({ subject, object, predicate, predicateIndex, score });
      }
    }
    this.#forget();
    const count = this.#numRelations ?? relations.length;
    this.#numRelations = this.#inertia * count + (1 - this.#inertia) * relations.length;
    return smoothed.sort((a, b) => b.score - a.score)
      .slice(0, Math.round(this.#numRelations));
  }

  /** Forgets the relations of tracks that are gone. */
  #forget(): void {
    const ids = new Set(this.#tracks.map(({ id }) => id));
    for (const key of this.#pairs.keys()) {
      if (!key.split(" ").every((id) => ids.has(Number(id)))) {
        this.#pairs.delete(key);
      }
    }
  }

  /** The next value of each score, after a number of frames. */
  #average(
    before: ReadonlyMap<string, Belief>,
    now: ReadonlyMap<string, Belief>,
    seen: number,
  ): Map<string, Belief> {
    const weight = Math.min(this.#inertia, seen / (seen + 1));
    const next = new Map<string, Belief>();
    for (const [name, { index }] of [...before, ...now]) {
      const score = weight * (before.get(name)?.score ?? 0) +
        (1 - weight) * (now.get(name)?.score ?? 0);
      if (score >= LEAST_SCORE || now.has(name)) next.set(name, { index, score });
    }
    return next;
  }
}

/**
 * Smooths the graphs of all frames of a video, as {@linkcode GraphSmoother} does.
 *
 * @param graphs The graph of each frame, in order.
 * @param options How to smooth.
 * @returns A graph for each frame, with the frame's boxes.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { type SceneGraph, smooth } from "../../mod.ts";
 * const frame = (label: string, labelIndex: number): SceneGraph => ({
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [{ label, labelIndex, score: 0.6, box: [10, 10, 60, 60] }],
 *   relations: [],
 * });
 * const graphs = smooth([frame("dog", 0), frame("cat", 1), frame("dog", 0)]);
 * if (graphs.some(({ entities }) => entities[0].label !== "dog")) throw new Error();
 * ```
 */
export function smooth(
  graphs: readonly SceneGraph[],
  options: SmoothOptions = {},
): TrackedGraph[] {
  if (!Array.isArray(graphs)) {
    throw new TypeError(
      `Cannot smooth the graphs as they must be a list: found ${showValue(graphs)}`,
    );
  }
  const smoother = new GraphSmoother(options);
  return graphs.map((graph) => smoother.next(graph));
}

/** The first entry with the greatest score. */
function best(beliefs: ReadonlyMap<string, Belief>): [string, Belief] | undefined {
  let top: [string, Belief] | undefined;
  for (const entry of beliefs) if (!top || entry[1].score > top[1].score) top = entry;
  return top;
}
