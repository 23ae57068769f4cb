/** Predictions that are refused, and predictions that only cause a warning. */

import { assertEquals, assertThrows } from "@std/assert";
import type { AnnotatedImage } from "../../../src/example.ts";
import type { Prediction } from "../../../src/eval/prediction.ts";
import { parseProtocol, type Task } from "../../../src/eval/protocol.ts";
import { RecallEvaluator } from "../../../src/eval/evaluator.ts";
import { imageOf, valuesOf } from "../_toy.ts";

const truth = imageOf([0, 1], [[0, 1, 0]]);

function assertRefused(
  message: string,
  prediction: Prediction,
  task: Task = "sgcls",
  image: AnnotatedImage = truth,
) {
  const evaluator = new RecallEvaluator("motifs", { task, numPredicates: 2 });
  assertThrows(() => evaluator.add(image, prediction), RangeError, message);
}

const entities = { entityLabels: [0, 1] };
const good: Prediction = { ...entities, pairs: [0, 1], predicateScores: [0.9, 0.1] };
const dense = {
  entityProbabilities: [1, 0, 0, 1],
  relationProbabilities: new Array(12).fill(0.3),
};

Deno.test("add() refuses wrong counts", () => {
  const image = 'Cannot score image "a" as ';
  assertRefused(
    `${image}sgcls needs a prediction for each of its 2 entities: found 3`,
    { ...good, boxes: new Array(12).fill(0) },
  );
  assertRefused(
    `${image}sgcls needs 2 entity labels: found none`,
    { pairs: [], predicateScores: [] },
  );
  assertRefused(
    `${image}sgcls needs 2 entity labels: found 1`,
    { ...good, entityLabels: [0] },
  );
  assertRefused(`${image}2 entities need 2 scores: found 1`, {
    ...good,
    entityScores: [1],
  });
  assertRefused(`${image}SGDet needs predicted "boxes": found none`, good, "sgdet");
  assertRefused(
    `${image}boxes must be rows of 4 numbers: found 7 numbers`,
    { ...good, boxes: new Array(7).fill(0) },
    "sgdet",
  );
  assertRefused(`${image}entity probabilities must be [2, C]: found 3 numbers`, {
    ...dense,
    entityProbabilities: [1, 0, 0],
  });
  assertRefused(
    `${image}relation probabilities must be [2, 2, P] with P >= 2: found 10 numbers`,
    { ...dense, relationProbabilities: new Array(10).fill(0.1) },
  );
  assertRefused(
    `${image}pairs must be [Q, 2] and their scores [Q, P - 1]: found 3 indices and 2 scores`,
    { ...good, pairs: [0, 1, 0] },
  );
  assertRefused(`${image}it needs scores of 2 predicates: found 3`, {
    ...good,
    predicateScores: [0.1, 0.2, 0.3],
  });
  assertRefused(`${image}triplets must be rows of 3 numbers: found 4 numbers`, {
    ...entities,
    triplets: [0, 1, 0, 1],
  });
  assertRefused(`${image}1 triplets need 1 scores: found 2`, {
    ...entities,
    triplets: [0, 1, 0],
    scores: [1, 1],
  });
});

Deno.test("add() refuses scores that are not numbers or cannot be multiplied", () => {
  const image = 'Cannot score image "a" as ';
  assertRefused(
    `${image}predicate scores must be finite and at least 0: found NaN at 1`,
    { ...good, predicateScores: [0.9, NaN] },
  );
  assertRefused(`${image}predicate scores must be finite: found Infinity at 0`, {
    ...good,
    predicateScores: [Infinity, 0],
  }, "predcls");
  assertRefused(
    `${image}predicate scores must be finite and at least 0: found -2 at 0`,
    { ...good, predicateScores: [-2, 0] },
  );
  assertRefused(
    `${image}entity scores must be finite and at least 0: found NaN at 1`,
    { ...good, entityScores: [1, NaN] },
  );
  assertRefused(
    `${image}entity probabilities must be finite and at least 0: found NaN at 0`,
    { ...dense, entityProbabilities: [NaN, 0, 0, 1] },
  );
  assertRefused(`${image}boxes must be finite: found NaN at 5`, {
    ...good,
    boxes: [0, 0, 9, 9, 0, NaN, 9, 9],
  }, "sgdet");
  assertRefused(`${image}triplet scores must be finite: found NaN at 0`, {
    ...entities,
    triplets: [0, 1, 0],
    scores: [NaN],
  });
});

Deno.test("add() takes any finite scores if they are not multiplied", () => {
  const options = { task: "predcls", ks: [1], metrics: "R" } as const;
  // -1 is more than -2: the pair (0, 1) comes first.
  const negative: Prediction = { pairs: [1, 0, 0, 1], predicateScores: [-2, -3, -1, -3] };
  assertEquals(valuesOf("motifs", options, [truth, negative]), { "R@1": 1 });
});

Deno.test("add() refuses indices outside the image or the vocabulary", () => {
  const image = 'Cannot score image "a" as ';
  const must = "pair 0 must join two different entities in [0, 2)";
  for (const [subject, object] of [[0, 2], [-1, 0], [1, 1], [0.5, 1]]) {
    const message = `${image}${must}: found ${subject} and ${object}`;
    assertRefused(message, { ...good, pairs: [subject, object] });
    assertRefused(message, { ...entities, triplets: [subject, object, 0] });
  }
  for (const predicate of [2, -1, 0.5]) {
    assertRefused(
      `${image}predicates must be integers in [0, 2): found ${predicate}`,
      { ...entities, triplets: [0, 1, predicate] },
    );
  }
  const other = imageOf([0, 1], [[0, 1, 2]]);
  const message = `${image}annotated predicates must be in [0, 2): found 2`;
  assertRefused(message, good, "sgcls", other);
});

Deno.test("add() refuses a pair twice, and an annotated pair without scores", () => {
  assertRefused(
    'Cannot score image "a" as each pair must stand once, with all its predicates: found [0, 1] at 0 and 2',
    { ...entities, pairs: [0, 1, 1, 0, 0, 1], predicateScores: [1, 0, 1, 0, 1, 0] },
  );
  assertRefused(
    'Cannot score image "a" as each annotated pair needs scores: found none for [0, 1]',
    { pairs: [1, 0], predicateScores: [1, 0] },
    "preddet",
  );
});

Deno.test("lists of triplets are sorted and thinned, with a warning about both", () => {
  const evaluator = new RecallEvaluator("motifs", {
    task: "predcls",
    ks: [1, 2],
    metrics: "R,ngR",
  });
  evaluator.add(imageOf([0, 1], [[1, 0, 1], [0, 1, 1]]), {
    triplets: [0, 1, 0, 1, 0, 1, 0, 1, 1],
    scores: [0.5, 0.9, 0.4],
  });
  const { values, warnings } = evaluator.result();
  // Sorted: 101, 010, 011; the last is a second predicate of its pair.
  assertEquals(values.map(({ value }) => value), [0.5, 0.5, 0.5, 0.5]);
  assertEquals(warnings, [
    'Pairs have several predicates under the graph constraint (1 image, first "a"): the best of each was kept; the originals count them all',
    'Lists of triplets are not sorted by score (1 image, first "a"): they were sorted; the originals take them as they stand',
  ]);
});

Deno.test("`lists=given` takes lists of triplets as they are", () => {
  const prediction: Prediction = { triplets: [0, 1, 0, 0, 1, 1], scores: [0.1, 0.2] };
  const image = imageOf([0, 1], [[0, 1, 1]]);
  const options = { task: "predcls", ks: [1, 2], metrics: "R" } as const;
  // By score the annotated one is first; as given it is the second, of the same pair.
  assertEquals(valuesOf("motifs", options, [image, prediction]), { "R@1": 1, "R@2": 1 });
  const given = valuesOf("motifs+lists=given", options, [image, prediction]);
  assertEquals(given, { "R@1": 0, "R@2": 1 });
});

Deno.test("lists without scores keep their order, and may have a second one", () => {
  const image = imageOf([0, 1], [[0, 1, 1], [1, 0, 0]]);
  const prediction: Prediction = {
    triplets: [0, 1, 0, 1, 0, 0],
    unconstrained: { triplets: [0, 1, 1, 1, 0, 1, 1, 0, 0] },
  };
  const options = { task: "predcls", ks: [1, 2, 3], metrics: "R,ngR,A" } as const;
  assertEquals(valuesOf("motifs", options, [image, prediction]), {
    "R@1": 0,
    "R@2": 0.5,
    "R@3": 0.5,
    "ngR@1": 0.5,
    "ngR@2": 0.5,
    "ngR@3": 1,
    "A@1": 0,
    "A@2": 0.5,
    "A@3": 0.5,
  });
});

Deno.test("scores above 1 cause a warning with the largest score", () => {
  const evaluator = new RecallEvaluator(parseProtocol("motifs"), { task: "predcls" });
  const percent = { pairs: [0, 1], predicateScores: [87.5, 1] };
  evaluator.add(truth, percent).add({ ...truth, id: "b" }, percent);
  const other = new RecallEvaluator("motifs", { task: "predcls" })
    .add({ ...truth, id: "c" }, { pairs: [0, 1], predicateScores: [99, 1] });
  assertEquals(evaluator.merge(other).result().warnings, [
    'Scores are above 1, up to 99 (3 images, first "a"): percent or no probabilities; they are ranked as they are, as in the originals',
  ]);
});
