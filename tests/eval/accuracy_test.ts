import { assertEquals } from "@std/assert";
import { accuracyOf } from "../../src/eval/accuracy.ts";
import { imageOf } from "./_toy.ts";

Deno.test("accuracyOf() counts cells and, of right entities, triplets", () => {
  // Annotated: (0, 1) is 0, then 1; the last counts. Two predicates and "no relation".
  const truth = imageOf([4, 5], [[0, 1, 0], [0, 1, 1]]);
  const right = [0, 0, 1], one = [0.1, 0.5, 0.4], zero = [0.5, 0.3, 0.2];
  const prediction = {
    entityProbabilities: [],
    relationProbabilities: [...zero, ...one, ...zero, ...right],
  };
  const expected = {
    entities: 2,
    correctEntities: 2,
    relations: 4, // both diagonal cells count, and are "no relation" whatever they say
    correctRelations: 3, // (1, 0) is said to be predicate 0
    positives: 1,
    correctPositives: 1,
    correctTriplets: 3,
    correctPositiveTriplets: 1,
  };
  assertEquals(accuracyOf(truth, [4, 5], prediction), expected);
  // With one entity wrong, only the cell of the other with itself is a right triplet.
  assertEquals(accuracyOf(truth, [4, 4], prediction), {
    ...expected,
    correctEntities: 1,
    correctTriplets: 1,
    correctPositiveTriplets: 0,
  });
});

Deno.test("accuracyOf() counts only entities if not all pairs are scored", () => {
  const truth = imageOf([4, 5], [[0, 1, 0]]);
  const counts = accuracyOf(truth, [4, 4], { pairs: [], predicateScores: [] });
  assertEquals([counts.entities, counts.correctEntities, counts.relations], [2, 1, 0]);
});
