import { assertEquals } from "@std/assert";
import { PRESETS, type SgpConfig } from "../../src/config.ts";
import type { Example } from "../../src/example.ts";
import { tf } from "../../src/deps/tf.ts";
import { Batch } from "../../src/model/batch.ts";
import { hasRelation, type LossConfig, lossOf, Targets } from "../../src/train/loss.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp } from "../_samples.ts";

/** P = 4: predicates 0, 1, 2 and "no relation". C = 5. */
const DEFAULT = smallConfig("gpi_mean"),
  PAPER = { ...DEFAULT, features: "paper" as const };
/** A ratio of 10, as in the paper. */
const LOSS: LossConfig = { ...PRESETS.small.train, negativeRatio: 10 };
const PAPER_LOSS: LossConfig = { ...LOSS, loss: "paper" };

/** Three entities; 0 -> 1 has two predicates, 1 -> 2 the same one twice. */
const IMAGE: Example = {
  ...randomImage(3),
  entityLabels: Int32Array.of(4, 0, 2),
  relations: Int32Array.of(...[0, 1, 2], ...[0, 1, 0], ...[1, 2, 2], ...[1, 2, 2]),
};

/** Rows of entities and relations, and weights. */
async function targetsOf(
  images: readonly Example[],
  config: SgpConfig,
  loss: LossConfig,
  isValidation = false,
) {
  const batch = new Batch(images, config);
  const targets = new Targets(images, batch, config, loss, isValidation);
  const values = {
    entities: await targets.entities.array(),
    relations: await targets.relations.array(),
    weights: await targets.weights.array(),
  };
  targets.dispose();
  batch.dispose();
  return values;
}

const NONE = [0, 0, 0, 1];

testOnEachBackend("Targets share a pair among all of its predicates", async () => {
  for (const isValidation of [false, true]) {
    const { entities, relations, weights } = await targetsOf(
      [IMAGE],
      DEFAULT,
      LOSS,
      isValidation,
    );
    assertEquals(entities, [[0, 0, 0, 0, 1], [1, 0, 0, 0, 0], [0, 0, 1, 0, 0]]);
    // 0 -> 1, 0 -> 2, 1 -> 0, 1 -> 2, 2 -> 0, 2 -> 1
    const both = [0.5, 0, 0.5, 0];
    assertEquals(relations, [both, NONE, NONE, [0, 0, 1, 0], NONE, NONE]);
    const unrelated = 2 / 4 / 10; // two related pairs, four others
    assertClose(weights, [1, unrelated, unrelated, 1, unrelated, unrelated], 1e-8);
  }
});

testOnEachBackend(
  "Targets of the paper have the last predicate and defects 4, 5",
  async () => {
    const { relations, weights } = await targetsOf([IMAGE], PAPER, PAPER_LOSS);
    // 0 -> 0, 0 -> 1, 0 -> 2, 1 -> 0, 1 -> 1, 1 -> 2, 2 -> 0, 2 -> 1, 2 -> 2
    const rows = Array.from({ length: 9 }, () => NONE);
    rows[1] = [1, 0, 0, 0];
    rows[5] = [0, 0, 1, 0];
    assertEquals(relations, rows);
    // Predicate P-2 = 2 is not counted, self pairs are: 1 related, 7 others.
    const w = 1 / 7 / 10;
    assertClose(weights, [0, 1, w, w, 0, 1, w, w, 0], 1e-8);
    const validation = await targetsOf([IMAGE], PAPER, PAPER_LOSS, true);
    assertEquals(validation.weights, [0, 1, 0, 0, 0, 1, 0, 0, 0]);
  },
);

testOnEachBackend("Targets weigh each image of a batch by its own counts", async () => {
  const pair = {
    ...randomImage(2),
    entityLabels: Int32Array.of(1, 1),
    relations: Int32Array.of(1, 0, 1),
  };
  const alone = { ...randomImage(1), entityLabels: Int32Array.of(3) };
  const { relations, weights, entities } = await targetsOf(
    [pair, alone, IMAGE],
    DEFAULT,
    { ...LOSS, negativeRatio: 2 },
  );
  assertEquals(relations.slice(0, 2), [NONE, [0, 1, 0, 0]]);
  assertClose(weights, [1 / 1 / 2, 1, 1, 0.25, 0.25, 1, 0.25, 0.25], 1e-8);
  assertEquals(entities[2], [0, 0, 0, 1, 0]);
  const full = { ...pair, relations: Int32Array.of(0, 1, 0, 1, 0, 0) };
  assertEquals((await targetsOf([full], DEFAULT, LOSS)).weights, [1, 1]);
});

testOnEachBackend(
  "Targets weigh all pairs alike with a negative ratio of 0",
  async () => {
    const loss = { ...LOSS, negativeRatio: 0 };
    for (const isValidation of [false, true]) {
      const { weights } = await targetsOf([IMAGE], DEFAULT, loss, isValidation);
      assertEquals(weights, [1, 1, 1, 1, 1, 1]);
    }
    // Self pairs, which only the paper has, still weigh nothing.
    const { weights } = await targetsOf([IMAGE], PAPER, {
      ...PAPER_LOSS,
      negativeRatio: 0,
    });
    assertEquals(weights, [0, 1, 1, 1, 0, 1, 1, 1, 0]);
  },
);

testOnEachBackend("lossOf() sums over pairs, entities and steps", async () => {
  const sgp = smallSgp(DEFAULT);
  const batch = new Batch([IMAGE], DEFAULT);
  const targets = new Targets([IMAGE], batch, DEFAULT, LOSS);
  const logits = { entities: tf.zeros([3, 5]), relations: tf.zeros([6, 4]) } as {
    entities: tf.Tensor2D;
    relations: tf.Tensor2D;
  };
  const valueOf = async (
    steps: number,
    config: SgpConfig,
    change: Partial<LossConfig> = {},
  ) => {
    const loss = lossOf(
      Array(steps).fill(logits),
      targets,
      sgp.parameters,
      config,
      { ...LOSS, ...change },
    );
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
  // Equal logits: each pair costs ln 4 times its weight, each entity ln 5 times 4.
  const pairs = (2 + 4 * 0.05) * Math.log(4), entities = 3 * Math.log(5);
  const cases: [number, number][] = [
    [await valueOf(1, DEFAULT), pairs + 4 * entities],
    [await valueOf(2, DEFAULT), 2 * (pairs + 4 * entities)],
    [await valueOf(1, DEFAULT, { entityWeight: 0.5 }), pairs + 0.5 * entities],
    [await valueOf(1, { ...DEFAULT, relationsOnly: true }), pairs],
  ];
  let squares = 0;
  for (const { data } of await sgp.parameters.values()) {
    for (const value of data) squares += value * value;
  }
  cases.push([
    await valueOf(1, DEFAULT, { regularization: 0.3 }),
    pairs + 4 * entities + 0.15 * squares,
  ]);
  for (const [found, expected] of cases) assertClose([found], [expected], 1e-4);
  await assertNoLeak(() => valueOf(2, DEFAULT, { regularization: 1 }));
  await assertNoLeak(() => new Targets([IMAGE], batch, DEFAULT, LOSS).dispose());
  tf.dispose([logits.entities, logits.relations]);
  targets.dispose();
  batch.dispose();
  sgp.dispose();
});

Deno.test("hasRelation() tells whether an image has a relation", () => {
  assertEquals(hasRelation(IMAGE), true);
  assertEquals(hasRelation({ relations: new Int32Array(0) }), false);
});
