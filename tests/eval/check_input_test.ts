/** What programs without types give an evaluator. */

import { assertEquals, assertThrows } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { TrainingTriplets } from "../../src/eval/zero_shot.ts";

// deno-lint-ignore no-explicit-any -- that is the point
type Any = any;

const image = {
  ...{ id: "7", width: 100, height: 100, entityLabels: [0, 1], relations: [0, 1, 1] },
  boxes: [0, 0, 50, 90, 10, 0, 40, 20],
};
const prediction = { pairs: [0, 1, 1, 0], predicateScores: [0.1, 0.7, 0.8, 0.1] };

const add = (image: Any, prediction: Any) =>
  new RecallEvaluator("motifs", { task: "predcls", ks: [1, 2], keepScores: true })
    .add(image, prediction);

Deno.test("RecallEvaluator takes plain lists", () => {
  // The pair (1, 0) has the greatest score, 0.8; the annotated row is the second.
  const values = add(image, prediction).result().values.map(({ value }) => value);
  assertEquals(values, [0, 1]);
  const triplets = new TrainingTriplets();
  triplets.add(image as Any);
  assertEquals([triplets.timesSeen(0, 1, 1), triplets.timesSeen(1, 1, 0)], [1, 0]);
});

const images: [fields: object, message: string][] = [
  [{ id: "" }, 'id must be a text that is not empty: found ""'],
  [{ id: 7 }, "id must be a text: found 7"],
  [{ width: 0 }, "width must be a number above 0: found 0"],
  [
    { boxes: [0, 0, 50, 90] },
    "boxes must be 4 numbers for each of 2 entities, [left, to",
  ],
  [
    { boxes: [[0, 0, 50, 90], [10, 0, 40, 20]] },
    "boxes[0] must be a number: found [",
  ],
  [{ boxes: "0 0 50 90" }, "boxes must be a list of numbers, or a typed array of them"],
  [{ entityLabels: ["man", "hat"] }, 'entityLabels[0] must be a number: found "man"'],
  [
    { entityLabels: [0, -1] },
    "entityLabels[1] must be the index of a class, a whole",
  ],
  [
    { entityLabels: new BigInt64Array(2) },
    "entityLabels must be a list of numbers, or a",
  ],
  [
    { relations: [0, 1] },
    "relations must be rows of 3 numbers, [subject, object, predic",
  ],
  [{ relations: [0, 2, 1] }, "relations[1] must be an index from 0 on, of a subject"],
  [
    { relations: undefined },
    "relations is missing, it must be a list of numbers, or a t",
  ],
  [{ annotated: {} }, "annotated.entityLabels is missing, it must be a list of numbers"],
];

for (const [fields, message] of images) {
  Deno.test(`RecallEvaluator.add() refuses an image with: ${message}`, () => {
    assertThrows(
      () => add({ ...image, ...fields }, prediction),
      Error,
      `Cannot use the annotated image: ${message}`,
    );
  });
}

const predictions: [prediction: unknown, message: string][] = [
  [undefined, "Cannot use the prediction: it is missing, it must be an object"],
  [
    { pair: [0, 1] },
    "it must be an object with relationProbabilities, with pairs and pre",
  ],
  [
    { pairs: [0, 1] },
    "predicateScores is missing, it must be a list of numbers, or a typ",
  ],
  [
    { ...prediction, entityScores: 1 },
    "entityScores must be a list of numbers, or a type",
  ],
  [
    { triplets: [0, 1, 1], unconstrained: {} },
    "unconstrained.triplets is missing, it mus",
  ],
];

for (const [value, message] of predictions) {
  Deno.test(`RecallEvaluator.add() refuses a prediction with: ${message}`, () => {
    assertThrows(() => add(image, value), TypeError, message);
  });
}

Deno.test("RecallEvaluator refuses a misspelt option, and what is no evaluator", () => {
  assertThrows(
    () => new RecallEvaluator("motifs", { tasks: "predcls" } as Any),
    TypeError,
    'tasks is not a known key; the nearest is "task"',
  );
  assertThrows(
    () => new RecallEvaluator("motifs").merge({} as Any),
    TypeError,
    "Cannot use the other evaluator: it must be a RecallEvaluator: found {...}",
  );
});
