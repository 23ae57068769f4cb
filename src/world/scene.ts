/**
 * A scene of the built-in world: the truth that annotators and detector see.
 *
 * @module
 */

import type { Box } from "../scene_graph.ts";
import type { EntityName } from "./classes.ts";
import type { ArrangementName, PredicateName } from "./predicates.ts";

/** Pose of a person or an animal; other things stand. */
export type Pose =
  | "standing"
  | "walking"
  | "sitting"
  | "perching"
  | "riding"
  | "lying"
  | "behind";

/** One thing in a scene. */
export interface SceneEntity {
  /** Its class. */
  name: EntityName;
  /** Its box in whole pixels. */
  box: Box;
  /** Pixels per metre at its place. */
  scale: number;
  /** Order of painting: smaller depths first. */
  depth: number;
  /** Its pose, which shapes its box and its drawing. */
  pose: Pose;
  /** Whether it looks to the left. */
  isMirrored: boolean;
  /** Chooses a colour of its class for the drawing, 0 to 1. */
  tone: number;
}

/** One true relation of a scene. */
export interface SceneRelation {
  /** Index of the subject among the entities. */
  subject: number;
  /** Index of the object among the entities. */
  object: number;
  /** The predicate that holds. */
  predicate: PredicateName;
  /** The arrangement of their boxes. */
  arrangement: ArrangementName;
}

/** All true labels and relations of one image. */
export interface Scene {
  /** Name of the image, unique in its dataset. */
  id: string;
  /** Name of the situation, such as "kitchen table". */
  situation: string;
  /** Name of the mood, such as "breakfast". */
  mood: string;
  /** Width of the image in pixels. */
  width: number;
  /** Height of the image in pixels. */
  height: number;
  /** The 5 to 25 things. */
  entities: SceneEntity[];
  /** All relations between them, at most one for each ordered pair. */
  relations: SceneRelation[];
}
