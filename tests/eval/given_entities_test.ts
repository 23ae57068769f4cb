/** Labels and boxes that a task gives must be the annotated ones. */

import { assertEquals, assertThrows } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { alignEntities } from "../../src/eval/given_entities.ts";
import type { Prediction } from "../../src/eval/prediction.ts";
import type { Task } from "../../src/eval/protocol.ts";
import { imageOf, separateBoxes } from "./_toy.ts";

const truth = imageOf([4, 5, 6], [[0, 1, 0], [2, 0, 1]]);
const rows = (boxes: ArrayLike<number>, order: number[]) =>
  order.flatMap((i) => Array.from(boxes).slice(4 * i, 4 * i + 4));

function assertRefused(message: string, prediction: Prediction, task: Task = "predcls") {
  assertThrows(
    () => new RecallEvaluator("motifs", { task }).add(truth, prediction),
    RangeError,
    message,
  );
}

Deno.test("alignEntities() refuses labels in another order if there are no boxes", () => {
  const list = { triplets: [0, 1, 0], entityLabels: [6, 5, 4] };
  for (const task of ["predcls", "preddet"] as const) {
    assertRefused(
      `Cannot score image "a" as its label 0 must be the annotated class 4 in ${task}: found 6; entities in another order are found if "boxes" are given`,
      list,
      task,
    );
  }
  assertRefused("3 entities need 3 labels: found 2", { ...list, entityLabels: [4, 5] });
  assertEquals(alignEntities(truth, list, "sgcls").prediction, list);
});

Deno.test("alignEntities() finds entities in another order by box and label", () => {
  const order = [2, 0, 1]; // their entity 0 is our 2, ...
  const boxes = rows(truth.boxes, order), entityLabels = order.map((i) => 4 + i);
  const pairs = {
    boxes,
    entityLabels,
    pairs: [1, 2, 0, 1],
    predicateScores: [1, 0, 0, 1],
  };
  const evaluator = new RecallEvaluator("motifs", { task: "predcls", ks: [2] });
  const { values, warnings } = evaluator.add(truth, pairs).result();
  assertEquals(values[0].value, 1);
  assertEquals(warnings, [
    'Entities are in another order than annotated (1 image, first "a"): they were found by their boxes',
  ]);
  const list = { boxes, entityLabels, triplets: [1, 2, 0, 0, 1, 1] };
  const { prediction, isReordered } = alignEntities(truth, list, "preddet");
  assertEquals(isReordered, true);
  assertEquals("triplets" in prediction && prediction.triplets, [0, 1, 0, 2, 0, 1]);
  // SGCls predicts the labels: they go with their boxes.
  const sgcls = alignEntities(truth, { ...list, entityLabels: [9, 4, 5] }, "sgcls");
  assertEquals(
    "triplets" in sgcls.prediction && Array.from(sgcls.prediction.entityLabels!),
    [4, 5, 9],
  );
});

Deno.test("alignEntities() reorders probabilities of everything", () => {
  const two = imageOf([0, 1], [[0, 1, 0]]);
  const { prediction } = alignEntities(two, {
    boxes: rows(two.boxes, [1, 0]),
    entityProbabilities: [0.1, 0.9, 0.8, 0.2],
    relationProbabilities: [0, 0, 0.1, 0.9, 0.7, 0.3, 0, 0],
  }, "sgcls");
  assertEquals(prediction, {
    entityProbabilities: Float64Array.of(0.8, 0.2, 0.1, 0.9),
    relationProbabilities: Float64Array.of(0, 0, 0.7, 0.3, 0.1, 0.9, 0, 0),
  });
});

Deno.test("alignEntities() says why entities cannot be found", () => {
  const boxes = separateBoxes(3), triplets = [0, 1, 0];
  assertRefused(
    "its entity 1 with the box [100, 0, 109, 9] must be of the annotated class 5 in predcls, once: found class 4",
    { boxes, triplets, entityLabels: [4, 4, 6] },
  );
  assertRefused(
    "its box 3 must be one of the 3 annotated ones in predcls: found [1, 2, 3, 4]",
    { boxes: [...boxes, 1, 2, 3, 4], triplets, entityLabels: [4, 5, 6, 4] },
  );
  const large = { ...truth, width: 300, height: 300 };
  const seven = Array.from({ length: 7 }, (_, i) => [30 * i, 10, 30 * i + 20, 60]).flat();
  const image = { ...imageOf([0, 1, 2, 3, 4, 5, 6], [], { boxes: seven }), ...large };
  const resized = { triplets, boxes: seven.map((x) => x * 2) };
  assertThrows(
    () =>
      alignEntities(
        {
          ...image,
          boxes: Float32Array.from(seven),
          entityLabels: Int32Array.of(0, 1, 2, 3, 4, 5, 6),
        },
        resized,
        "sgcls",
      ),
    RangeError,
    "the boxes are of images of another resolution, 2.00 times as wide",
  );
});
