/**
 * Reads scene graphs as `predict --json` prints them.
 *
 * @module
 */

import type { JsonValue } from "../json_value.ts";
import type { Box, Entity, Relation } from "../scene_graph.ts";
import type { NamedGraph } from "./write_index.ts";

/**
 * Reads a graph.
 *
 * @param value An object with `image` (or `id`), `imageWidth`, `imageHeight`, `entities`
 * and `relations`.
 * @param index Its place, which names an image without a name.
 * @returns The graph and the name of its image.
 * @throws {RangeError} If a value is missing or out of range; the message names its place.
 */
export function readGraph(value: JsonValue, index: number): NamedGraph {
  const entities = value.at("entities").items().map((entity): Entity => ({
    label: entity.at("label").string(),
    labelIndex: entity.at("labelIndex").optional?.integer() ?? -1,
    score: entity.at("score").optional?.number({ min: 0, max: 1 }) ?? 1,
    box: entity.at("box").numbers(4) as unknown as Box,
  }));
  const relations = value.at("relations").items().map((relation): Relation => ({
    subject: relation.at("subject").index(entities.length),
    object: relation.at("object").index(entities.length),
    predicate: relation.at("predicate").string(),
    predicateIndex: relation.at("predicateIndex").optional?.integer() ?? -1,
    score: relation.at("score").optional?.number({ min: 0, max: 1 }) ?? 1,
  }));
  const name = value.at("image").optional ?? value.at("id").optional;
  return {
    id: name?.string() ?? String(index),
    graph: {
      imageWidth: value.at("imageWidth").number({ above: 0 }),
      imageHeight: value.at("imageHeight").number({ above: 0 }),
      entities,
      relations,
    },
  };
}
