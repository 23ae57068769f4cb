/**
 * The best that can be answered without looking at everything, calculated exactly.
 *
 * @module
 */

import { EDGE_PROBABILITY, NUM_SETS } from "./random_graphs.ts";

/** Probability of k successes in n trials, for k = 0 to n. */
export function binomial(n: number, probability: number): number[] {
  let shares = [1];
  for (let trial = 0; trial < n; trial++) {
    const before = shares;
    shares = Array.from(
      { length: trial + 2 },
      (_, k) => (before[k] ?? 0) * (1 - probability) + (before[k - 1] ?? 0) * probability,
    );
  }
  return shares;
}

/** Accuracy of the most frequent target for every node. */
export function accuracyOfMostFrequent(nodes: number): number {
  return Math.max(...binomial(nodes - 1, EDGE_PROBABILITY / NUM_SETS));
}

/**
 * Highest accuracy that is possible without the edges: of the s other nodes in the node's
 * set, the most probable number is connected with it.
 */
export function accuracyWithoutEdges(nodes: number): number {
  return binomial(nodes - 1, 1 / NUM_SETS).reduce(
    (sum, share, s) => sum + share * Math.max(...binomial(s, EDGE_PROBABILITY)),
    0,
  );
}
