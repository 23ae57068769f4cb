import { assertEquals } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { worstImages } from "../../src/eval/worst_images.ts";
import { imageOf } from "./_toy.ts";

/** Predicted rows of pair and the one predicate, best first. */
const predicted = (...pairs: number[]) => ({
  pairs,
  predicateScores: Array.from({ length: pairs.length / 2 }, (_, i) => 1 / (i + 2)),
});

Deno.test("worstImages() has the least recall first, then the most misses", () => {
  const evaluator = new RecallEvaluator("motifs", { task: "predcls", ks: [1, 2] });
  const rows: [number, number, number][] = [[0, 1, 0], [1, 2, 0], [2, 0, 0]];
  const image = (id: string, count: number) =>
    imageOf([0, 1, 2], rows.slice(0, count), { id });
  // Two of three, both of two, none of one, none of two; an image without relations.
  evaluator.add(image("two of three", 3), predicted(0, 1, 1, 2, 2, 0));
  evaluator.add(image("all", 2), predicted(0, 1, 1, 2));
  evaluator.add(image("none of one", 1), predicted(2, 1, 1, 0));
  evaluator.add(image("none of two", 2), predicted(2, 1, 1, 0, 0, 1));
  evaluator.add(image("empty", 0), predicted(0, 1));
  const worst = worstImages(evaluator, 3);
  assertEquals(
    worst.map(({ image, metric, k, hits, rows }) => [image, metric, k, hits, rows]),
    [
      ["none of two", "R", 2, 0, 2],
      ["none of one", "R", 2, 0, 1],
      ["two of three", "R", 2, 2, 3],
    ],
  );
  const missed = worst.map(({ missed }) =>
    missed.map((row) => [row.subject, row.object])
  );
  assertEquals(missed, [[[0, 1], [1, 2]], [[0, 1]], [[2, 0]]]);
});

Deno.test("worstImages() has none if no recall of all rows was computed", () => {
  const options = { task: "predcls", ks: [1], metrics: "mR", numPredicates: 1 } as const;
  const evaluator = new RecallEvaluator("motifs", options);
  evaluator.add(imageOf([0, 1], [[0, 1, 0]]), predicted(1, 0));
  assertEquals(worstImages(evaluator, 3), []);
});
