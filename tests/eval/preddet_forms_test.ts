/** Predicate detection: index matching, and one result for tables and lists. */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { AnnotatedImage } from "../../src/example.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import type { Prediction } from "../../src/eval/prediction.ts";
import { parseProtocol } from "../../src/eval/protocol.ts";
import { predictionOf, suites, truthOf } from "./_cases.ts";
import { imageOf, twoPredicates, valuesOf } from "./_toy.ts";

const options = {
  task: "preddet",
  ks: [1, 2, 3, 4, 50],
  metrics: "R,ngR,R/2",
  numPredicates: 2,
} as const;

function scored(truth: AnnotatedImage, prediction: Prediction, protocol = "vrd") {
  const evaluator = new RecallEvaluator(parseProtocol(protocol), options);
  const { values, warnings } = evaluator.add(truth, prediction).result();
  return { values, warnings };
}

/** The pair (0, 1) is annotated twice, (2, 0) once, (1, 2) never. */
const truth = imageOf([0, 1, 2], [[0, 1, 0], [0, 1, 1], [2, 0, 1]]);

Deno.test("preddet: a list of all predicates gives what the table gives", () => {
  const table = twoPredicates([[0, 1], [2, 0]], [[0.9, 0.3], [0.2, 0.8]]);
  const list = {
    triplets: [0, 1, 0, 2, 0, 1, 0, 1, 1, 2, 0, 0],
    scores: [0.9, 0.8, 0.3, 0.2],
  };
  for (const protocol of ["vrd", "motifs", "vrd+annotatedPairs=pairs"]) {
    const { values } = scored(truth, table, protocol);
    assertEquals(scored(truth, list, protocol).values, values);
  }
});

Deno.test("preddet: a list with one triplet a row gives what rows of scores give", () => {
  const table = twoPredicates([[0, 1], [0, 1], [2, 0]], [[0.9, 0], [0, 0.7], [0, 0.8]]);
  const list = { triplets: [0, 1, 0, 2, 0, 1, 0, 1, 1], scores: [0.9, 0.8, 0.7] };
  const evaluated = scored(truth, list);
  assertEquals(evaluated.warnings, []);
  // Each row has its own candidate: all three are found, one after the other.
  assertEquals(
    evaluated.values.filter(({ metric }) => metric === "R").map(({ value }) => value),
    [1 / 3, 2 / 3, 1, 1, 1],
  );
  const constrained = ({ metric }: { metric: string }) => metric === "R";
  assertEquals(
    evaluated.values.filter(constrained),
    scored(truth, table).values.filter(constrained),
  );
});

Deno.test("preddet: pairs that are not annotated are left out of both forms, with one warning", () => {
  const table = twoPredicates([[1, 2], [0, 1], [2, 0]], [[1, 1], [0.9, 0.3], [0.2, 0.8]]);
  const list = {
    triplets: [1, 2, 0, 1, 2, 1, 0, 1, 0, 2, 0, 1, 0, 1, 1, 2, 0, 0],
    scores: [1, 1, 0.9, 0.8, 0.3, 0.2],
  };
  const [a, b] = [scored(truth, table), scored(truth, list)];
  assertEquals(a.values, b.values);
  assertEquals(a.warnings, [
    'Pairs that are not annotated are predicted (1 image, first "a"): they were left out, as predicate detection gives the pairs',
  ]);
  const several =
    'Pairs have several predicates under the graph constraint (1 image, first "a"): the best of each was kept; the originals count them all';
  assertEquals(b.warnings, [...a.warnings, several]);
});

Deno.test("preddet: annotated pairs that a list leaves out are missed, with a warning", () => {
  const { values, warnings } = scored(truth, { triplets: [2, 0, 1], scores: [0.5] });
  assertEquals(values.at(-1)?.value, 1 / 3);
  assertEquals(warnings, [
    'Annotated pairs are not in the list (1 image, first "a"): their rows count as missed',
  ]);
});

Deno.test("preddet: motifs matches by indices, vrd by class and overlap", () => {
  // The entities 1 and 2 are the same box and class; only (0, 1) is "0", (0, 2) is "1".
  const boxes = [0, 0, 9, 9, 100, 0, 109, 9, 100, 0, 109, 9];
  const image = imageOf([0, 1, 1], [[0, 1, 0], [0, 2, 1]], { boxes });
  // Each pair has the predicate of the other one.
  const swapped = twoPredicates([[0, 1], [0, 2]], [[0.1, 0.9], [0.8, 0.2]]);
  const k50 = { ...options, ks: [50], metrics: "R" };
  assertEquals(valuesOf("motifs", k50, [image, swapped])["R@50"], 0);
  assertEquals(valuesOf("vrd", k50, [image, swapped])["R@50"], 1);
  const overlap = valuesOf("motifs+pairMatching=overlap", k50, [image, swapped]);
  assertEquals(overlap["R@50"], 1);
});

Deno.test({
  name: "preddet: motifs gives the numbers of neural-motifs on the recall fixtures",
  ignore: suites.length === 0,
  fn: () => {
    const evaluator = new RecallEvaluator("motifs", {
      task: "preddet",
      metrics: "ngR",
      ks: [1, 5, 20],
    });
    for (const one of suites[0].cases) {
      evaluator.add(truthOf(one), predictionOf(one, "sgcls"));
    }
    const values = evaluator.result().values.map(({ value }) => value);
    // From the preddet branch of its sg_eval.py (intersect_2d), transcribed to NumPy.
    const expected = [0.15247285134415145, 0.4540739404449941, 0.8140972245301188];
    values.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-12));
  },
});
