import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Detections } from "../../src/detections.ts";
import { fromTransformersJs } from "../../src/foreign/detections/transformers_js.ts";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { isRevised } from "../../src/scene_graph.ts";
import { assertClose } from "../_assert.ts";
import { smallCheckpointBytes } from "../_samples.ts";

const SHIPPED = new URL(
  "../../checkpoints/gpi_linguistic_pretrained.safetensors",
  import.meta.url,
);
const loadShipped = () => SceneGraphPredictor.load(SHIPPED, { backend: "wasm" });

/** Detections of names and scores, each box 100 pixels wide and apart from the others. */
function named(...rows: [label: string, score: number, xmin: number][]): Detections {
  return fromTransformersJs(
    rows.map(([label, score, xmin]) => ({
      ...{ label, score },
      box: { xmin, ymin: 100, xmax: xmin + 100, ymax: 300 },
    })),
    { imageWidth: 640, imageHeight: 480 },
  );
}

Deno.test("predict() of detections has all entities in their order, the unknown ones marked", async () => {
  using sgp = await loadShipped();
  const detections = named(
    ["drone", 0.8, 0],
    ["person", 0.9, 120],
    ["zucchini", 0.4, 240],
    ["dining table", 0.7, 360],
    ["Dog", 0.6, 480],
  );
  const graph = await sgp.predict(detections, { attention: true, steps: true });
  const known = [1, 3, 4];
  assertEquals(graph.entities.map(({ known }) => known), [
    ...[false, undefined, false, undefined, undefined],
  ]);
  assertEquals(graph.entities[0], {
    ...{ label: "drone", labelIndex: -1, score: 0.8, box: [0, 100, 100, 300] },
    ...{ known: false, detected: { label: "drone", score: 0.8 } },
  });
  assertEquals(graph.entities.map(({ detected }) => detected?.label), [
    ...["drone", "person", "zucchini", "dining table", "Dog"],
  ]);
  assertEquals(graph.relations.length, 6); // of three entities
  for (const { subject, object } of graph.relations) {
    assert(known.includes(subject) && known.includes(object));
  }
  for (const { entities } of graph.steps!) {
    assertEquals(entities.length, 5);
    assertEquals(entities[2], [{ label: "zucchini", score: 0.4 }]);
  }
  assertEquals(graph.steps!.at(-1)!.entities[1][0].label, graph.entities[1].label);
  const { nodes, graph: weights } = graph.attention!.at(-1)!;
  assertEquals([nodes.length, weights.length], [25, 5]);
  for (let i = 0; i < 5; i++) {
    const row = nodes.subarray(5 * i, 5 * i + 5), isKnown = known.includes(i);
    assertClose([row.reduce((sum, value) => sum + value, 0)], [Number(isKnown)], 1e-5);
    assertEquals([row[0], row[2], isKnown || weights[i] === 0], [0, 0, true]);
  }
  assertEquals(graph.detections?.mapped.map(({ from, to }) => [from, to]), [
    ["drone", []],
    ["person", ["man", "woman", "child"]],
    ["zucchini", []],
    ["dining table", ["table"]],
  ]);
});

Deno.test("predict() calls an entity by the detector's word, not by a kind of it", async () => {
  using sgp = await loadShipped(); // it has man, woman and child, but no person
  const { entities: names } = sgp.vocabulary;
  const kinds = ["man", "woman", "child"].map((name) => names.indexOf(name));
  const detections = named(["person", 0.7, 0], ["dog", 0.6, 120]);
  for (const options of [{}, { context: false }, { labels: "keep" }] as const) {
    const { entities: [person] } = await sgp.predict(detections, options);
    assertEquals([person.label, person.given?.label], ["person", "person"]);
    assert(kinds.includes(person.labelIndex));
    assertEquals(isRevised(person), false);
    assert(person.score > 0.6, `${person.score} is the score of one kind alone`);
  }
});

Deno.test("predict() of a person and a horse is what a detector prefers, however many persons there may be", async () => {
  using sgp = await loadShipped();
  const image = { imageWidth: 640, imageHeight: 480, classes: ["person", "horse"] };
  const boxes = Float32Array.of(0, 0, 200, 200);
  for (const [person, horse] of [[0.5, 0.45], [0.45, 0.5]]) {
    const detections = { ...image, boxes, beliefs: Float32Array.of(person, horse) };
    const { entities } = await sgp.predict(detections, { context: false });
    assertEquals(entities[0].label, person > horse ? "person" : "horse");
  }
});

Deno.test("predict() keeps a detector's label of score 1", async () => {
  using sgp = await loadShipped();
  const { entities, relations } = await sgp.predict(
    named(["horse", 1, 0], ["person", 1, 120], ["plate", 1, 240]),
  );
  assertEquals(entities.map(({ label }) => label), ["horse", "person", "plate"]);
  assertClose(entities.map(({ score }) => score), [1, 1, 1], 2e-6);
  assert(relations.length > 0);
});

Deno.test("predict() takes detections as lists, and refuses what are none", async () => {
  using sgp = await SceneGraphPredictor.load(smallCheckpointBytes(), { backend: "wasm" });
  const image = { imageWidth: 64, imageHeight: 48, classes: ["man", "hat"] };
  const lists = { ...image, boxes: [[1, 2, 30, 40]], beliefs: [[0.75, 0.25]] };
  const arrays = {
    ...image,
    boxes: Float32Array.of(1, 2, 30, 40),
    beliefs: Float32Array.of(0.75, 0.25),
  };
  // What `detect` prints is JSON, with lists.
  assertEquals(await sgp.predict(lists as never), await sgp.predict(arrays));
  for (
    const [change, message] of [
      [{ classes: undefined }, "classes must be a list of names: found nothing"],
      [{ classes: ["man", null] }, 'classes must be a list of names: found ["man",null]'],
      [{ boxes: null }, "boxes must be a list of numbers: found null"],
      [{ beliefs: 0.5 }, "beliefs must be a list of numbers: found 0.5"],
      [{ beliefs: [[0.5, "1"]] }, 'beliefs must have finite numbers: found "1"'],
      [{ power: 2n }, "power must be above 0: found 2n"],
    ] as const
  ) {
    await assertRejects(
      () => sgp.predict({ ...lists, ...change } as never),
      TypeError,
      `Cannot use the detections: ${message}`,
    );
  }
});

Deno.test("predict() of detections is that of the known ones alone", async () => {
  using sgp = await loadShipped();
  const [all, known] = await sgp.predictBatch([
    named(["drone", 0.8, 0], ["person", 0.9, 120], ["dog", 0.6, 360]),
    named(["person", 0.9, 120], ["dog", 0.6, 360]),
  ]);
  assertEquals(all.entities.slice(1), known.entities);
  assertEquals(
    all.relations,
    known.relations.map((relation) => ({
      ...relation,
      subject: relation.subject + 1,
      object: relation.object + 1,
    })),
  );
});

Deno.test("predict() without context keeps what a detector says", async () => {
  using sgp = await loadShipped();
  const detections = named(["dog", 0.6, 0], ["cup", 0.3, 120], ["bike", 0.05, 240]);
  const { entities } = await sgp.predict(detections, { context: false });
  assertEquals(entities.map(({ label }) => label), ["dog", "cup", "bicycle"]);
  assertClose(entities.slice(0, 2).map(({ score }) => score), [0.6, 0.3], 1e-3);
});

Deno.test("predict() takes detections of which no class is known, and none at all", async () => {
  using sgp = await SceneGraphPredictor.load(smallCheckpointBytes(), { backend: "wasm" });
  const unknown = await sgp.predict(named(["drone", 0.8, 0]), { attention: true });
  assertEquals([unknown.entities.length, unknown.relations.length], [1, 0]);
  const none = await sgp.predict(named());
  assertEquals([none.entities, none.relations], [[], []]);
});

Deno.test("predict() takes detections and other inputs in one batch", async () => {
  using sgp = await loadShipped();
  const input = {
    boxes: [[10, 10, 60, 90], [5, 60, 95, 99]],
    imageWidth: 100,
    imageHeight: 100,
    entityLabels: ["cup", "table"],
  };
  const [of, plain] = await sgp.predictBatch([named(["dog", 0.6, 0]), input]);
  assertEquals([of.entities.length, plain.entities.length], [1, 2]);
  assert(of.detections !== undefined && plain.detections === undefined);
  assertEquals(plain, await sgp.predict(input));
});

Deno.test("predict() passes on the options for detections", async () => {
  using sgp = await loadShipped();
  const detections = named(["dog", 0.6, 0], ["cup", 0.3, 120], ["car", 0.5, 560]);
  const { entities, detections: report, mended } = await sgp.predict(detections, {
    maxEntities: 2,
  });
  assertEquals(entities.map(({ detected }) => detected?.label), ["dog", "car"]);
  assertEquals(report?.counts, {
    ...{ detections: 3, entities: 2, merged: 0, leftOut: 1, unknown: 0 },
  });
  assertEquals(mended, { boxesCut: 1 });
  await assertRejects(
    () => sgp.predict(detections, { strict: true }),
    RangeError,
    "1 boxes were cut to their image",
  );
});
