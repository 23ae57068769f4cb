/**
 * Compares the graph of the page with that of Deno.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { SceneGraph } from "../../mod.ts";
import { assertClose } from "../_assert.ts";

type Graph = Pick<SceneGraph, "entities" | "relations">;

/** Asserts the same labels and relations, with scores within a tolerance. */
export function assertSameGraph(found: Graph, expected: Graph, tolerance = 1e-4): void {
  const labels = ({ entities }: Graph) => entities.map(({ label }) => label);
  assertEquals(labels(found), labels(expected));
  // Relations of nearly equal scores may change places, and the last one drops out.
  const byName = ({ relations }: Graph) =>
    new Map(relations.map((each) => [
      `${each.subject} ${each.predicate} ${each.object}`,
      each.score,
    ]));
  const [mine, other] = [byName(found), byName(expected)];
  const least = Math.min(...other.values()) + tolerance;
  for (const [name, score] of other) {
    if (score > least) assertClose([mine.get(name) ?? NaN], [score], tolerance, name);
  }
  assertEquals(mine.size, other.size);
  const scores = ({ entities }: Graph) => entities.map(({ score }) => score);
  assertClose(scores(found), scores(expected), tolerance, "labels");
  const boxes = ({ entities }: Graph) => entities.flatMap(({ box }) => [...box]);
  assertClose(boxes(found), boxes(expected), 100 * tolerance, "boxes");
}
