/** Metrics of relations and explicit negatives, calculated by hand. */

import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import {
  decodeState,
  encodeState,
  type EvaluationState,
} from "../../src/pipeline/parts/evaluation_state.ts";
import { imageOf } from "./_toy.ts";

type Row = [subject: number, object: number, predicate: number];

/** An image of three entities with scores of three predicates for the six pairs. */
function judged(id: string, relations: Row[], negatives: Row[], scores: number[][]) {
  const truth = {
    ...imageOf([0, 1, 2], relations, { id }),
    negatives: Int32Array.from(negatives.flat()),
  };
  const pairs = [0, 1, 0, 2, 1, 0, 1, 2, 2, 0, 2, 1];
  return [truth, { pairs, predicateScores: scores.flat() }] as const;
}

/** Predicate 1 has four relations and two negatives, predicate 0 one of each. */
const FIRST = judged("a", [[0, 1, 1], [0, 2, 1]], [[1, 0, 1], [1, 2, 0]], [
  [0.05, 0.9, 0.05], // 0 -> 1: predicate 1, rank 0
  [0.5, 0.4, 0.1], // 0 -> 2: predicate 1, rank 1
  [0.1, 0.7, 0.2], // 1 -> 0: predicate 1 is wrong, rank 0
  [0.2, 0.3, 0.5], // 1 -> 2: predicate 0 is wrong, rank 2
  [0.4, 0.3, 0.3],
  [0.4, 0.3, 0.3],
]);
const SECOND = judged("b", [[0, 1, 1], [0, 2, 1], [2, 0, 0]], [[1, 2, 1]], [
  [0.2, 0.6, 0.2], // 0 -> 1: predicate 1, rank 0
  [0.4, 0.2, 0.41], // 0 -> 2: predicate 1, rank 2
  [0.4, 0.3, 0.3],
  [0.5, 0.2, 0.3], // 1 -> 2: predicate 1 is wrong, rank 2, score 0.2
  [0.1, 0.3, 0.6], // 2 -> 0: predicate 0, rank 2, score 0.1
  [0.4, 0.3, 0.3],
]);

function valuesOf(...images: (typeof FIRST)[]): Record<string, number> {
  const evaluator = new RecallEvaluator("motifs", {
    task: "predcls",
    metrics: "negatives",
    numPredicates: 3,
  });
  for (const [truth, prediction] of images) evaluator.add(truth, prediction);
  const { values } = evaluator.result();
  assertEquals(evaluator.statistics().map(({ statistic }) => statistic([1, 1])), [
    ...values.map(({ value }) => value),
  ]);
  return Object.fromEntries(values.map(({ metric, value }) => [metric, value]));
}

Deno.test("P-AUC: how often a relation scores above a negative, ties count half", () => {
  // Predicate 1: relations 0.9, 0.6, 0.4, 0.2, negatives 0.7, 0.2. Wins: 2 + 1 + 1 + 0.5.
  assertAlmostEquals(valuesOf(FIRST, SECOND)["P-AUC"], (1 + 3.5) / 8, 1e-12);
});

Deno.test("PDD: relations whose predicate is not among the k best, k = 1 and 2", () => {
  // Ranks 0, 1, 0, 2: recall 2/4 at k = 1, 3/4 at k = 2.
  assertAlmostEquals(valuesOf(FIRST, SECOND).PDD, 1 - (2 / 4 + 3 / 4) / 2, 1e-12);
});

Deno.test("PDO: rows among the k best that are wrong, k = 1 and 2", () => {
  // Negatives have the ranks 0 and 2: precision 2/3 at k = 1, 3/4 at k = 2.
  assertAlmostEquals(valuesOf(FIRST, SECOND).PDO, 1 - (2 / 3 + 3 / 4) / 2, 1e-12);
});

Deno.test("fAP: mean over predicates of the average precision of judged rows", () => {
  // Predicate 1: 0.9, (0.7), 0.6, 0.4, 0.2 with (0.2); predicate 0: (0.2), 0.1.
  const one = (1 + 2 / 3 + 3 / 4 + 4 / 6) / 4, zero = 1 / 2;
  assertAlmostEquals(valuesOf(FIRST, SECOND).fAP, (one + zero) / 2, 1e-12);
});

Deno.test("metrics of negatives need four relations of a predicate, fAP needs one", () => {
  const values = valuesOf(FIRST);
  assertEquals([values["P-AUC"], values.PDD, values.PDO], [NaN, NaN, NaN]);
  // Predicate 1: 0.9, (0.7), 0.4. Predicate 0 has no relation.
  assertAlmostEquals(values.fAP, (1 + 2 / 3) / 2, 1e-12);
});

Deno.test("images without negatives do not count; joined evaluators give the same", () => {
  const plain = [imageOf([0, 1, 2], [[0, 1, 1]], { id: "c" }), FIRST[1]] as const;
  const options = { task: "predcls", metrics: "negatives", numPredicates: 3 } as const;
  const make = () => new RecallEvaluator("motifs", options);
  const whole = make().add(...FIRST).add(...SECOND).add(...plain);
  const joined = make().add(...plain).merge(make().add(...SECOND))
    .merge(make().add(...FIRST));
  assertEquals(joined.result().values, whole.result().values);
  assertEquals(whole.result().values[0].images, 2);
  joined.reorder(["a", "b", "c"]);
  const [mine, theirs] = [whole, joined].map((one) =>
    one.statistics().map(({ statistic }) => statistic([2, 1, 3]))
  );
  assertEquals(mine, theirs);

  const settings = {} as EvaluationState["settings"];
  const read = make();
  for (const one of [make().add(...FIRST).add(...plain), make().add(...SECOND)]) {
    const blocks = [{ job: 1, evaluators: [one.state()] }];
    const file = decodeState(encodeState({ settings, blocks }), "x");
    read.addState(file.blocks[0].evaluators[0]);
  }
  assertEquals(read.result().values, whole.result().values, "kept in a file");
});

Deno.test("metrics of negatives refuse lists and given pairs", () => {
  const of = (task: "predcls" | "preddet") =>
    new RecallEvaluator("motifs", { task, metrics: "fAP", numPredicates: 3 });
  assertThrows(
    () => of("predcls").add(FIRST[0], { triplets: [0, 1, 1], scores: [1] }),
    RangeError,
    'Cannot score image "a" as metrics of negatives need scores of all predicates',
  );
  assertThrows(() => of("preddet").add(...FIRST), RangeError, "found preddet");
});
