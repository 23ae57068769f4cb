import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  firstMatches,
  matchEntities,
  NEVER,
  overlapOf,
} from "../../../src/eval/matching/hits.ts";
import { smallerOverlap } from "../../../src/eval/matching/overlaps.ts";
import { PROTOCOLS } from "../../../src/eval/protocol.ts";
import type { Ranking } from "../../../src/eval/matching/ranking.ts";

const list = (...triplets: number[][]): Ranking => ({
  length: triplets.length,
  subjects: triplets.map(([subject]) => subject),
  objects: triplets.map(([, object]) => object),
  predicates: triplets.map(([, , predicate]) => predicate),
});

Deno.test("overlapOf() divides by the union or by the enclosing box", () => {
  // Boxes of 10 x 10 pixels, shifted by 5: intersection 5 x 10.
  const a = [0, 0, 9, 9], b = [5, 0, 14, 9];
  assertAlmostEquals(overlapOf(a, 0, b, 0, "union", 1), 50 / 150, 1e-15);
  assertAlmostEquals(overlapOf(a, 0, b, 0, "enclosing", 1), 50 / 150, 1e-15);
  // Shifted by 5 in both directions: intersection 5 x 5, union 175, enclosing box 15 x 15.
  const c = [5, 5, 14, 14];
  assertAlmostEquals(overlapOf(a, 0, c, 0, "union", 1), 25 / 175, 1e-15);
  assertAlmostEquals(overlapOf(a, 0, c, 0, "enclosing", 1), 25 / 225, 1e-15);
  // Without the last pixel: intersection 4 x 4, union 81 + 81 - 16.
  assertAlmostEquals(overlapOf(a, 0, c, 0, "union", 0), 16 / 146, 1e-15);
});

Deno.test("overlapOf() of boxes side by side or with negative coordinates", () => {
  assertEquals(overlapOf([0, 0, 9, 9], 0, [10, 0, 19, 9], 0, "union", 1), 0);
  assertEquals(overlapOf([0, 0, 10, 10], 0, [10, 0, 20, 10], 0, "union", 0), 0);
  assertEquals(overlapOf([-10, -10, -1, -1], 0, [-10, -10, -1, 9], 0, "union", 1), 0.5);
  assertEquals(overlapOf([5, 5, 5, 5], 0, [5, 5, 5, 5], 0, "union", 1), 1);
});

Deno.test("matchEntities() needs equal classes and at least the threshold", () => {
  const truth = { boxes: [0, 0, 9, 9, 0, 0, 9, 19], labels: [1, 2] };
  const predicted = { boxes: [0, 0, 9, 9, 0, 0, 9, 9], labels: [1, 2] };
  const matches = matchEntities(predicted, truth, PROTOCOLS.motifs);
  assertEquals([...matches], [1, 0, 0, 0.5]);
  const strict = { ...PROTOCOLS.motifs, threshold: 0.51 };
  assertEquals([...matchEntities(predicted, truth, strict)], [1, 0, 0, 0]);
});

/** Two predicted, two true entities; each prediction matches its own. */
const IDENTITY = smallerOverlap(Float64Array.of(1, 0, 0, 1), 2);

Deno.test("firstMatches() lets one candidate hit repeated rows, or only one of them", () => {
  const rows = Int32Array.of(0, 1, 3, 0, 1, 3, 1, 0, 3);
  const ranking = list([0, 1, 2], [0, 1, 3], [0, 1, 3]);
  const many = firstMatches(ranking, rows, IDENTITY, "many-to-one");
  assertEquals([...many], [1, 1, NEVER]);
  const one = firstMatches(ranking, rows, IDENTITY, "one-to-one");
  assertEquals([...one], [1, 2, NEVER]);
});

Deno.test("firstMatches() gives the greatest of the smaller overlaps first (one-to-one)", () => {
  // Prediction 0 matches true 0 by 0.6 and true 1 by 0.9; prediction 1 matches true 2.
  const matches = Float64Array.of(0.6, 0.9, 0, 0, 0, 0.7);
  const rows = Int32Array.of(0, 2, 0, 1, 2, 0);
  const ranking = list([0, 1, 0], [0, 1, 0]);
  // min(0.9, 0.7) = 0.7 goes before min(0.6, 0.7) = 0.6.
  const ranks = firstMatches(ranking, rows, smallerOverlap(matches, 3), "one-to-one");
  assertEquals([...ranks], [1, 0]);
});

Deno.test("firstMatches() takes any predicate if a row names none", () => {
  const rows = Int32Array.of(0, 1, -1);
  const ranks = firstMatches(
    list([1, 0, 4], [0, 1, 4]),
    rows,
    IDENTITY,
    "many-to-one",
  );
  assertEquals([...ranks], [1]);
});
