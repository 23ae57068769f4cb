import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  accuracyOfMostFrequent,
  accuracyWithoutEdges,
  binomial,
} from "../../../src/study/graph_labelling/oracles.ts";

Deno.test("binomial() has the probabilities of two throws of a coin", () => {
  assertEquals(binomial(2, 0.5), [0.25, 0.5, 0.25]);
  assertEquals(binomial(0, 0.3), [1]);
});

Deno.test("accuracies without a network, of graphs of two and three nodes", () => {
  // Two nodes: in the same set (1/3) and connected (1/2), or the answer is 0.
  assertAlmostEquals(accuracyOfMostFrequent(2), 5 / 6, 1e-12);
  assertAlmostEquals(accuracyWithoutEdges(2), 2 / 3 + 1 / 3 * 1 / 2, 1e-12);
  // Three: none of the two others in the set (4/9), one (4/9, right by half), both (1/9,
  // one edge of two has a probability of 1/2).
  assertAlmostEquals(accuracyOfMostFrequent(3), 25 / 36, 1e-12);
  assertAlmostEquals(accuracyWithoutEdges(3), 4 / 9 + 2 / 9 + 1 / 18, 1e-12);
});
