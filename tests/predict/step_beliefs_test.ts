import { assertEquals } from "@std/assert";
import { decodeGraph } from "../../src/decode_graph.ts";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { stepBeliefs } from "../../src/predict/step_beliefs.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { assertClose } from "../_assert.ts";
import { smallCheckpointBytes } from "../_samples.ts";

const vocabulary = new Vocabulary({
  entities: ["a", "b", "c", "d", "e"],
  predicates: ["on"],
});
const logs = (...values: number[]) => Float32Array.from(values, Math.log);
/** Two entities; the pairs 00, 01, 10, 11 with "on" and "no relation". */
const BEFORE = {
  entityLogits: logs(0.4, 0.3, 0.2, 0.06, 0.04, 0.9, 0.04, 0.03, 0.02, 0.01),
  relationLogits: logs(0.5, 0.5, 0.25, 0.75, 0.1, 0.9, 0.5, 0.5),
};
const AFTER = {
  entityLogits: logs(0.05, 0.1, 0.15, 0.6, 0.1, 0.9, 0.04, 0.03, 0.02, 0.01),
  relationLogits: logs(0.5, 0.5, 0.5, 0.5, 0.2, 0.8, 0.5, 0.5),
};
const plane = {
  boxes: Float32Array.of(0, 0, 5, 5, 1, 1, 9, 9),
  width: 9,
  height: 9,
};

Deno.test("stepBeliefs() keeps each label that was among the likeliest three", () => {
  const graph = decodeGraph(AFTER, plane, vocabulary);
  const [before, after] = stepBeliefs([BEFORE, AFTER], graph, {}, vocabulary);
  const names = (of: typeof before) => of.entities[0].map(({ label }) => label).join("");
  // a, b, c lead before; d, c and then b, the first of two equals, after.
  assertEquals([names(before), names(after)], ["dcba", "dcba"]);
  const scores = (of: typeof before) => of.entities[0].map(({ score }) => score);
  assertClose(scores(before), [0.06, 0.2, 0.3, 0.4], 1e-6);
  assertClose(scores(after), [0.6, 0.15, 0.1, 0.05], 1e-6);
  // The best relation is d on a (0 -> 1): 0.06 · 0.25 · 0.9, 0.6 · 0.5 · 0.9.
  assertEquals([graph.relations[0].subject, graph.relations[0].object], [0, 1]);
  assertClose([before.relations[0]], [0.0135], 1e-6);
  assertClose([after.relations[0]], [0.27], 1e-6);
});

Deno.test("stepBeliefs() shows a label that is kept as it is", () => {
  const given = [
    { labelIndex: 1, score: 1, isKept: true },
    { labelIndex: 0, score: 0.9, isKept: false },
  ];
  const graph = decodeGraph(AFTER, { ...plane, given }, vocabulary);
  const steps = stepBeliefs([BEFORE, AFTER], graph, { given }, vocabulary);
  for (const { entities } of steps) assertEquals(entities[0], [{ label: "b", score: 1 }]);
  const of01 = graph.relations.findIndex(({ subject }) => subject === 0);
  assertClose(steps.map(({ relations }) => relations[of01]), [0.225, 0.45], 1e-6);
});

Deno.test("stepBeliefs() count classes that go by one name as one", () => {
  const groups = [[{ label: "d or e", classes: [3, 4] }], []];
  const graph = decodeGraph(AFTER, { ...plane, groups }, vocabulary);
  const steps = stepBeliefs([BEFORE, AFTER], graph, { groups }, vocabulary);
  const [first] = steps.map(({ entities }) => entities[0]);
  assertEquals(first.map(({ label }) => label), ["d or e", "c", "b", "a"]);
  assertClose(first.map(({ score }) => score), [0.1, 0.2, 0.3, 0.4], 1e-6);
  assertClose([steps[1].entities[0][0].score], [0.7], 1e-6);
  // 0 -> 1 is the best: (0.06 + 0.04) · 0.25 · 0.9, (0.6 + 0.1) · 0.5 · 0.9.
  assertClose(steps.map(({ relations }) => relations[0]), [0.0225, 0.315], 1e-6);
});

Deno.test("predict() returns the beliefs before the first step and after each", async () => {
  using sgp = await SceneGraphPredictor.load(smallCheckpointBytes(), { backend: "wasm" });
  const input = {
    boxes: [[10, 10, 60, 90], [5, 60, 95, 99]],
    imageWidth: 100,
    imageHeight: 100,
    entityLabels: ["man", "table"],
    entityScores: [0.8, 0.9],
  };
  const graph = await sgp.predict(input, { steps: true });
  assertEquals(graph.steps!.length, 3); // two steps
  const first = graph.steps![0].entities.map((labels) =>
    labels.find(({ label }) => label === "man" || label === "table")!.score
  );
  assertClose(first, [0.8, 0.9], 1e-5); // what was given
  for (const [i, { label, score }] of graph.entities.entries()) {
    const [likeliest] = graph.steps![2].entities[i];
    assertEquals(likeliest.label, label);
    assertClose([likeliest.score], [score], 1e-5); // not calibrated
  }
  assertClose(graph.steps![2].relations, graph.relations.map(({ score }) => score), 1e-5);
  const without = await sgp.predict(input, { steps: true, context: false });
  assertEquals(without.steps!.length, 1);
  assertEquals("steps" in await sgp.predict(input), false);
});
