/**
 * Checks scene graphs that callers give: of a program without types, or of a file.
 *
 * @module
 */

import { JsonValue } from "./json_value.ts";

/** Edges of a box. */
const EDGES = 4;

/**
 * Checks a graph; what it has besides is left alone.
 *
 * @param graph The graph.
 * @param name What it is called in messages.
 * @throws {TypeError | RangeError} If it is none; the message has the place.
 */
export function checkGraph(graph: unknown, name = "the scene graph"): void {
  const root = new JsonValue(graph, name);
  root.object();
  for (const side of ["imageWidth", "imageHeight"]) root.at(side).number({ above: 0 });
  const entities = root.at("entities").items();
  for (const entity of entities) checkEntity(entity);
  for (const relation of root.at("relations").items()) {
    relation.at("subject").index(entities.length);
    relation.at("object").index(entities.length);
    relation.at("predicate").string();
    relation.at("score").number();
  }
}

function checkEntity(entity: JsonValue): void {
  entity.at("label").string();
  entity.at("score").number();
  const box = entity.at("box"), { value } = box;
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const numbers = isList ? Array.from(value as unknown as ArrayLike<unknown>) : [];
  const isBox = numbers.length === EDGES && numbers.every(Number.isFinite);
  if (!isBox) box.refuseKind("a list of 4 numbers, [left, top, right, bottom]");
  for (const key of ["given", "detected"]) {
    const before = entity.at(key);
    if (before.value === undefined) continue;
    before.at("label").string();
    before.at("score").number();
  }
}
