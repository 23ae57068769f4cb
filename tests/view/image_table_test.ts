/** The list of images says what the evaluation says. */

import { assertEquals } from "@std/assert";
import type { AnnotatedImage } from "../../src/example.ts";
import type { SystemEvaluation } from "../../src/eval/evaluate.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { ImageTable } from "../../src/view/image_table.ts";

/** Three entities in a row; a relation from each to the next. */
function imageOf(id: string, relations: number[]): AnnotatedImage {
  return {
    ...{ id, width: 90, height: 30 },
    boxes: Float32Array.of(0, 0, 30, 30, 30, 0, 60, 30, 60, 0, 90, 30),
    entityLabels: Int32Array.of(0, 1, 2),
    relations: Int32Array.from(relations),
  };
}

const IMAGES = [
  imageOf("a", [0, 1, 0, 1, 2, 1]),
  imageOf("b", [0, 1, 0]),
  imageOf("c", [0, 1, 1, 1, 2, 0]),
  imageOf("d", []),
];

/** Evaluates lists of triplets, best first. */
function evaluationOf(system: string, lists: number[][]): SystemEvaluation {
  const task = "predcls", options = { task, ks: [1, 2], keepScores: true } as const;
  const evaluator = new RecallEvaluator("motifs", options);
  IMAGES.forEach((image, i) =>
    evaluator.add(image, {
      triplets: lists[i],
      scores: Float32Array.from({ length: lists[i].length / 3 }, (_, t) => 1 - 0.1 * t),
    })
  );
  return { system, task, protocol: evaluator.protocol, evaluator };
}

// Found at K = 1 and 2, of 2, 1 and 2 relations.
const alone = evaluationOf("alone", [
  [0, 1, 0, 2, 0, 0], // 1, 1
  [0, 1, 0], // 1, 1
  [0, 2, 0, 0, 1, 1], // 0, 1
  [],
]);
const model = evaluationOf("model", [
  [0, 1, 0, 1, 2, 1], // 1, 2
  [0, 1, 1], // 0, 0
  [0, 2, 0, 1, 2, 0], // 0, 1, and another one
  [],
]);
const table = new ImageTable([alone, model]);
const idsOf = (filter: Parameters<ImageTable["choose"]>[0]) =>
  table.choose(filter).map((i) => table.ids[i]).join("");

Deno.test("ImageTable.listed() has the hits of each system", () => {
  assertEquals([0, 1, 2, 3].map((i) => table.listed(i, 1)), [
    { id: "a", isScored: true, rows: 2, hits: [1, 2] },
    { id: "b", isScored: true, rows: 1, hits: [1, 0] },
    { id: "c", isScored: true, rows: 2, hits: [1, 1] },
    { id: "d", isScored: false, rows: 0, hits: [0, 0] },
  ]);
});

Deno.test("ImageTable.choose() orders by recall and by its change, images without last", () => {
  assertEquals(idsOf({}), "abcd");
  assertEquals(idsOf({ order: "worst", k: 1 }), "bcad");
  assertEquals(idsOf({ order: "best", k: 1 }), "acbd");
  assertEquals(idsOf({ order: "helped", k: 1 }), "acbd");
  assertEquals(idsOf({ order: "hurt", k: 1 }), "bcad");
  // Equal recalls: more relations first, then the order of the dataset.
  assertEquals(idsOf({ order: "worst", k: 0, system: 0 }), "cabd");
});

Deno.test("ImageTable.choose() filters by predicate, hit and miss, change and recall", () => {
  assertEquals(idsOf({ predicate: 1 }), "ac");
  assertEquals(idsOf({ outcome: "hit", k: 1 }), "ac");
  assertEquals(idsOf({ outcome: "miss", k: 1 }), "bc");
  assertEquals(idsOf({ outcome: "hit", k: 0 }), "a");
  // Of predicate 1, image a's is found and image c's is missed.
  assertEquals(idsOf({ predicate: 1, outcome: "hit", k: 1 }), "a");
  assertEquals(idsOf({ predicate: 1, outcome: "miss", k: 1 }), "c");
  assertEquals(idsOf({ predicate: 1, outcome: "hit", k: 1, system: 0 }), "c");
  assertEquals(idsOf({ change: "helped", k: 1 }), "a");
  assertEquals(idsOf({ change: "hurt", k: 1 }), "b");
  assertEquals(idsOf({ change: "changed", k: 1 }), "abc");
  assertEquals(idsOf({ recall: [0.5, 1], k: 1 }), "ac");
  assertEquals(idsOf({ recall: [0, 0.5], k: 1 }), "bcd");
  assertEquals(idsOf({ among: ["c", "other", "a"], order: "best", k: 1 }), "ac");
});

Deno.test("ImageTable.choose() filters by the scores of relations", () => {
  // The best relation of each list has score 1, the second 0.9.
  const sure = [0.95, 1] as const, unsure = [0.5, 0.95] as const;
  assertEquals(idsOf({ score: sure, k: 1 }), "abc");
  assertEquals(idsOf({ score: unsure, k: 1 }), "ac");
  assertEquals(idsOf({ score: unsure, k: 0 }), "");
  assertEquals(idsOf({ score: [0, 0.4], k: 1 }), "");
  assertEquals(idsOf({ score: unsure, predicate: 1, k: 1 }), "a");
  // One relation has to fit all that is asked for.
  assertEquals(idsOf({ score: sure, outcome: "hit", k: 1 }), "a");
  assertEquals(idsOf({ score: unsure, outcome: "hit", k: 1 }), "ac");
  assertEquals(idsOf({ score: unsure, outcome: "miss", k: 1 }), "");
  // Found in the second place, they are missed at K = 1, and have a score.
  assertEquals(idsOf({ score: unsure, outcome: "miss", k: 0 }), "ac");
  assertEquals(idsOf({ outcome: "extra", k: 1 }), "bc");
  assertEquals(idsOf({ outcome: "extra", predicate: 0, k: 1 }), "c");
  assertEquals(idsOf({ outcome: "extra", score: unsure, k: 1 }), "");
});

Deno.test("ImageTable.chosenRelations() tells which relations fit", () => {
  assertEquals(table.chosenRelations(2, { outcome: "extra", k: 1 }), {
    annotated: [],
    predicted: [0],
  });
  assertEquals(table.chosenRelations(2, { outcome: "miss", k: 1 }), {
    annotated: [0],
    predicted: [],
  });
  assertEquals(table.chosenRelations(0, { score: [0.5, 0.95], k: 1 }), {
    annotated: [],
    predicted: [1],
  });
  assertEquals(table.chosenRelations(0, { k: 1 }), { annotated: [], predicted: [] });
});

Deno.test("ImageTable.choose() finds no score in a list that is only ordered", () => {
  const task = "predcls", options = { task, ks: [2], keepScores: true } as const;
  const evaluator = new RecallEvaluator("motifs", options);
  for (const image of IMAGES) evaluator.add(image, { triplets: [0, 1, 0] });
  const ordered = new ImageTable([
    { system: "ordered", task, protocol: evaluator.protocol, evaluator },
  ]);
  assertEquals(ordered.choose({ score: [0, 1] }), []);
  assertEquals(ordered.choose({ outcome: "extra" }), [2, 3]);
});
