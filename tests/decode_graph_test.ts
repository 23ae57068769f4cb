import { assertEquals } from "@std/assert";
import { decodeGraph, inputLabels } from "../src/decode_graph.ts";
import { assertClose } from "./_assert.ts";
import { Vocabulary } from "../src/vocabulary.ts";

const VOCABULARY = new Vocabulary({
  entities: ["cup", "table"],
  predicates: ["on", "near"],
});
const PLANE = {
  boxes: Float32Array.of(10, 0, 30, 20, 0, 20, 90, 60),
  width: 100,
  height: 80,
};
const log = Math.log;

/** Entity 0 is a cup with probability 0.8, entity 1 a table with 0.6. */
const ENTITIES = Float32Array.of(log(0.8), log(0.2), log(0.4), log(0.6));

Deno.test("decodeGraph() multiplies the probabilities of subject, predicate and object", () => {
  const relationLogits = Float32Array.of(
    ...[0, 9, 0, log(0.3), log(0.1), log(0.6)], // 0 -> 0, which is ignored; 0 -> 1
    ...[log(0.2), log(0.5), log(0.3), 0, 0, 9], // 1 -> 0
  );
  const graph = decodeGraph(
    { entityLogits: ENTITIES, relationLogits },
    PLANE,
    VOCABULARY,
  );
  assertEquals([graph.imageWidth, graph.imageHeight], [100, 80]);
  assertEquals(graph.entities.map(({ label, box }) => [label, box]), [
    ["cup", [10, 0, 30, 20]],
    ["table", [0, 20, 90, 60]],
  ]);
  assertClose(graph.entities.map(({ score }) => score), [0.8, 0.6], 1e-7);
  // "No relation" takes its share of the softmax, but is never the predicate.
  assertEquals(
    graph.relations.map(({ subject, object, predicate }) => [subject, object, predicate]),
    [[1, 0, "near"], [0, 1, "on"]],
  );
  assertClose(
    graph.relations.map(({ score }) => score),
    [0.6 * 0.5 * 0.8, 0.8 * 0.3 * 0.6],
    1e-7,
  );
});

Deno.test("decodeGraph() leaves out relations below the least score", () => {
  const relationLogits = Float32Array.of(
    ...[0, 0, 0, log(0.3), log(0.1), log(0.6)], // 0.8 * 0.3 * 0.6 = 0.144
    ...[log(0.2), log(0.5), log(0.3), 0, 0, 0], // 0.6 * 0.5 * 0.8 = 0.24
  );
  const logits = { entityLogits: ENTITIES, relationLogits };
  const counts = [0.14, 0.15, 0.25].map((threshold) =>
    decodeGraph(logits, PLANE, VOCABULARY, { threshold }).relations.length
  );
  assertEquals(counts, [2, 1, 0]);
});

Deno.test("decodeGraph() keeps ties in the order of subject and object", () => {
  const logits = {
    entityLogits: new Float32Array(6),
    relationLogits: new Float32Array(27),
  };
  const boxes = Float32Array.from({ length: 12 }, (_, i) => i % 4 < 2 ? 0 : 1);
  const plane = { boxes, width: 1, height: 1 };
  const { relations, entities } = decodeGraph(logits, plane, VOCABULARY, { k: 4 });
  assertEquals(entities.map(({ labelIndex }) => labelIndex), [0, 0, 0]);
  assertEquals(
    relations.map(({ subject, object, predicateIndex }) => [
      subject,
      object,
      predicateIndex,
    ]),
    [[0, 1, 0], [0, 2, 0], [1, 0, 0], [1, 2, 0]],
  );
});

Deno.test("decodeGraph() gives an empty graph for no boxes", () => {
  const none = new Float32Array(0);
  const logits = { entityLogits: none, relationLogits: none };
  assertEquals(
    decodeGraph(logits, { boxes: none, width: 5, height: 6 }, VOCABULARY),
    { imageWidth: 5, imageHeight: 6, entities: [], relations: [] },
  );
});

/** Relations of equal probability, for two entities. */
const EVEN = new Float32Array(2 * 2 * 3);

Deno.test("inputLabels() finds the likeliest labels and those that are certain", () => {
  const logits = Float32Array.of(log(0.3), log(0.7), log(1e-6), log(1 - 1e-6), 0, 0);
  const found = inputLabels(logits, 2);
  assertEquals(found.map(({ labelIndex }) => labelIndex), [1, 1, 0]);
  assertEquals(found.map(({ isKept }) => isKept), [false, true, false]);
  assertClose(found.map(({ score }) => score), [0.7, 1 - 1e-6, 0.5], 1e-7);
  assertEquals(inputLabels(logits, 2, { isKept: true }).map(({ isKept }) => isKept), [
    true,
    true,
    true,
  ]);
  assertEquals(inputLabels(new Float32Array(0), 2), []);
});

Deno.test("decodeGraph() keeps labels of the input, with their scores", () => {
  const given = [
    { labelIndex: 1, score: 0.25, isKept: true },
    { labelIndex: 0, score: 0.9, isKept: false },
  ];
  const logits = { entityLogits: ENTITIES, relationLogits: EVEN };
  const { entities, relations } = decodeGraph(logits, { ...PLANE, given }, VOCABULARY);
  assertEquals(entities.map(({ label, given }) => [label, given]), [
    ["table", { label: "table", score: 0.25 }],
    ["table", { label: "cup", score: 0.9 }],
  ]);
  assertClose(entities.map(({ score }) => score), [0.25, 0.6], 1e-7);
  // The kept score counts in relations, too.
  assertClose(relations.map(({ score }) => score), [0.05, 0.05], 1e-7);
});

Deno.test("decodeGraph() counts classes that go by one name as one", () => {
  const vocabulary = new Vocabulary({
    entities: ["man", "horse", "woman"],
    predicates: ["on"],
  });
  const entityLogits = Float32Array.of(0.3, 0.45, 0.25, 0.1, 0.8, 0.1).map(Math.log);
  const relationLogits = Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1).map(Math.log);
  const plane = { boxes: Float32Array.of(0, 0, 5, 5, 1, 1, 9, 9), width: 9, height: 9 };
  const groups = [0, 1].map(() => [{ label: "person", classes: [0, 2] }]);
  const given = inputLabels(entityLogits, 3, { groups });
  const logits = { entityLogits, relationLogits };
  const graph = decodeGraph(logits, { ...plane, given, groups }, vocabulary);
  assertEquals(graph.entities.map(({ label, labelIndex }) => [label, labelIndex]), [
    ["person", 0],
    ["horse", 1],
  ]);
  assertEquals(graph.entities.map(({ given }) => given?.label), ["person", "horse"]);
  assertClose(graph.entities.map(({ score }) => score), [0.55, 0.8], 1e-6);
  assertClose(graph.entities.map(({ given }) => given!.score), [0.55, 0.8], 1e-6);
  assertClose([graph.relations[0].score], [0.55 * 0.5 * 0.8], 1e-6);
  const apart = decodeGraph(logits, plane, vocabulary);
  assertEquals(apart.entities.map(({ label }) => label), ["horse", "horse"]);
});

Deno.test("decodeGraph() gives the sets of possible labels, likeliest first", () => {
  const given = [
    { labelIndex: 0, score: 0.999, isKept: true },
    { labelIndex: 0, score: 0.5, isKept: false },
  ];
  const logits = { entityLogits: ENTITIES, relationLogits: EVEN };
  const labels = (cup: number, table: number) =>
    decodeGraph(logits, { ...PLANE, given }, VOCABULARY, {
      coverage: Float32Array.of(cup, table),
    }).entities.map(({ labels }) => labels!.map(({ label }) => label));
  // Entity 0 is kept as a cup; entity 1 is a table with 0.6, a cup with 0.4.
  assertEquals(labels(0.3, 0.3), [["cup"], ["table", "cup"]]);
  assertEquals(labels(0.5, 0.3), [["cup"], ["table"]]);
  // The likeliest label is there even below its limit.
  assertEquals(labels(0.3, 0.9), [["cup"], ["table", "cup"]]);
  assertEquals(labels(0.9, 0.9), [["cup"], ["table"]]);
});

Deno.test("decodeGraph() has a threshold for each predicate", () => {
  const relationLogits = Float32Array.of(
    ...[0, 0, 0, log(0.3), log(0.1), log(0.6)], // on: 0.8 * 0.3 * 0.6 = 0.144
    ...[log(0.2), log(0.5), log(0.3), 0, 0, 0], // near: 0.6 * 0.5 * 0.8 = 0.24
  );
  const logits = { entityLogits: ENTITIES, relationLogits };
  const kept = (on: number, near: number) =>
    decodeGraph(logits, PLANE, VOCABULARY, { threshold: Float32Array.of(on, near) })
      .relations.map(({ predicate }) => predicate);
  assertEquals(kept(0.14, 0.23), ["near", "on"]);
  assertEquals(kept(0.14, 0.25), ["on"]);
  assertEquals(kept(0.15, 0.23), ["near"]);
});

Deno.test("decodeGraph() compares calibrated scores with thresholds", () => {
  const logits = { entityLogits: ENTITIES, relationLogits: EVEN };
  const calibration = {
    entity: (score: number) => score / 2,
    relation: (score: number) => score / 4,
  };
  const graph = (threshold: number) =>
    decodeGraph(logits, PLANE, VOCABULARY, { threshold, calibration });
  assertClose(graph(0).entities.map(({ score }) => score), [0.4, 0.3], 1e-7);
  // 0.8 * 0.6 / 3 / 4; entities count with their own probabilities.
  assertClose(graph(0).relations.map(({ score }) => score), [0.04, 0.04], 1e-7);
  assertEquals([graph(0.03), graph(0.05)].map(({ relations }) => relations.length), [
    2,
    0,
  ]);
});
