import { assertEquals } from "@std/assert";
import type { DensePrediction, Prediction } from "../../src/eval/prediction.ts";
import { imageOf, twoPredicates, valuesOf } from "./_toy.ts";

Deno.test("SGCls multiplies scores of entities, and its labels must be right", () => {
  const truth = imageOf([0, 1, 0], [[0, 1, 0], [2, 1, 0]]);
  const prediction: Prediction = {
    entityLabels: [0, 1, 1],
    entityScores: [0.5, 1, 1],
    pairs: [0, 1, 2, 1],
    predicateScores: [0.8, 0.5],
  };
  const options = { task: "sgcls", ks: [1, 2], metrics: "R,accuracy" } as const;
  // 0.5 x 0.8 x 1 = 0.4 comes after 1 x 0.5 x 1; the latter has a wrong label.
  assertEquals(valuesOf("motifs", options, [truth, prediction]), {
    "R@1": 0,
    "R@2": 0.5,
    entityAccuracy: 2 / 3,
  });
});

Deno.test("SGDet finds entities by boxes; two detections may hit one row", () => {
  const truth = imageOf([0, 1], [[0, 1, 0]]);
  // The second detection is shifted by 5 of 10 pixels: 50 / 150 is too little.
  const boxes = [0, 0, 9, 9, 5, 0, 14, 9, 100, 0, 109, 9];
  const prediction = (label: number): Prediction => ({
    boxes,
    entityLabels: [label, 0, 1],
    pairs: [1, 2, 0, 2],
    predicateScores: [0.9, 0.8],
  });
  const options = { task: "sgdet", ks: [1, 2], metrics: "R" } as const;
  assertEquals(valuesOf("motifs", options, [truth, prediction(0)]), {
    "R@1": 0,
    "R@2": 1,
  });
  assertEquals(valuesOf("motifs", options, [truth, prediction(1)])["R@2"], 0);
  const loose = valuesOf("motifs+threshold=0.3", options, [truth, prediction(0)]);
  assertEquals(loose["R@1"], 1);
});

Deno.test("SGDet may leave out pairs that do not overlap", () => {
  const boxes = [0, 0, 9, 9, 5, 5, 14, 14, 100, 0, 109, 9];
  const truth = imageOf([0, 1, 2], [[0, 1, 0], [0, 2, 0]], { boxes });
  const prediction: Prediction = {
    boxes,
    entityLabels: [0, 1, 2],
    pairs: [0, 1, 0, 2],
    predicateScores: [0.5, 0.9],
  };
  const options = { task: "sgdet", ks: [1, 50], metrics: "R" } as const;
  assertEquals(
    valuesOf("motifs+candidatePairs=overlapping", options, [truth, prediction]),
    { "R@1": 0.5, "R@50": 0.5 },
  );
  assertEquals(valuesOf("motifs", options, [truth, prediction])["R@50"], 1);
});

Deno.test("predicate detection ranks annotated pairs only, by rows or by pairs", () => {
  const truth = imageOf([0, 1, 2], [[0, 1, 0], [0, 1, 1], [1, 2, 0]]);
  const all = twoPredicates([[2, 1], [1, 2], [0, 1]], [[1, 1], [0.9, 0.3], [0.8, 0.7]]);
  const options = { task: "preddet", ks: [1, 2, 3, 4], metrics: "R,ngR" } as const;
  const rows = valuesOf("vrd", options, [truth, all]);
  // Rows: 120, 010, 010 again. Pairs: 120, 010.
  assertEquals([rows["R@1"], rows["R@2"], rows["R@3"]], [1 / 3, 2 / 3, 2 / 3]);
  // Rows without constraint: 120, 010, 010, 011 (twice), 121.
  assertEquals([rows["ngR@3"], rows["ngR@4"]], [2 / 3, 1]);
  const pairs = valuesOf("vrd+annotatedPairs=pairs", options, [truth, all]);
  assertEquals([pairs["ngR@2"], pairs["ngR@3"]], [2 / 3, 1]);
});

Deno.test("predicate detection ranks the own list of each row that has one", () => {
  const truth = imageOf([0, 1], [[0, 1, 0], [0, 1, 1]]);
  const lists = twoPredicates([[0, 1], [0, 1]], [[0.9, 0.1], [0.2, 0.8]]);
  const options = { task: "preddet", ks: [50], metrics: "R" } as const;
  assertEquals(valuesOf("vrd", options, [truth, lists])["R@50"], 1);
  assertEquals(
    valuesOf("vrd+annotatedPairs=pairs", options, [truth, lists])["R@50"],
    0.5,
  );
});

Deno.test("predicate detection by pairs joins entities of equal class and box", () => {
  const boxes = [0, 0, 9, 9, 100, 0, 109, 9, 100, 0, 109, 9];
  const truth = imageOf([0, 1, 1], [[0, 1, 0], [0, 2, 1]], { boxes });
  const all = twoPredicates([[0, 1], [0, 2]], [[0.9, 0.1], [0.2, 0.8]]);
  const options = { task: "preddet", ks: [50], metrics: "R" } as const;
  assertEquals(valuesOf("vrd", options, [truth, all])["R@50"], 1);
  assertEquals(valuesOf("vrd+annotatedPairs=pairs", options, [truth, all])["R@50"], 0.5);
});

Deno.test("the background is sliced away, or excluded before the softmax", () => {
  const truth = imageOf([0, 1], [[0, 1, 0]]);
  // (0, 1): 0.2, background 0.8; (1, 0): 0.3 and 0.3, background 0.4.
  const prediction: DensePrediction = {
    entityProbabilities: [1, 0, 0, 1],
    relationProbabilities: [0, 0, 1, 0.2, 0, 0.8, 0.3, 0.3, 0.4, 0, 0, 1],
  };
  const options = { task: "predcls", ks: [1], metrics: "R" } as const;
  assertEquals(valuesOf("motifs", options, [truth, prediction])["R@1"], 0);
  // 0.2 / 0.2 = 1 goes before 0.3 / 0.6.
  const excluded = "motifs+background=excluded";
  assertEquals(valuesOf(excluded, options, [truth, prediction])["R@1"], 1);
});
