/**
 * Scene graphs as plain data: no tensors, no classes, JSON in and out.
 *
 * @module
 */

import { JsonValue } from "./json_value.ts";

/** A box in pixels: left, top, right, bottom; `x1 < x2` and `y1 < y2`. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** A label with its probability, such as an entity's before context. */
export interface GivenLabel {
  /** Name of the class. */
  label: string;
  /** Its probability, 0 to 1. */
  score: number;
}

/** A node of a scene graph: one detected box with its label. */
export interface Entity {
  /**
   * Name of the class. Where a detector's word stands for several classes of the vocabulary,
   * such as "person" for "man" and "woman", it is that word: the detector has not said which,
   * and a network without pixels cannot see it.
   */
  label: string;
  /**
   * Index of the class in the vocabulary, of a word for several the likeliest of them; -1 if
   * the vocabulary does not have it.
   */
  labelIndex: number;
  /** Probability of the label, 0 to 1; of a word for several classes, of all of them. */
  score: number;
  /** The box in pixels. */
  box: Box;
  /**
   * `false` if the vocabulary does not have the class: the label and its score are the
   * detector's, and the entity has no relations. Absent otherwise.
   */
  known?: false;
  /** The detector's own name of the class and its belief; only of predicted detections. */
  detected?: GivenLabel;
  /**
   * Labels that hold the true one with the probability that was asked for, likeliest first;
   * absent unless it was.
   */
  labels?: GivenLabel[];
  /** The likeliest label of the input; absent in graphs that do not come from a prediction. */
  given?: GivenLabel;
}

/** A directed edge of a scene graph, from a subject entity to an object entity. */
export interface Relation {
  /** Index of the subject among the entities. */
  subject: number;
  /** Index of the object among the entities. */
  object: number;
  /** Name of the predicate. */
  predicate: string;
  /** Index of the predicate in the vocabulary. */
  predicateIndex: number;
  /** Subject probability x predicate probability x object probability, 0 to 1. */
  score: number;
}

/** The entities and relations of one image. */
export interface SceneGraph {
  /** Width of the image in pixels. */
  imageWidth: number;
  /** Height of the image in pixels. */
  imageHeight: number;
  /** The nodes, in the order of the boxes that were given. */
  entities: Entity[];
  /** The edges, by descending score. */
  relations: Relation[];
}

/**
 * What was said of an entity before context: the detector's own word, else the label of the
 * input.
 *
 * @param entity The entity.
 * @returns Label and score; undefined if none is known.
 */
export function labelBefore({ detected, given }: Entity): GivenLabel | undefined {
  return detected ?? given;
}

/**
 * Whether context changed a label: it is neither the class that was given nor the detector's
 * own word. Of a "bicycle" the model may be given the class "bike", which is no change.
 *
 * @param entity The entity.
 *
 * @example
 * ```ts
 * import { isRevised } from "./scene_graph.ts";
 * const entity = { label: "bus", labelIndex: 3, score: 0.8, box: [0, 0, 9, 9] } as const;
 * if (!isRevised({ ...entity, given: { label: "truck", score: 0.5 } })) throw new Error();
 * if (isRevised({ ...entity, given: { label: "bus", score: 0.5 } })) throw new Error();
 * ```
 */
export function isRevised({ label, known, given, detected }: Entity): boolean {
  return known !== false && given !== undefined &&
    ![given.label, detected?.label].includes(label);
}

/** A relation spelled out by its three labels. */
export interface Triplet {
  /** Label of the subject. */
  subject: string;
  /** Name of the predicate. */
  predicate: string;
  /** Label of the object. */
  object: string;
}

/**
 * The three labels of one relation of a graph.
 *
 * @param graph The graph that holds the relation.
 * @param relation One of its relations.
 * @returns The labels of subject, predicate and object.
 *
 * @example
 * ```ts
 * import { type SceneGraph, tripletOf } from "./scene_graph.ts";
 * const graph: SceneGraph = {
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [
 *     { label: "man", labelIndex: 0, score: 1, box: [0, 0, 50, 90] },
 *     { label: "hat", labelIndex: 1, score: 1, box: [10, 0, 40, 20] },
 *   ],
 *   relations: [
 *     { subject: 0, object: 1, predicate: "wearing", predicateIndex: 0, score: 0.9 },
 *   ],
 * };
 * const { subject, predicate, object } = tripletOf(graph, graph.relations[0]);
 * if (`${subject} ${predicate} ${object}` !== "man wearing hat") throw new Error();
 * ```
 */
export function tripletOf(graph: SceneGraph, relation: Relation): Triplet {
  const entities = new JsonValue(graph, "the scene graph").at("entities");
  const labelOf = (end: "subject" | "object") => {
    const index = new JsonValue(relation, "the relation").at(end);
    return entities.at(index.index(entities.items().length)).at("label").string();
  };
  return {
    subject: labelOf("subject"),
    predicate: relation.predicate,
    object: labelOf("object"),
  };
}
