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

async function rows(form: typeof RELATION_FORMS[number]) {
  const { relationLogits } = await rereadRelations(IMAGE, OUTPUT, ECHO, form);
  return (i: number, j: number) => relationLogits.slice(2 * (3 * i + j)).slice(0, 2);
}

Deno.test("rereadRelations() reads from the revised beliefs, certain labels stay", async () => {
  const row = await rows("reread");
  assertClose(row(0, 1), [1, 0.75], 1e-6);
  assertClose(row(1, 2), [0.75, 0.25], 1e-6);
  assertClose(row(2, 0), [0.25, 1], 1e-6);
});

Deno.test("rereadRelations() can add the network's own change", async () => {
  const row = await rows("added"); // 5.5 - 5 and 8 - 6
  assertClose(row(0, 1), [1.5, 2.75], 1e-6);
  assertClose(row(2, 1), [0.75, 2.75], 1e-6);
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
  for (const form of ["added", "reread"] as const) {
    const before = await rereadRelations(image, output, predictor, form);
    const moved = {
      ...permuted(image),
      boxes: entities(image.boxes, 4),
    };
    const after = await rereadRelations(moved, permuted(output), predictor, form);
    assertClose(after.relationLogits, pairs(before.relationLogits), 1e-5);
    assert(
      before.relationLogits.some((x, k) => Math.abs(x - output.relationLogits[k]) > 1),
    );
  }
});

Deno.test("rereaderOf() needs a sound label predictor, or none for the network's relations", async () => {
  const images = [randomImage(2, "a")], outputs = [randomImage(2, "b")];
  assertEquals(await rereaderOf("reread")(images, outputs), outputs);
  const stored = { name: "frequency", arrays: {} };
  assertEquals(await rereaderOf("network", stored)(images, outputs), outputs);
  assertThrows(() => rereaderOf("added", stored), RangeError, "must");
});
