import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Confidence } from "../../src/confidence/confidence.ts";
import { calibrated } from "../../src/confidence/platt.ts";
import type { PredictInput } from "../../src/predict/input.ts";
import { type PredictOptions, SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { commonThresholdNote } from "../../tasks/_cli/predict/notes.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, smallCheckpointBytes } from "../_samples.ts";

const CONFIDENCE: Confidence = {
  entities: { intercept: -0.5, slope: 0.75 },
  relations: { intercept: 1, slope: 0.5 },
  // Of nine entities, whose true class got 0.02, 0.04, ..., 0.18.
  labelSets: {
    groups: new Int32Array(5),
    starts: Int32Array.of(0, 9),
    probabilities: Float32Array.from({ length: 9 }, (_, i) => 0.02 * (i + 1)),
  },
  thresholds: Float32Array.of(0.3, 0.4, 0.35),
  hasOwnThreshold: Int32Array.of(1, 1, 1),
};

const load = (confidence?: Confidence) =>
  SceneGraphPredictor.load(smallCheckpointBytes("gpi_mean", { confidence }), {
    backend: "wasm",
  });

/** Five entities, of which the third is certain. */
function input(): PredictInput {
  const { width, height, boxes, entityLogits, relationLogits } = randomImage(5, "sure");
  entityLogits.set([40, 0, 0, 0, 0], 10);
  const size = { imageWidth: width, imageHeight: height };
  return { ...size, boxes, entityLogits, relationLogits };
}

Deno.test("predict() gives calibrated scores, in the same order", async () => {
  using plain = await load(), measured = await load(CONFIDENCE);
  const raw = await plain.predict(input());
  const graph = await measured.predict(input());
  assertEquals(
    graph.entities.map(({ label }) => label),
    raw.entities.map(({ label }) => label),
  );
  assertClose(
    graph.entities.map(({ score }) => score),
    // What is certain in the input stays.
    raw.entities.map(({ score }, i) =>
      i === 2 ? 1 : calibrated(CONFIDENCE.entities, score)
    ),
    1e-12,
  );
  assertEquals(
    graph.relations.map(({ score: _, ...relation }) => relation),
    raw.relations.map(({ score: _, ...relation }) => relation),
  );
  assertClose(
    graph.relations.map(({ score }) => score),
    raw.relations.map(({ score }) => calibrated(CONFIDENCE.relations, score)),
    1e-12,
  );
  // Without context the network's calibration means nothing.
  const options = { context: false };
  assertEquals(
    await measured.predict(input(), options),
    await plain.predict(input(), options),
  );
});

Deno.test('predict() with "best-f1" has a limit for each predicate', async () => {
  using measured = await load(CONFIDENCE);
  const all = await measured.predict(input());
  const best = await measured.predict(input(), { threshold: "best-f1" });
  const expected = all.relations.filter(({ predicateIndex, score }) =>
    score >= [0.3, 0.4, 0.35][predicateIndex]
  );
  assertEquals(best.relations, expected);
  assert(expected.length > 0 && expected.length < all.relations.length);
});

Deno.test("bestThresholds tells which predicates have a limit of their own", async () => {
  using measured = await load({ ...CONFIDENCE, hasOwnThreshold: Int32Array.of(1, 0, 1) });
  const best = measured.bestThresholds!;
  assertEquals(best.map(({ isOwn }) => isOwn), [true, false, true]);
  assertEquals(best.map(({ predicate }) => predicate), measured.vocabulary.predicates);
  assertClose(best.map(({ threshold }) => threshold), [0.3, 0.4, 0.35], 1e-7);
  assertEquals(commonThresholdNote(best), [
    `Limit 0.40 of all predicates together, as validation had too few examples: ${
      best[1].predicate
    }`,
  ]);
  assertEquals(commonThresholdNote(best.filter(({ isOwn }) => isOwn)), []);
  using plain = await load();
  assertEquals(plain.bestThresholds, undefined);
});

Deno.test("predict() with a coverage gives each entity its possible labels", async () => {
  using measured = await load(CONFIDENCE);
  const { entities } = await measured.predict(input(), { coverage: 0.6 });
  const scores = entities.map(({ labels }) => labels!.map(({ score }) => score));
  for (const [i, { label, labels }] of entities.entries()) {
    assertEquals(labels![0].label, label);
    assertEquals(scores[i].toSorted((a, b) => b - a), scores[i]);
    // floor((9 + 1) * 0.4) = 4th smallest: 0.08.
    assert(scores[i].every((score) => score >= 0.08 - 1e-7), `${scores[i]}`);
  }
  assertEquals(entities[2].labels, [{ label: "man", score: 1 }]);
  assert(scores.some(({ length }) => length > 1));
  const plain = await measured.predict(input());
  assert(plain.entities.every((entity) => !("labels" in entity)));
  // floor(10 * 0.05) = 0: too few entities for this coverage, so every class is possible.
  const wide = await measured.predict(input(), { coverage: 0.95 });
  assertEquals(wide.entities.map(({ labels }) => labels!.length), [5, 5, 1, 5, 5]);
  const [first] = wide.entities;
  assertClose([first.labels!.reduce((sum, { score }) => sum + score, 0)], [1], 1e-6);
});

Deno.test("predict() refuses what needs a calibration that is missing", async () => {
  using plain = await load(), measured = await load(CONFIDENCE);
  const retrain = "as the checkpoint has no calibration: train it again";
  const network = "as it needs the network: leave out context: false";
  const cases: [SceneGraphPredictor, PredictOptions, string][] = [
    [plain, { threshold: "best-f1" }, `threshold "best-f1" ${retrain}`],
    [plain, { coverage: 0.9 }, `coverage ${retrain}`],
    [measured, { threshold: "best-f1", context: false }, `"best-f1" ${network}`],
    [measured, { coverage: 0.9, context: false }, `coverage ${network}`],
  ];
  for (const [sgp, options, message] of cases) {
    await assertRejects(
      () => sgp.predict(input(), options),
      RangeError,
      message,
    );
  }
});

Deno.test("predict() refuses a coverage that is no probability", async () => {
  using measured = await load(CONFIDENCE);
  for (const coverage of [0, 1, -0.5, NaN]) {
    await assertRejects(
      () => measured.predict(input(), { coverage }),
      RangeError,
      `Cannot predict as coverage must be a number between 0 and 1: found ${coverage}`,
    );
  }
});
