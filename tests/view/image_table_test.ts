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
  const task = "predcls", evaluator = new RecallEvaluator("motifs", { task, ks: [1, 2] });
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
