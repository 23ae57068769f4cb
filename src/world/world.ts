/**
 * The built-in world: any number of annotated scenes from a seed, without downloads. Image
 * k of a split depends only on the seed, the split and k.
 *
 * @module
 */

import { Random } from "../random.ts";
import type { VocabularyData } from "../vocabulary.ts";
import type { Example } from "../example.ts";
import { annotate } from "./annotator.ts";
import { ENTITY_NAMES } from "./classes.ts";
import { predictLabels } from "./detector.ts";
import { relateNeighbours } from "./neighbours.ts";
import { PREDICATE_NAMES } from "./predicates.ts";
import type { Scene } from "./scene.ts";
import { BATHROOM } from "./situations/bathroom.ts";
import { BEACH } from "./situations/beach.ts";
import { FARM } from "./situations/farm.ts";
import { KITCHEN_TABLE } from "./situations/kitchen_table.ts";
import { LIVING_ROOM } from "./situations/living_room.ts";
import { OFFICE } from "./situations/office.ts";
import { PARK } from "./situations/park.ts";
import { SAVANNA } from "./situations/savanna.ts";
import { SNOW_SLOPE } from "./situations/snow_slope.ts";
import { STREET } from "./situations/street.ts";
import type { Situation } from "./situations/situation.ts";
import { Stage } from "./stage.ts";

/** All situations, equally likely. */
export const SITUATIONS: readonly Situation[] = [
  KITCHEN_TABLE,
  LIVING_ROOM,
  OFFICE,
  BATHROOM,
  STREET,
  PARK,
  BEACH,
  FARM,
  SNOW_SLOPE,
  SAVANNA,
];

/** Names of the classes and predicates of the built-in world. */
export const WORLD_VOCABULARY: VocabularyData = {
  entities: ENTITY_NAMES,
  predicates: PREDICATE_NAMES,
};

/** Least and greatest number of things in a scene. */
export const MIN_THINGS = 5, MAX_THINGS = 25;

/** Most things that one act adds: a mount, a rider, three clothes, a part and a tool. */
const MAX_THINGS_OF_ACT = 7;

/** Image sizes in pixels. */
const IMAGE_SIZES = [[640, 480], [600, 450], [800, 600], [640, 427]] as const;

/**
 * Generates the scene of one image.
 *
 * @param seed Any integer.
 * @param split Name of the split, such as `"train"`.
 * @param index Index of the image in its split, from 0.
 * @returns All true labels and relations of the image.
 */
export function generateScene(seed: number, split: string, index: number): Scene {
  const random = new Random(seed, "scene", split, index);
  const situation = random.pick(SITUATIONS);
  const mood = random.pick(situation.moods);
  const [width, height] = random.pick(IMAGE_SIZES);
  const stage = new Stage(random, width, height, situation.metre * height);
  stage.people = mood.people;
  // The smaller of two draws, so most scenes are small and few are crowded.
  const span = MAX_THINGS - MAX_THINGS_OF_ACT - MIN_THINGS + 2;
  const target = MIN_THINGS + Math.min(random.below(span), random.below(span));
  situation.setUp(stage);
  for (const cue of mood.cues) cue(stage);
  while (stage.entities.length < target) random.pick(mood.acts)(stage);
  relateNeighbours(stage);
  return {
    id: `${split}-${String(index).padStart(6, "0")}`,
    situation: situation.name,
    mood: mood.name,
    width,
    height,
    entities: stage.entities,
    relations: stage.relations,
  };
}

/**
 * Generates one image: a scene with annotations and the simulated detector's logits.
 *
 * @param seed Any integer.
 * @param split Name of the split, such as `"train"`.
 * @param index Index of the image in its split, from 0.
 * @returns The image, and its scene for drawings.
 */
export function generateImage(
  seed: number,
  split: string,
  index: number,
): { scene: Scene; example: Example } {
  const scene = generateScene(seed, split, index);
  const annotated = annotate(scene, new Random(seed, "annotator", split, index));
  const logits = predictLabels(scene, new Random(seed, "labels", split, index));
  return { scene, example: { ...annotated, ...logits } };
}

/**
 * Generates the first images of a split on demand.
 *
 * @param seed Any integer.
 * @param split Name of the split, such as `"train"`.
 * @param count Number of images.
 * @param first How many of these to leave out at the beginning; default 0.
 */
export function* worldExamples(
  seed: number,
  split: string,
  count: number,
  first = 0,
): Generator<Example> {
  for (let index = first; index < count; index++) {
    yield generateImage(seed, split, index).example;
  }
}
