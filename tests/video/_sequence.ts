/**
 * Scenes of the built-in world as videos: things drift, and the simulated detector judges
 * each frame anew, misses a few things and is not exact about boxes.
 *
 * @module
 */

import type { Example } from "../../src/example.ts";
import { Random } from "../../src/random.ts";
import type { Box } from "../../src/scene_graph.ts";
import { entityIndexOf, predicateIndexOf } from "../../src/world/annotator.ts";
import { predictLabels } from "../../src/world/detector.ts";
import type { Scene, SceneEntity } from "../../src/world/scene.ts";
import { generateScene } from "../../src/world/world.ts";

/** Probability that the detector misses a thing in a frame. */
const MISSED = 0.05;

/** Greatest way of a thing from frame to frame, as a share of its width and height. */
const DRIFT = 0.01;

/** Greatest error of a detected edge, as a share of the box's width and height. */
const SHAKE = 0.02;

/** A frame of a video. */
export interface Frame {
  /** Detected boxes and logits, with the true labels and all true relations. */
  example: Example;
  /** For each box the index of its thing, which is the same in all frames. */
  things: number[];
}

/**
 * Generates the frames of a video.
 *
 * @param seed Any integer.
 * @param index Index of the video, from 0.
 * @param numFrames Number of frames.
 */
export function* generateSequence(
  seed: number,
  index: number,
  numFrames: number,
): Generator<Frame> {
  const scene = generateScene(seed, "video", index);
  const random = new Random(seed, "motion", index);
  const ways = scene.entities.map(() => [
    random.between(-DRIFT, DRIFT),
    random.between(-DRIFT, DRIFT),
  ]);
  for (let t = 0; t < numFrames; t++) {
    const seen = [...scene.entities.keys()].filter(() => !random.chance(MISSED));
    // The order of a detector's boxes means nothing.
    const things = random.shuffle(seen);
    const frame = frameOf(scene, things, ({ box: [x1, y1, x2, y2] }, thing) => {
      const sides = [x2 - x1, y2 - y1];
      return [x1, y1, x2, y2].map((edge, k) => {
        const side = sides[k % 2], limit = k % 2 === 0 ? scene.width : scene.height;
        const moved = edge +
          side * (t * ways[thing][k % 2] + random.between(-SHAKE, SHAKE));
        // At least a pixel of the box remains in the image.
        return k < 2
          ? Math.max(0, Math.min(limit - 1, moved))
          : Math.max(1, Math.min(limit, moved));
      }) as unknown as Box;
    });
    yield { things, example: exampleOf(frame, new Random(seed, "labels", index, t)) };
  }
}

/** The part of a scene that the detector sees, with boxes of its own. */
function frameOf(
  scene: Scene,
  things: readonly number[],
  boxOf: (entity: SceneEntity, thing: number) => Box,
): Scene {
  const indexOf = new Map(things.map((thing, i) => [thing, i]));
  return {
    ...scene,
    entities: things.map((thing) => {
      const entity = scene.entities[thing];
      return { ...entity, box: boxOf(entity, thing) };
    }),
    relations: scene.relations.flatMap((relation) => {
      const subject = indexOf.get(relation.subject),
        object = indexOf.get(relation.object);
      if (subject === undefined || object === undefined) return [];
      return [{ ...relation, subject, object }];
    }),
  };
}

/** The frame with all its true relations and what the detector makes of it. */
function exampleOf(frame: Scene, random: Random): Example {
  const { id, width, height, entities, relations } = frame;
  return {
    ...{ id, width, height },
    boxes: Float32Array.from(entities.flatMap(({ box }) => box)),
    entityLabels: Int32Array.from(entities, ({ name }) => entityIndexOf(name)),
    relations: Int32Array.from(
      relations.flatMap(({ subject, object, predicate }) => [
        subject,
        object,
        predicateIndexOf(predicate),
      ]),
    ),
    ...predictLabels(frame, random),
  };
}
