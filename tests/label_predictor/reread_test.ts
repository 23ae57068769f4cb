import { assert, assertEquals, assertThrows } from "@std/assert";
import { RELATION_FORMS } from "../../src/config.ts";
import type { LabelPredictor } from "../../src/label_predictor/label_predictor.ts";
import { labelPredictorFrom } from "../../src/label_predictor/load.ts";
import { rereaderOf, rereadRelations } from "../../src/label_predictor/reread.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, smallCheckpoint, VOCABULARY } from "../_samples.ts";

const LN3 = Math.log(3);

/** Says that a pair's logits are the beliefs in class 0 of its subject and of its object. */
const ECHO: LabelPredictor = {
  name: "frequency",
  predictRelations: ({ entityProbabilities: p }) => {
    const n = p.length / 2;
    const logits = new Float32Array(n * n * 2);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) logits.set([p[2 * i], p[2 * j]], 2 * (i * n + j));
    }
    return logits;
  },
  toArrays: () => ({}),
};

/** Three entities; the first is certain. Every pair has the logits 5 and 6. */
const IMAGE = {
  boxes: Float32Array.from({ length: 12 }, (_, k) => k % 4 < 2 ? 0 : 9),
  ...{ width: 9, height: 9 },
  entityLogits: Float32Array.of(50, 0, 0, 0, 0, 0),
  relationLogits: Float32Array.from({ length: 18 }, (_, k) => k % 2 ? 6 : 5),
};
/** The network believes 3/4 and 1/4 of the others, and would overturn the certain one. */
const OUTPUT = {
  entityLogits: Float32Array.of(0, 50, LN3, 0, 0, LN3),
  relationLogits: Float32Array.from({ length: 18 }, (_, k) => k % 2 ? 8 : 5.5),
};

Deno.test("rereadRelations() reads from the revised beliefs, certain labels stay", async () => {
  const { relationLogits } = await rereadRelations(IMAGE, OUTPUT, ECHO, "reread");
  const row = (i: number, j: number) =>
    relationLogits.slice(2 * (3 * i + j), 2 * (3 * i + j) + 2);
  // With one predicate the log-odds of a relation were 5 - 6, and 5.5 - 8 after the network.
  const change = -2.5 - -1;
  assertClose(row(0, 1), [1 + change, 0.75], 1e-6);
  assertClose(row(1, 2), [0.75 + change, 0.25], 1e-6);
  assertClose(row(2, 0), [0.25 + change, 1], 1e-6);
});

Deno.test("rereadRelations() changes the odds of a relation, not which one it is", async () => {
  // Two predicates, of 2 and 1 to 1, which the network makes 1 and 1 to 8.
  const three: LabelPredictor = {
    ...ECHO,
    predictRelations: () => new Float32Array(12).fill(Math.log(3)),
  };
  const pairs = (...odds: number[]) =>
    Float32Array.from({ length: 12 }, (_, k) => Math.log(odds[k % 3]));
  const image = {
    ...IMAGE,
    boxes: IMAGE.boxes.subarray(0, 8),
    entityLogits: new Float32Array(4),
    relationLogits: pairs(2, 1, 1),
  };
  const output = {
    entityLogits: Float32Array.of(0, 1, 1, 0),
    relationLogits: pairs(1, 1, 8),
  };
  const { relationLogits } = await rereadRelations(image, output, three, "reread");
  // From 3 : 1 to 2 : 8, a factor of 1 / 12.
  const expected = [Math.log(3 / 12), Math.log(3 / 12), Math.log(3)];
  assertClose(relationLogits.subarray(3, 6), expected, 1e-5);
});

Deno.test("rereadRelations() leaves the network's relations where labels are certain", async () => {
  const certain = { ...IMAGE, entityLogits: Float32Array.of(50, 0, 50, 0, 0, 0) };
  for (const form of RELATION_FORMS) {
    const { entityLogits, relationLogits } = await rereadRelations(
      certain,
      OUTPUT,
      ECHO,
      form,
    );
    assertEquals(entityLogits, OUTPUT.entityLogits);
    assertEquals([...relationLogits.slice(2, 4)], [5.5, 8]);
    assertEquals([...relationLogits.slice(6, 8)], [5.5, 8]);
  }
  assertEquals(await rereadRelations(IMAGE, OUTPUT, ECHO, "network"), OUTPUT);
});

Deno.test("rereadRelations() does not depend on the order of the entities", async () => {
  const { name, arrays } = smallCheckpoint().labelPredictor!;
  const predictor = labelPredictorFrom(name, arrays);
  const image = randomImage(4, "reread"), output = randomImage(4, "output");
  const order = [2, 0, 3, 1], c = VOCABULARY.numEntityClasses;
  const p = VOCABULARY.numPredicates;
  const entities = (x: Float32Array, width: number) =>
    Float32Array.from(order.flatMap((i) => [...x.subarray(i * width, (i + 1) * width)]));
  const pairs = (x: Float32Array) =>
    Float32Array.from(
      order.flatMap((i) =>
        order.flatMap((j) => [...x.subarray((4 * i + j) * p, (4 * i + j + 1) * p)])
      ),
    );
  const permuted = <
    T extends { entityLogits: Float32Array; relationLogits: Float32Array },
  >(
    x: T,
  ): T => ({
    ...x,
    entityLogits: entities(x.entityLogits, c),
    relationLogits: pairs(x.relationLogits),
  });
  const before = await rereadRelations(image, output, predictor, "reread");
  const moved = { ...permuted(image), boxes: entities(image.boxes, 4) };
  const after = await rereadRelations(moved, permuted(output), predictor, "reread");
  assertClose(after.relationLogits, pairs(before.relationLogits), 1e-5);
  assert(
    before.relationLogits.some((x, k) => Math.abs(x - output.relationLogits[k]) > 1),
  );
});

Deno.test("rereaderOf() needs a sound label predictor, or none for the network's relations", async () => {
  const images = [randomImage(2, "a")], outputs = [randomImage(2, "b")];
  assertEquals(await rereaderOf("reread")(images, outputs), outputs);
  const stored = { name: "frequency", arrays: {} };
  assertEquals(await rereaderOf("network", stored)(images, outputs), outputs);
  assertThrows(() => rereaderOf("reread", stored), RangeError, "must");
});
