import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Candidates,
  rank,
  type Ranking,
} from "../../../src/eval/matching/ranking.ts";

function candidates(
  pairs: number[][],
  weights: number[],
  scores: number[][],
): Candidates {
  const numPredicates = scores[0].length;
  return {
    subjects: Int32Array.from(pairs, ([subject]) => subject),
    objects: Int32Array.from(pairs, ([, object]) => object),
    starts: Int32Array.from(pairs, (_, q) => q * numPredicates),
    weights: Float64Array.from(weights),
    scores: scores.flat(),
    numPredicates,
  };
}

const triplets = ({ length, subjects, objects, predicates }: Ranking) =>
  Array.from({ length }, (_, i) => `${subjects[i]}${objects[i]}${predicates[i]}`);

const pairs = [[0, 1], [0, 2], [1, 0]];
const scores = [[0.5, 0.25, 0.125], [0.1, 0.6, 0.3], [0.2, 0.2, 0.4]];

Deno.test("rank() takes the best predicate of each pair under the graph constraint", () => {
  // 0.5 x 1, 0.6 x 0.5 = 0.3, 0.4 x 1.
  const all = candidates(pairs, [1, 0.5, 1], scores);
  assertEquals(triplets(rank(all, 1, 100)), ["010", "102", "021"]);
  assertEquals(triplets(rank(all, 1, 2)), ["010", "102"]);
});

Deno.test("rank() ranks all predicates of all pairs without it", () => {
  const all = candidates(pairs, [1, 0.5, 1], scores);
  // 0.5, 0.4, 0.3 (021), 0.25, 0.2 twice (100, 101), 0.15 (022), 0.125, 0.05.
  const expected = ["010", "102", "021", "011", "100", "101", "022", "012", "020"];
  assertEquals(triplets(rank(all, Infinity, 100)), expected);
  assertEquals(triplets(rank(all, Infinity, 4)), expected.slice(0, 4));
  // With two per pair, 012, 020 and the later of the equal 100 and 101 are left out.
  const two = ["010", "102", "021", "011", "100", "022"];
  assertEquals(triplets(rank(all, 2, 100)), two);
});

Deno.test("rank() orders ties by subject, object, predicate", () => {
  const all = candidates(pairs, [1, 1, 1], [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]);
  const expected = ["010", "011", "020", "021", "100", "101"];
  assertEquals(triplets(rank(all, Infinity, 100)), expected);
  assertEquals(triplets(rank(all, Infinity, 3)), expected.slice(0, 3));
  assertEquals(triplets(rank(all, 1, 2)), ["010", "020"]);
});

Deno.test("rank() of no pairs is empty", () => {
  assertEquals(rank(candidates([], [], [[0.5]]), 1, 100).length, 0);
});

Deno.test("rank() gives the same order as sorting all candidates", () => {
  const level = fc.integer({ min: 0, max: 4 });
  const problem = fc.record({
    n: fc.integer({ min: 2, max: 5 }),
    width: fc.integer({ min: 1, max: 6 }),
    perPair: fc.constantFrom(1, 2, 3, Infinity),
    depth: fc.integer({ min: 1, max: 40 }),
    levels: fc.array(level, { minLength: 150, maxLength: 150 }),
  });
  fc.assert(fc.property(problem, ({ n, width, perPair, depth, levels }) => {
    const pairs: number[][] = [];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) if (i !== j) pairs.push([i, j]);
    }
    const scores = pairs.map((_, q) =>
      Array.from({ length: width }, (_, p) => levels[(q * width + p) % levels.length])
    );
    const weights = pairs.map((_, q) => levels[levels.length - 1 - q]);
    const plain = pairs.flatMap(([i, j], q) =>
      scores[q].map((score, p) => ({ name: `${i}${j}${p}`, q, p, score }))
        .sort((a, b) => b.score - a.score || a.p - b.p).slice(0, perPair)
    ).sort((a, b) =>
      weights[b.q] * b.score - weights[a.q] * a.score || a.q - b.q || a.p - b.p
    ).slice(0, depth).map(({ name }) => name);
    const ours = triplets(rank(candidates(pairs, weights, scores), perPair, depth));
    assertEquals(ours, plain);
  }));
});
