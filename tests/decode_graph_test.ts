import { assertEquals } from "@std/assert";
import { decodeGraph } from "../src/decode_graph.ts";
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
