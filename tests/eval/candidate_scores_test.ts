/** The scores of candidates, image by image. */

import { assertEquals } from "@std/assert";
import { CandidateScores } from "../../src/eval/candidate_scores.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";

/** Two entities side by side; the first stands in the relation 1 to the second. */
const image = (id: string) => ({
  ...{ id, width: 100, height: 100 },
  boxes: Float32Array.of(0, 0, 50, 90, 10, 0, 40, 20),
  entityLabels: Int32Array.of(0, 1),
  relations: Int32Array.of(0, 1, 1),
});

const plain = (of: CandidateScores, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const { predicates, scores } = of.of(i);
    return [[...predicates], [...scores]];
  });

Deno.test("CandidateScores keeps the lists of images, copied and joined", () => {
  const mine = new CandidateScores();
  mine.add({ length: 2, predicates: [3, 1, 9], scores: [0.5, 0.25, 0] });
  mine.add();
  mine.add({ length: 1, predicates: [4] });
  const all = [[[3, 1], [0.5, 0.25]], [[], []], [[4], [NaN]]];
  assertEquals(plain(mine, 3), all);
  const other = new CandidateScores();
  other.copy(mine, 2);
  other.appendColumns(mine.columns());
  assertEquals(plain(other, 4), [all[2], ...all]);
});

Deno.test("RecallEvaluator keeps the scores of its list if it is asked to", () => {
  const make = () =>
    new RecallEvaluator("motifs", { task: "predcls", ks: [1, 2], keepScores: true });
  const evaluator = make();
  // The surest predicate of each pair: 0.8 for (1, 0), 0.75 for (0, 1).
  evaluator.add(image("a"), {
    pairs: [0, 1, 1, 0],
    predicateScores: [0.125, 0.75, 0.8, 0.1],
  });
  evaluator.skip("b");
  const listOf = (of: RecallEvaluator, i: number) => {
    const { predicates, scores } = of.candidatesOf(i)!;
    return [[...predicates], [...scores]];
  };
  const first = [[0, 1], [0.8, 0.75]];
  assertEquals([listOf(evaluator, 0), listOf(evaluator, 1)], [first, [[], []]]);
  const read = make();
  read.addState(evaluator.state());
  read.merge(make().add(image("c"), { triplets: [1, 0, 0], scores: [0.5] }));
  read.reorder(["c", "b", "a"]);
  assertEquals([0, 1, 2].map((i) => listOf(read, i)), [
    [[0], [0.5]],
    [[], []],
    first,
  ]);
  const others = new RecallEvaluator("motifs", { task: "predcls" });
  others.add(image("a"), { triplets: [1, 0, 0], scores: [0.5] });
  assertEquals(others.candidatesOf(0), undefined);
});
