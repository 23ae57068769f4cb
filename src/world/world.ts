/**
 * The built-in world: any number of annotated scenes from a seed, without a network or
 * a file. Image k of a split depends on the seed, the split and k alone.
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

/** Every situation; each is as likely as the others. */
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
export const SYNTHETIC_VOCABULARY: VocabularyData = {
  entities: ENTITY_NAMES,
  predicates: PREDICATE_NAMES,
};

/** Fewest and most things in a scene. */
export const FEWEST = 5;
export const MOST = 25;

/** The most things that one act adds: a mount, a rider, three clothes, a part, a tool. */
const LONGEST_ACT = 7;

/** Image sizes in pixels. */
const IMAGE_SIZES = [[640, 480], [600, 450], [800, 600], [640, 427]] as const;

/**
 * The scene behind one image.
 *
 * @param seed Any whole number.
 * @param split Name of the split, such as `"train"`.
 * @param index Number of the image in its split, from 0.
 * @returns Everything that is true in the image.
 */
export function generateScene(seed: number, split: string, index: number): Scene {
  const random = new Random(seed, "scene", split, index);
  const situation = random.pick(SITUATIONS);
  const mood = random.pick(situation.moods);
  const [width, height] = random.pick(IMAGE_SIZES);
  const stage = new Stage(random, width, height, situation.metre * height);
  stage.people = mood.people;
  // The lesser of two draws: many scenes are small, few are crowded.
  const span = MOST - LONGEST_ACT - FEWEST + 2;
  const target = FEWEST + Math.min(random.below(span), random.below(span));
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
 * One image: its scene, annotated, with the simulated detector's logits.
 *
 * @param seed Any whole number.
 * @param split Name of the split, such as `"train"`.
 * @param index Number of the image in its split, from 0.
 * @returns The image and the scene behind it, for drawings.
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
 * The first images of a split, made as they are asked for.
 *
 * @param seed Any whole number.
 * @param split Name of the split, such as `"train"`.
 * @param count How many images.
 */
export function* syntheticExamples(
  seed: number,
  split: string,
  count: number,
): Generator<Example> {
  for (let index = 0; index < count; index++) {
    yield generateImage(seed, split, index).example;
  }
}
