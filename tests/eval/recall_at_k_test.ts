import { assertEquals, assertThrows } from "@std/assert";
import { recallAtK } from "../../src/eval/recall_at_k.ts";
import type { SceneGraph } from "../../src/scene_graph.ts";

const entity = (labelIndex: number, x: number): SceneGraph["entities"][number] => {
  return { label: `${labelIndex}`, labelIndex, score: 1, box: [x, 0, x + 9, 9] };
};
const relation = (subject: number, object: number, predicateIndex: number, score = 1) => {
  return { subject, object, predicate: `${predicateIndex}`, predicateIndex, score };
};
const truth: SceneGraph = {
  imageWidth: 100,
  imageHeight: 100,
  entities: [entity(0, 0), entity(1, 50)],
  relations: [relation(0, 1, 0), relation(1, 0, 1), relation(0, 1, 2)],
};

Deno.test("recallAtK() counts true relations among the best K", () => {
  // Entities come in the opposite order, and relations by ascending score.
  const predicted = {
    ...truth,
    entities: [entity(1, 50), entity(0, 0)],
    relations: [relation(1, 0, 2, 0.1), relation(0, 1, 1, 0.5), relation(1, 0, 0, 0.9)],
  };
  assertEquals(recallAtK(truth, predicted, { k: 1 }), 1 / 3);
  assertEquals(recallAtK(truth, predicted), 2 / 3);
  assertEquals(recallAtK(truth, predicted, { graphConstraint: false }), 1);
});

Deno.test("recallAtK() follows a protocol, and has no value without relations", () => {
  // The last predicate of a pair counts: 2 for (0, 1) and 1 for (1, 0).
  const predicted = { ...truth, relations: [relation(0, 1, 0)] };
  assertEquals(recallAtK(truth, predicted, { protocol: "sgp" }), 0);
  assertEquals(recallAtK({ ...truth, relations: [] }, predicted), NaN);
  assertThrows(
    () => recallAtK(truth, predicted, { k: 0 }),
    RangeError,
    "Cannot compute recall@K as k must be an integer from 1 to 65000: current value is 0",
  );
});
