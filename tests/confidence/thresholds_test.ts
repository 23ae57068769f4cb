import { assertEquals } from "@std/assert";
import { bestThresholds, LEAST_RIGHT } from "../../src/confidence/thresholds.ts";
import { assertClose } from "../_assert.ts";

/** Relations from rows of predicate, score and whether it is annotated. */
function relations(annotated: number[], ...rows: [number, number, number][]) {
  return {
    predicates: rows.map(([predicate]) => predicate),
    scores: rows.map(([, score]) => score),
    isRight: rows.map(([, , isRight]) => isRight),
    annotated,
  };
}

/** `count` right relations of a predicate with scores from `first`, falling by 0.01. */
const right = (predicate: number, first: number, count: number) =>
  Array.from(
    { length: count },
    (_, i): [number, number, number] => [predicate, first - i / 100, 1],
  );

Deno.test("bestThresholds() has the best F1 of each predicate, or that of all if it is rare", () => {
  assertEquals(LEAST_RIGHT, 10);
  const { thresholds, own } = bestThresholds(relations(
    [10, 5, 0],
    ...right(0, 0.9, 10), // 0.9 ... 0.81: F1 = 20 / (10 + 10)
    [0, 0.5, 0], // F1 = 20 / (11 + 10)
    [0, 0.4, 0],
    ...right(1, 0.3, 5), // of all, with two wrong ones: F1 = 30 / (17 + 15)
    [2, 0.2, 0],
  ));
  // Of all, the best before these five was 20 / (10 + 15).
  assertClose(thresholds, [0.81, 0.26, 0.26], 1e-7);
  assertEquals(own, [true, false, false]);
});

Deno.test("bestThresholds() goes on where the next right ones are worth the wrong ones", () => {
  // 10 right: 20 / (10 + 30) = 0.5; then 5 wrong and 15 right: 50 / (30 + 30) = 0.83.
  const { thresholds } = bestThresholds(relations(
    [30],
    ...right(0, 0.9, 10),
    ...Array.from({ length: 5 }, (): [number, number, number] => [0, 0.5, 0]),
    ...right(0, 0.4, 15),
  ));
  assertClose(thresholds, [0.4 - 0.14], 1e-7);
});

Deno.test("bestThresholds() takes equal scores together", () => {
  // 10 right: 20 / (10 + 11) = 0.95. With the tie of one right and three wrong ones
  // 22 / (14 + 11) = 0.88; the right one alone would give 22 / (11 + 11).
  const { thresholds } = bestThresholds(relations(
    [11],
    ...right(0, 0.8, 10),
    [0, 0.6, 1],
    [0, 0.6, 0],
    [0, 0.6, 0],
    [0, 0.6, 0],
  ));
  assertClose(thresholds, [0.71], 1e-7);
});

Deno.test("bestThresholds() is 1 where nothing is right", () => {
  const none = bestThresholds(relations([3, 0], [0, 0.9, 0], [1, 0.3, 0]));
  assertEquals([...none.thresholds, ...none.own], [1, 1, false, false]);
  assertEquals([...bestThresholds(relations([0])).thresholds], [1]);
});
