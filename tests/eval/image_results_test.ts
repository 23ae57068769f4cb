/** Hits and ranks of each image, the least score, and phrase detection. */

import { assertEquals, assertThrows } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { parseProtocol } from "../../src/eval/protocol.ts";
import { imageOf, twoPredicates, valuesOf } from "./_toy.ts";

const truth = imageOf([0, 1, 2], [[0, 1, 0], [1, 2, 1]]);
const prediction = twoPredicates([[0, 1], [1, 2], [2, 0]], [
  [0.7, 0.1],
  [0.6, 0.5],
  [0.9, 0.2],
]);

Deno.test("imageResults() has hits and the rank of each triplet, from 1 on", () => {
  const evaluator = new RecallEvaluator("motifs", {
    task: "predcls",
    metrics: "R,ngR",
    ks: [1, 5],
  });
  evaluator.add(truth, prediction).skip("left out");
  // R: 200, 010, 120. ngR: 200, 010, 120, 121, ...
  assertEquals([...evaluator.imageResults()], [{
    image: "a",
    isScored: true,
    hits: [
      { metric: "R", k: 1, hits: 0, rows: 2 },
      { metric: "R", k: 5, hits: 1, rows: 2 },
      { metric: "ngR", k: 1, hits: 0, rows: 2 },
      { metric: "ngR", k: 5, hits: 2, rows: 2 },
    ],
    triplets: [
      { subject: 0, object: 1, predicate: 0, ranks: { R: 2, ngR: 2 } },
      { subject: 1, object: 2, predicate: 1, ranks: { R: null, ngR: 4 } },
    ],
  }, {
    image: "left out",
    isScored: false,
    hits: ["R", "ngR"].flatMap((metric) =>
      [1, 5].map((k) => ({ metric, k, hits: 0, rows: 0 }))
    ),
    triplets: [],
  }]);
});

Deno.test("imageResults() keeps the order after merge() and reorder()", () => {
  const options = { task: "predcls", ks: [5] } as const;
  const evaluator = new RecallEvaluator("motifs", options).add(truth, prediction);
  const other = new RecallEvaluator("motifs", options)
    .add({ ...truth, id: "b", relations: Int32Array.of(2, 0, 0) }, prediction);
  evaluator.merge(other).reorder(["b", "a"]);
  const found = [...evaluator.imageResults()].map(({ image, triplets }) => [
    image,
    ...triplets.map(({ subject, ranks }) => [subject, ranks.R]),
  ]);
  assertEquals(found, [["b", [2, 1]], ["a", [0, 2], [1, null]]]);
});

Deno.test("RecallEvaluator leaves out triplets below the least score", () => {
  const options = { task: "predcls", ks: [20], metrics: "R,ngR" } as const;
  const at = (minScore: number) =>
    valuesOf("motifs", { ...options, minScore }, [truth, prediction]);
  // Inclusive: the last row has the score 0.5 in ngR.
  assertEquals(at(0.5), { "R@20": 0.5, "ngR@20": 1 });
  assertEquals(at(0.51), { "R@20": 0.5, "ngR@20": 0.5 });
  // An image of which nothing is left counts as missed under every protocol.
  const none = { ...options, minScore: 2 };
  assertEquals(valuesOf("sgg-benchmark", none, [truth, prediction])["R@20"], 0);
  const list = { triplets: [0, 1, 0, 1, 2, 1], scores: [0.9, 0.4] };
  const half = { ...options, minScore: 0.5 };
  assertEquals(valuesOf("motifs", half, [truth, list])["R@20"], 0.5);
  assertThrows(
    () => valuesOf("motifs", half, [truth, { triplets: [0, 1, 0] }]),
    RangeError,
    'Cannot score image "a" as a least score needs scores of its triplets: found none',
  );
  assertThrows(
    () => new RecallEvaluator("motifs", { minScore: NaN }),
    RangeError,
    "Cannot leave out triplets as the least score must be finite: current value is NaN",
  );
});

Deno.test("phrase detection matches the box around both entities", () => {
  const image = imageOf([0, 1], [[0, 1, 0]], { boxes: [0, 0, 9, 9, 90, 0, 99, 9] });
  // Both boxes are far from the true ones; the box around them is the same.
  const prediction = {
    boxes: [0, 0, 4, 9, 95, 0, 99, 4],
    entityLabels: [0, 1],
    triplets: [0, 1, 0],
    scores: [0.9],
  };
  const at = (task: "sgdet" | "phrdet", boxes = prediction.boxes, protocol = "vrd") =>
    valuesOf(protocol, { task, ks: [1], metrics: "R" }, [image, {
      ...prediction,
      boxes,
    }])["R@1"];
  // Subject: 5 x 10 of 10 x 10 is 0.5; object: 5 x 5 of 10 x 10 is too little.
  assertEquals(at("sgdet"), 0);
  assertEquals(at("phrdet"), 1);
  assertEquals(at("phrdet", prediction.boxes, "motifs"), 1);
  // 49 of 100 columns are not enough; the labels must be right.
  assertEquals(at("phrdet", [0, 0, 4, 9, 40, 0, 48, 9]), 0);
  const wrong = { ...prediction, entityLabels: [1, 0] };
  assertEquals(
    valuesOf("vrd", { task: "phrdet", ks: [1], metrics: "R" }, [image, wrong])["R@1"],
    0,
  );
  assertThrows(
    () => valuesOf("vrd", { task: "phrdet" }, [image, { triplets: [0, 1, 0] }]),
    RangeError,
    'phrdet needs predicted "boxes": found none',
  );
});

Deno.test("phrase detection is one-to-one under vrd and many-to-one under motifs", () => {
  const image = imageOf([0, 1], [[0, 1, 0], [0, 1, 0]]);
  const prediction = {
    boxes: [...image.boxes],
    entityLabels: [0, 1],
    triplets: [0, 1, 0],
  };
  const recall = (protocol: string) => {
    const evaluator = new RecallEvaluator(parseProtocol(protocol), { task: "phrdet" });
    return evaluator.add(image, prediction).result().values[0].value;
  };
  assertEquals([recall("vrd"), recall("motifs")], [0.5, 1]);
});
