import { assertEquals } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { changedImages } from "../../src/eval/helped_images.ts";

/** An image of three boxes with two annotated relations: 0 on 1, 1 on 2. */
const truth = (id: string) => ({
  id,
  width: 100,
  height: 100,
  boxes: Float32Array.of(0, 0, 50, 90, 10, 0, 40, 20, 0, 0, 9, 9),
  entityLabels: Int32Array.of(0, 1, 2),
  relations: Int32Array.of(0, 1, 0, 1, 2, 0),
});

/** Finds the first `hits` annotated relations among its two best. */
const finding = (hits: number) => ({
  pairs: [0, 1, 1, 2, 2, 0, 2, 1],
  predicateScores: [0.6, 0.5, 0.4, 0.3].map((score, i) =>
    i < 2 && i >= hits ? 0.1 : score
  ),
});

Deno.test("changedImages() finds what gained and lost most, without what stayed", () => {
  const options = { task: "predcls", ks: [2, 4], numPredicates: 1 } as const;
  const [system, baseline] = [0, 1].map(() => new RecallEvaluator("motifs", options));
  const found: [id: string, system: number, baseline: number][] = [
    ...[["same", 1, 1], ["gains 1", 2, 1], ["gains 2", 2, 0], ["loses 2", 0, 2]],
    ["loses 1", 1, 2],
  ] as [string, number, number][];
  for (const [id, mine, theirs] of found) {
    system.add(truth(id), finding(mine));
    baseline.add(truth(id), finding(theirs));
  }
  const { helped, hurt } = changedImages(system, baseline, 2, 2);
  assertEquals(helped, [
    { image: "gains 2", metric: "R", k: 2, rows: 2, hits: 2, baseline: 0 },
    { image: "gains 1", metric: "R", k: 2, rows: 2, hits: 2, baseline: 1 },
  ]);
  assertEquals(hurt.map(({ image }) => image), ["loses 2", "loses 1"]);
  assertEquals(changedImages(system, baseline, 1, 2).hurt.length, 1);
  // Among four candidates both find all.
  assertEquals(changedImages(system, baseline, 2, 4), { helped: [], hurt: [] });
});
