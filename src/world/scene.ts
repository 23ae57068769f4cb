/**
 * A scene of the built-in world: everything that is true in it, annotated or not.
 *
 * @module
 */

import type { Box } from "../scene_graph.ts";
import type { EntityName } from "./classes.ts";
import type { ArrangementName, PredicateName } from "./predicates.ts";

/** How a person or an animal holds itself; things stand. */
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
  /** What it is. */
  name: EntityName;
  /** Where it is, in whole pixels. */
  box: Box;
  /** Pixels per metre where it stands. */
  scale: number;
  /** Painters draw smaller depths first. */
  depth: number;
  /** For the drawing alone. */
  pose: Pose;
  /** Whether it looks to the left; for the drawing alone. */
  isMirrored: boolean;
  /** Chooses among the colours of its class, 0 to 1; for the drawing alone. */
  tone: number;
}

/** One true relation of a scene. */
export interface SceneRelation {
  /** Index of the subject among the entities. */
  subject: number;
  /** Index of the object among the entities. */
  object: number;
  /** What holds between them. */
  predicate: PredicateName;
  /** How their boxes lie. */
  arrangement: ArrangementName;
}

/** Everything that is true in one image. */
export interface Scene {
  /** Name of the image, unique in its dataset. */
  id: string;
  /** Name of the situation, such as "kitchen table". */
  situation: string;
  /** What goes on in it, such as "breakfast". */
  mood: string;
  /** Width of the image in pixels. */
  width: number;
  /** Height of the image in pixels. */
  height: number;
  /** The things, 5 to 25 of them. */
  entities: SceneEntity[];
  /** All relations between them, at most one for each ordered pair. */
  relations: SceneRelation[];
}
