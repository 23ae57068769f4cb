import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Prediction } from "../../src/eval/prediction.ts";
import { predicateGroup } from "../../src/eval/predicate_groups.ts";
import { TrainingTriplets } from "../../src/eval/zero_shot.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { imageOf, valuesOf } from "./_toy.ts";

/** Adds one image that has the triplet of these classes so many times. */
function add(
  training: TrainingTriplets,
  ...rows: [subject: number, predicate: number, object: number, times: number][]
): void {
  const entityLabels = rows.flatMap(([subject, , object]) => [subject, object]);
  const relations = rows.flatMap(([, predicate, , times], r) =>
    Array.from({ length: times }, () => [2 * r, 2 * r + 1, predicate]).flat()
  );
  training.add({
    entityLabels: Int32Array.from(entityLabels),
    relations: Int32Array.from(relations),
  });
}

/** 1,000 relations in 4 images; predicate 0 is in all, 1 in two, 2 in one, 4 in none. */
function training(): TrainingTriplets {
  const training = new TrainingTriplets();
  add(training, [0, 0, 1, 5], [0, 0, 2, 6], [9, 1, 9, 20]);
  add(training, [0, 0, 3, 50], [9, 1, 9, 5], [9, 2, 9, 1]);
  add(training, [0, 0, 4, 51], [9, 3, 9, 74]);
  add(training, [9, 0, 9, 788]);
  add(training);
  return training;
}

/** Pairs whose best predicate is as given, in order of score, of five predicates. */
function saying(...rows: [subject: number, object: number, predicate: number][]) {
  const scores = rows.flatMap(([, , predicate], r) =>
    Array.from({ length: 5 }, (_, p) => (p === predicate ? 0.9 : 0.1) - 0.01 * r)
  );
  const pairs = rows.flatMap(([subject, object]) => [subject, object]);
  return { pairs, predicateScores: scores } satisfies Prediction;
}

Deno.test("TrainingTriplets counts triplets, predicates and images", () => {
  const counts = training();
  assertEquals([counts.numImages, counts.numRelations], [4, 1000]);
  assertEquals([0, 1, 2, 3, 4].map((p) => counts.relationsOf(p)), [900, 25, 1, 74, 0]);
  assertEquals([0, 1, 2, 3, 4].map((p) => counts.imagesOf(p)), [4, 2, 1, 1, 0]);
  assertEquals(counts.timesSeen(0, 0, 3), 50);
  assertEquals(counts.timesSeen(3, 0, 0), 0);
});

Deno.test("predicateGroup(): head above 1/40 of the relations, tail below 1/800", () => {
  // Shares 0.9, 0.025, 0.001, 0.074 and 0.
  const groups = [0, 1, 2, 3, 4].map((p) => predicateGroup(p, training()));
  assertEquals(groups, ["head", "body", "tail", "head", "tail"]);
});

Deno.test("R:1-5 and its like count the rows by how often training has the triplet", () => {
  // Training has them 5, 6, 50, 51 and 0 times.
  const truth = imageOf([0, 1, 2, 3, 4], [
    [0, 1, 0],
    [0, 2, 0],
    [0, 3, 0],
    [0, 4, 0],
    [1, 2, 0],
  ]);
  const values = valuesOf("motifs", {
    task: "predcls",
    ks: [2],
    metrics: "R,R:0,R:1-5,R:6-50,R:51+,ngR:1-5",
    training: training(),
  }, [truth, saying([0, 1, 0], [0, 2, 0], [0, 4, 0])]);
  assertEquals(values, {
    "R@2": 2 / 5,
    "zR@2": 0,
    "R:1-5@2": 1,
    "R:6-50@2": 1 / 2,
    "R:51+@2": 0,
    "ngR:1-5@2": 1,
  });
});

Deno.test("mR:head, mR:body and mR:tail are means over the predicates of a group", () => {
  const truth = imageOf([9, 9, 9, 9], [[0, 1, 0], [1, 2, 3], [2, 3, 1], [3, 0, 2]]);
  const prediction = saying([0, 1, 0], [2, 3, 1], [1, 2, 0]);
  const values = (protocol: string) =>
    valuesOf(protocol, {
      task: "predcls",
      ks: [50],
      metrics: "mR,mR:head,mR:body,mR:tail",
      training: training(),
    }, [truth, prediction]);
  // Predicates 0 and 1 are found, 2 and 3 missed; 4 is not annotated.
  assertEquals(values("motifs"), {
    "mR@50": 2 / 5,
    "mR:head@50": 1 / 2,
    "mR:body@50": 1,
    "mR:tail@50": 0,
  });
  assertEquals(values("motifs+absentPredicates=omit")["mR@50"], 2 / 4);
});

Deno.test("wR weighs rows by ln(images / images with the predicate)", () => {
  const found = imageOf([9, 9, 9, 9], [[0, 1, 0], [1, 2, 1], [2, 3, 2]]);
  const missed = imageOf([9, 9], [[0, 1, 4]], { id: "b" });
  const everywhere = imageOf([9, 9], [[0, 1, 0]], { id: "c" });
  const prediction = saying([0, 1, 0], [1, 2, 1]);
  const one = saying([0, 1, 0]);
  const options = {
    task: "predcls",
    ks: [50],
    metrics: "R,wR",
    training: training(),
  } as const;
  const images = [[found, prediction], [missed, one], [everywhere, one]] as const;
  // Weights 0, ln 2, ln 4 = 2 ln 2, and ln 4 for a predicate that training lacks. The
  // image whose only row weighs nothing does not count.
  const mean = valuesOf("motifs", options, ...images.map(([a, b]) => [a, b] as const));
  assertAlmostEquals(mean["R@50"], (2 / 3 + 0 + 1) / 3, 1e-12);
  assertAlmostEquals(mean["wR@50"], (1 / 3 + 0) / 2, 1e-6);
  const pooled = valuesOf("vrd", options, ...images.map(([a, b]) => [a, b] as const));
  assertAlmostEquals(pooled["wR@50"], 1 / 5, 1e-6);
});

Deno.test("metrics of training cannot be computed without its counts", () => {
  for (const metrics of ["wR", "mR:tail", "R:1-5"]) {
    assertThrows(
      () =>
        new RecallEvaluator("motifs", { metrics, zeroShot: { isUnseen: () => true } }),
      RangeError,
      `Cannot compute ${metrics} without the counts of training: give "training"`,
    );
  }
});
