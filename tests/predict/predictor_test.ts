import { pathToFileURL } from "node:url";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type LoadOptions, SceneGraphPredictor } from "../../src/predict/predictor.ts";
import type { PredictInput } from "../../src/predict/input.ts";
import { FrequencyPredictor } from "../../src/label_predictor/frequency.ts";
import { countRelations } from "../../src/label_predictor/relation_counts.ts";
import { Random } from "../../src/random.ts";
import { useBackend } from "../../src/kernels/backend.ts";
import { type VariantName, VARIANTS } from "../../src/config.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { BACKENDS, testOnEachBackend } from "../_backends.ts";
import { serveFolder } from "../_checkout_server.ts";
import { testInFolder } from "../_in_folder.ts";
import {
  randomImage,
  smallCheckpoint,
  smallCheckpointBytes,
  smallConfig,
  VOCABULARY,
} from "../_samples.ts";

const load = (variant?: VariantName) =>
  SceneGraphPredictor.load(smallCheckpointBytes(variant), { backend: "wasm" });

/** An input with entity and relation logits. */
function withLogits(n: number, seed = 0): PredictInput {
  const { width, height, boxes, entityLogits, relationLogits } = randomImage(n, seed);
  return {
    imageWidth: width,
    imageHeight: height,
    ...{ boxes, entityLogits, relationLogits },
  };
}

/** An input with labels only. */
const LABELS: PredictInput = {
  boxes: [[10, 10, 60, 90], [5, 60, 95, 99], [20, 0, 50, 20]],
  imageWidth: 100,
  imageHeight: 100,
  entityLabels: ["man", "table", 4],
  entityScores: [0.8, 0.9, 1],
};

const softmax = (logits: number[]) => {
  const powers = logits.map((logit) => Math.exp(logit));
  const total = powers.reduce((sum, value) => sum + value);
  return powers.map((value) => value / total);
};

Deno.test("predict() returns the likeliest labels, and relations best first", async () => {
  using sgp = await load();
  assertEquals(sgp.vocabulary, VOCABULARY.toJSON());
  const graph = await sgp.predict(withLogits(4));
  assertEquals([graph.imageWidth, graph.imageHeight], [100, 80]);
  assertEquals(graph.entities.length, 4);
  assertEquals(graph.relations.length, 12);
  for (const { label, labelIndex, score } of graph.entities) {
    assertEquals(label, VOCABULARY.entities[labelIndex]);
    assert(score > 1 / 5 && score <= 1); // the likeliest of five
  }
  const { boxes } = randomImage(4, 0);
  assertEquals(graph.entities.flatMap(({ box }) => [...box]), [...boxes]);
  for (const [i, relation] of graph.relations.entries()) {
    const { subject, object, predicate, predicateIndex, score } = relation;
    assert(subject !== object);
    assertEquals(predicate, VOCABULARY.predicates[predicateIndex]);
    assert(score > 0 && score <= (graph.relations[i - 1]?.score ?? 1));
  }
});

Deno.test("predict() keeps the best k relations", async () => {
  using sgp = await load();
  const all = await sgp.predict(withLogits(4), { k: 100 });
  const best = await sgp.predict(withLogits(4), { k: 3 });
  assertEquals(best, { ...all, relations: all.relations.slice(0, 3) });
  assertEquals((await sgp.predict(withLogits(4), { k: 0 })).relations, []);
  assertEquals(await sgp.predict(withLogits(4)), all);
  const many = await sgp.predict(withLogits(12)); // 132 pairs
  assertEquals(many.relations.length, 100);
});

Deno.test("predict() without context gives back what it was told", async () => {
  using sgp = await load();
  const { entities, relations } = await sgp.predict(LABELS, { context: false });
  assertEquals(entities.map(({ label }) => label), ["man", "table", "hat"]);
  assertClose(entities.map(({ score }) => score), [0.8, 0.9, 1], 1e-5);
  assertEquals(relations.length, 6);

  const logits = withLogits(2);
  const relationLogits = new Float32Array(2 * 2 * VOCABULARY.numPredicates);
  relationLogits[1 * VOCABULARY.numPredicates + 2] = 40; // man wearing hat, for sure
  const entityLogits = [40, 0, 0, 0, 0, 0, 0, 0, 0, 40];
  const input = { ...logits, entityLogits, relationLogits };
  const told = await sgp.predict(input, { context: false, k: 1 });
  const [{ subject, object, predicate, score }] = told.relations;
  assertEquals([subject, object, predicate], [0, 1, "wearing"]);
  assertClose([score], [1], 1e-6);
});

Deno.test("predict() takes an image under the names of own data, too", async () => {
  using sgp = await load();
  const { imageWidth, imageHeight, boxes, entityLabels, entityScores } = LABELS;
  const size = { width: imageWidth, height: imageHeight, boxes };
  const told = await sgp.predict(LABELS);
  const own = { ...size, labels: entityLabels, scores: entityScores };
  assertEquals(await sgp.predict(own), told);
  // The detector's labels, not the annotated ones.
  const annotated = Array.from({ length: told.entities.length }, () => 0);
  const seen = { ...own, labels: annotated, detectedLabels: entityLabels };
  assertEquals(await sgp.predict(seen), told);
  await assertRejects(
    () => sgp.predict({ ...LABELS, ...size }),
    RangeError,
    'Cannot predict as "width" and "imageWidth" must not both be given: found both',
  );
});

Deno.test("predict() takes labels by name or index, and lists or rows of boxes", async () => {
  using sgp = await load();
  const graph = await sgp.predict(LABELS);
  assertEquals(graph.entities.length, 3);
  const rows = LABELS.boxes as readonly (readonly number[])[];
  const sameOtherwise: PredictInput = {
    ...LABELS,
    boxes: Float32Array.from(rows.flat()),
    entityLabels: [0, 3, "hat"],
  };
  assertEquals(await sgp.predict(sameOtherwise), graph);
  const { entityScores: _, ...noScores } = LABELS;
  const scored = { ...LABELS, entityScores: [1, 1, 1] };
  assertEquals(await sgp.predict(noScores), await sgp.predict(scored));
});

Deno.test("predict() keeps a certain label, and every label if it is told to", async () => {
  for (const seed of [0, 1, 2, 3]) {
    const config = smallConfig("gpi_linguistic");
    const { parameters } = smallCheckpoint("gpi_linguistic", { config });
    // A network that is sure of other labels than the caller.
    const random = new Random("sure", seed);
    for (const [name, { data }] of parameters) {
      if (name.includes("nn_obj")) data.forEach((_, i) => data[i] = 9 * random.normal());
    }
    using sgp = await SceneGraphPredictor.load(
      smallCheckpointBytes("gpi_linguistic", { config, parameters }),
      { backend: "wasm" },
    );
    const names = ["man", "table", "hat"];
    const revised = await sgp.predict(LABELS);
    assertEquals(revised.entities.map(({ given }) => given?.label), names);
    assertClose(revised.entities.map(({ given }) => given!.score), [0.8, 0.9, 1], 1e-5);
    assertEquals(revised.entities[2].label, "hat"); // its score is 1
    assertClose([revised.entities[2].score], [1], 1e-5);
    const { entityScores: _, ...unscored } = LABELS;
    const kept = await sgp.predict(LABELS, { labels: "keep" });
    const certain = await sgp.predict(unscored);
    for (const { entities } of [kept, certain]) {
      assertEquals(entities.map(({ label }) => label), names);
    }
    assertClose(kept.entities.map(({ score }) => score), [0.8, 0.9, 1], 1e-5);
    // The network reads labels that are kept as certain ones: PredCls.
    const byPair = ({ entities, relations }: typeof kept) =>
      relations.map(({ subject, object, predicate, score }) => ({
        key: `${subject} ${predicate} ${object}`,
        score: score / entities[subject].score / entities[object].score,
      })).sort((a, b) => a.key < b.key ? -1 : 1);
    const [left, right] = [byPair(kept), byPair(certain)];
    assertEquals(left.map(({ key }) => key), right.map(({ key }) => key));
    assertClose(left.map(({ score }) => score), right.map(({ score }) => score), 1e-5);
  }
});

Deno.test("predict() refuses another mode for labels by name", async () => {
  using sgp = await load();
  await assertRejects(
    () => sgp.predict(LABELS, { labels: "change" as "keep" }),
    RangeError,
    'labels must be "keep" or "revise": found "change"',
  );
});

Deno.test("predict() completes relation logits with the label predictor of the checkpoint", async () => {
  // Zero weights and open gates make a model that returns its input logits.
  const checkpoint = smallCheckpoint("gpi_mean");
  for (const [name, { data }] of checkpoint.parameters) {
    const isGate = name.includes("forgate") && name.endsWith("biases");
    data.fill(isGate ? 40 : 0);
  }
  using sgp = await SceneGraphPredictor.load(
    smallCheckpointBytes("gpi_mean", { parameters: checkpoint.parameters }),
    { backend: "wasm" },
  );
  const images = [3, 4, 5].map((n) => randomImage(n, "frequency", n));
  const frequency = new FrequencyPredictor(countRelations(images, VOCABULARY));
  const { entityLogits, ...image } = randomImage(2, "frequency input");
  const rows = [entityLogits.subarray(0, 5), entityLogits.subarray(5)];
  const probabilities = rows.map((row) => softmax([...row]));
  const relationLogits = frequency.predictRelations({
    ...image,
    entityProbabilities: Float32Array.from(probabilities.flat()),
  });
  const { width: imageWidth, height: imageHeight, boxes } = image;
  const input = { imageWidth, imageHeight, boxes, entityLogits };
  const graph = await sgp.predict(input);
  const given = await sgp.predict({ ...input, relationLogits });
  const scores = (relations: typeof graph.relations) =>
    relations.map(({ score }) => score);
  assertClose(scores(graph.relations), scores(given.relations), 1e-6, "scores");
  for (const { subject, object, predicateIndex, score } of graph.relations) {
    const from = 4 * (2 * subject + object);
    const q = softmax([...relationLogits.subarray(from, from + 4)]);
    const p = Math.max(...probabilities[0]) * Math.max(...probabilities[1]);
    assertClose([score], [p * q[predicateIndex]], 1e-5, "score");
    assertEquals(Math.max(...q.slice(0, 3)), q[predicateIndex]);
  }
  // The score of a label is exactly its probability.
  const labelled = await sgp.predict(LABELS);
  assertEquals(labelled.entities.map(({ label }) => label), ["man", "table", "hat"]);
  assertClose(labelled.entities.map(({ score }) => score), [0.8, 0.9, 1], 1e-5);
});

testOnEachBackend(
  "predict() returns the attention of each step, whose rows sum to 1",
  async (backend, options) => {
    for (const variant of Object.keys(VARIANTS) as VariantName[]) {
      const bytes = smallCheckpointBytes(variant);
      using sgp = await SceneGraphPredictor.load(bytes, { backend, ...options });
      for (const measure of [true, "size"] as const) {
        const { attention } = await sgp.predict(withLogits(4), { attention: measure });
        const { pooling, context } = VARIANTS[variant];
        assertEquals(attention !== undefined, context && pooling !== "mean", variant);
        if (!attention) continue;
        assertEquals(attention.length, smallConfig(variant).steps);
        for (const { nodes, graph } of attention) {
          assertEquals([nodes.length, graph.length], [16, 4]);
          for (let i = 0; i < 4; i++) {
            const row = nodes.subarray(4 * i, 4 * i + 4);
            assertClose([row.reduce((sum, w) => sum + w, 0)], [1], 1e-5, `row ${i}`);
            assertEquals(row[i], 0);
          }
          assertClose([graph.reduce((sum, w) => sum + w, 0)], [1], 1e-5, "graph");
        }
      }
      assert(!("attention" in await sgp.predict(withLogits(4))));
    }
  },
);

Deno.test("predict() gives an empty graph for no boxes", async () => {
  using sgp = await load();
  const none = { imageWidth: 10, imageHeight: 20, boxes: [] };
  const empty = { imageWidth: 10, imageHeight: 20, entities: [], relations: [] };
  assertEquals(await sgp.predict({ ...none, entityLabels: [] }), empty);
  assertEquals(await sgp.predict({ ...none, entityLogits: [] }), empty);
  const alone = await sgp.predict({
    ...{ imageWidth: 10, imageHeight: 20 },
    boxes: [[0, 0, 10, 20]],
    entityLabels: ["cup"],
  }, { attention: true });
  assertEquals([alone.entities.length, alone.relations], [1, []]);
  assertEquals(alone.attention!.map(({ nodes }) => [...nodes]), [[0], [0]]);
});

Deno.test("predictBatch() gives each image the graph of predict()", async () => {
  using sgp = await load();
  const inputs = [withLogits(3, 1), withLogits(0, 2), LABELS, withLogits(1, 3)];
  const graphs = await sgp.predictBatch(inputs);
  for (const [i, input] of inputs.entries()) {
    const graph = await sgp.predict(input);
    const scores = (of: typeof graph) =>
      [...of.entities, ...of.relations].map(({ score }) => score);
    assertClose(scores(graphs[i]), scores(graph), 1e-6, `image ${i}`);
    const pairs = (of: typeof graph) =>
      of.relations.map(({ subject, object }) => [subject, object]);
    assertEquals(pairs(graphs[i]), pairs(graph));
  }
  assertEquals(await sgp.predictBatch([]), []);
});

testOnEachBackend(
  "SceneGraphPredictor leaves no tensor behind",
  async (backend, options) => {
    const bytes = smallCheckpointBytes();
    await assertNoLeak(async () => {
      using sgp = await SceneGraphPredictor.load(bytes, { backend, ...options });
      const expected = await useBackend(backend, options);
      assertEquals(sgp.backend, expected);
      await sgp.predict(withLogits(3));
      await sgp.predict(LABELS, { attention: true, steps: true });
      await assertRejects(() => sgp.predict({ ...LABELS, entityScores: [2, 1, 1] }));
    });
  },
);

for (const backend of BACKENDS.filter((name) => name !== "wasm").concat("cpu")) {
  testOnEachBackend(
    "SceneGraphPredictor works on wasm and another backend at once",
    async () => {
      using first = await SceneGraphPredictor.load(smallCheckpointBytes(), { backend });
      const before = await first.predict(LABELS);
      using second = await load();
      const other = await second.predict(LABELS);
      assertEquals(await first.predict(LABELS), before);
      const turns = [first, second, second, first].map((sgp) => sgp.predict(LABELS));
      assertEquals(await Promise.all(turns), [before, other, other, before]);
    },
    [backend],
  );
}

Deno.test("SceneGraphPredictor works on both builds of the WASM kernels at once", async () => {
  const loadBuild = (options: LoadOptions) =>
    SceneGraphPredictor.load(deepBytes(true), { backend: "wasm", ...options });
  const builds: LoadOptions[] = [{}, { deterministic: true }, { precision: "int8" }];
  const input = withLogits(6), alone = [];
  for (const options of builds) {
    using sgp = await loadBuild(options);
    alone.push(await sgp.predict(input));
  }
  assert(JSON.stringify(alone[0]) !== JSON.stringify(alone[1]), "rounding differs");
  const loaded = await Promise.all(builds.map(loadBuild));
  for (const turn of [0, 1, 2, 1, 0, 2]) {
    assertEquals(await loaded[turn].predict(input), alone[turn]);
  }
  assertEquals(await Promise.all(loaded.map((sgp) => sgp.predict(input))), alone);
  for (const sgp of loaded) sgp.dispose();
  await useBackend("wasm");
});

testInFolder(
  "load() takes a path, a URL as text or object, and bytes",
  async (folder) => {
    const bytes = smallCheckpointBytes();
    await Deno.writeFile(`${folder}/a b.safetensors`, bytes);
    await using server = serveFolder(folder);
    const path = `${folder}/a b.safetensors`;
    const windowsName = `${folder}/C:\\data\\m#1%20.safetensors`;
    await Deno.writeFile(windowsName, bytes);
    const sources = [
      bytes,
      path,
      path.replace(`${Deno.cwd()}/`, ""),
      windowsName,
      pathToFileURL(path),
      `${server.url}a%20b.safetensors`,
      new URL(`${server.url}a b.safetensors`),
    ];
    const graphs = [];
    for (const source of sources) {
      using sgp = await SceneGraphPredictor.load(source, { backend: "wasm" });
      graphs.push(await sgp.predict(LABELS));
    }
    for (const graph of graphs) assertEquals(graph, graphs[0]);
  },
);

/** A checkpoint whose network has a layer that can be quantized. */
const deepBytes = (hasRanges: boolean) =>
  smallCheckpointBytes("gpi_mean", {
    config: smallConfig("gpi_mean", { layers: [9, 8] }),
    ...(hasRanges && {
      activationRanges: {
        rhoRelation: [new Float32Array(9).fill(4)],
        rhoEntity: [new Float32Array(9).fill(4)],
      },
    }),
  });

Deno.test("load() computes in 8 bits on request", async () => {
  await assertNoLeak(async () => {
    // On WASM, even if the machine has a GPU.
    using int8 = await SceneGraphPredictor.load(deepBytes(true), { precision: "int8" });
    using float32 = await SceneGraphPredictor.load(deepBytes(true), { backend: "wasm" });
    const rounded = await int8.predict(withLogits(4), { k: 12 });
    const exact = await float32.predict(withLogits(4), { k: 12 });
    const ofPair = ({ subject, object }: { subject: number; object: number }) =>
      exact.relations.find((r) => r.subject === subject && r.object === object)!;
    let most = 0;
    for (const relation of rounded.relations) {
      most = Math.max(most, Math.abs(relation.score - ofPair(relation).score));
    }
    assert(most > 0 && most < 0.05, `scores differ by ${most}`);
  });
});

Deno.test("load() refuses 8 bits if the checkpoint or the backend lacks them", async () => {
  const refuses = (
    bytes: Uint8Array,
    options: LoadOptions,
    errorClass: new () => Error,
    message: string,
  ) =>
    assertNoLeak(() =>
      assertRejects(() => SceneGraphPredictor.load(bytes, options), errorClass, message)
    );
  const precision = "int8";
  await refuses(
    deepBytes(false),
    { precision },
    RangeError,
    'Cannot predict in int8 as the checkpoint "checkpoint" has no activation ranges: train it again',
  );
  await refuses(
    smallCheckpointBytes("gpi_mean"),
    { precision },
    RangeError,
    "Cannot predict in int8 as rho must have two or more hidden layers",
  );
  await refuses(
    deepBytes(true),
    { precision, backend: "cpu" },
    Error,
    'Cannot predict in int8 as the backend must be "wasm": current value is "cpu"',
  );
  await refuses(
    deepBytes(true),
    { precision: "int4" as "int8" },
    RangeError,
    'Cannot find the precision "int4": the nearest is "int8"',
  );
  await useBackend("wasm");
});

testInFolder("load() says why it cannot load a checkpoint", async (folder) => {
  await using server = serveFolder(folder);
  const refuses = (
    source: string | URL | Uint8Array,
    errorClass: new () => Error,
    message: string,
  ) => assertRejects(() => SceneGraphPredictor.load(source), errorClass, message);
  const cannot = (source: string) => `Cannot load the checkpoint "${source}"`;
  const missing = `${folder}/none.safetensors`;
  await refuses(missing, TypeError, `${cannot(missing)} as it cannot be fetched: check`);
  for (const path of ["C:\\data\\m.safetensors", "c:/data/m.safetensors"]) {
    await refuses(path, TypeError, `${cannot(path)} as it cannot be fetched: check`);
  }
  const url = `${server.url}none.safetensors`;
  await refuses(url, TypeError, `${cannot(url)}: the server answers 404`);
  await refuses(new URL(url), TypeError, `${cannot(url)}: the server answers 404`);
  await refuses("http://127.0.0.1:1/a", TypeError, "it cannot be fetched");
  await refuses(
    new Uint8Array(3),
    SyntaxError,
    `Cannot read "checkpoint": a safetensors`,
  );
  await Deno.writeTextFile(`${folder}/a.safetensors`, "not one at all");
  await refuses(`${folder}/a.safetensors`, SyntaxError, `/a.safetensors": header claims`);
});

Deno.test("load() refuses a label predictor that does not fit the vocabulary", async () => {
  const { labelPredictor } = smallCheckpoint();
  const refuses = async (change: Partial<typeof labelPredictor>, message: string) => {
    const changed = { ...labelPredictor!, ...change };
    const bytes = smallCheckpointBytes("gpi_mean", { labelPredictor: changed });
    await assertRejects(
      () => SceneGraphPredictor.load(bytes),
      RangeError,
      `Cannot read the checkpoint "checkpoint": ${message}`,
    );
  };
  await refuses(
    { name: "frequence" },
    'Cannot find the label predictor "frequence": the nearest is "frequency"',
  );
  await refuses({ arrays: {} }, 'Cannot read class statistics as "sizes" must be');
  const image = randomImage(2);
  const empty = {
    ...image,
    entityLabels: Int32Array.of(0, 0),
    relations: new Int32Array(),
  };
  const other = (numEntityClasses: number, numPredicates: number) =>
    new FrequencyPredictor(countRelations([empty], { numEntityClasses, numPredicates }))
      .toArrays();
  await refuses(
    { arrays: other(5, 3) },
    "its label predictor must know 4 predicates: found 3",
  );
  await refuses(
    { arrays: other(2, 4) },
    "Cannot predict relations as 1 boxes and 2 classes",
  );
});

const bad: [name: string, change: Partial<PredictInput>, message: string][] = [
  ["a width of zero", { imageWidth: 0 }, "imageWidth must be above 0: found 0"],
  [
    "a width as text",
    { imageWidth: "640" as unknown as number },
    'imageWidth must be above 0: found "640"',
  ],
  [
    "lists of which one is short",
    { entityLogits: [[1, 2, 3, 4, 5], [1, 2, 3, 4], [1, 2, 3, 4, 5]] },
    "entityLogits must be 3 lists of 5 numbers: found 4, at entityLogits[1]",
  ],
  ["no height", { imageHeight: NaN }, "imageHeight must be above 0: found NaN"],
  ["an endless image", { imageWidth: Infinity }, "imageWidth must be above 0"],
  [
    "a box outside of the image",
    { boxes: [[10, 10, 60, 90], [5, 160, 95, 199], [0, 0, 9, 9]] },
    "box 1 must lie in the image: 1 of 3 boxes lie outside of it, first [5, 160, 95, 199] in an image of 100 x 100",
  ],
  [
    "a box that is mostly outside",
    { boxes: [[-51, 10, 49, 90], [0, 0, 9, 9], [0, 0, 9, 9]] },
    "box 0 must lie in the image: 1 of 3 boxes have most of their area outside, first [-51, 10, 49, 90]",
  ],
  [
    "boxes in shares of the image",
    { boxes: [[0, 0, 0.5, 1], [0.2, 0.1, 0.9, 0.8], [0.5, 0.5, 1, 1]] },
    "box 0 must be in pixels: 3 of 3 boxes lie within a single pixel",
  ],
  [
    "a reversed box",
    { boxes: [[0, 9, 9, 1], [0, 0, 9, 9], [0, 0, 9, 9]] },
    "box 0 must be [left, top, right, bottom] with left < right and top < bottom: found [0,9,9,1]; if it is [left, top, width, height], write [0, 9, 9, 10]",
  ],
  [
    "a box of no numbers",
    { boxes: [[0, 0, NaN, 1], [0, 0, 9, 9], [0, 0, 9, 9]] },
    "box 0 must have finite numbers: found [0,0,NaN,1]",
  ],
  [
    "rows of five numbers",
    {
      boxes: [[0, 0, 9, 9, 0.9], [0, 0, 9, 9, 0.8], [0, 0, 9, 9, 0.7]],
    },
    "box 0 must have 4 numbers: found 5, [0,0,9,9,0.9]; rows have 5 numbers: x1, y1, x2, y2, score?",
  ],
  [
    "a box of five numbers",
    { boxes: [0, 0, 1, 1, 7] },
    "boxes must be rows of 4 numbers: found 5 numbers",
  ],
  ["too few labels", { entityLabels: ["man"] }, "3 boxes need 3 entityLabels: found 1"],
  [
    "too many scores",
    { entityScores: [1, 1, 1, 1] },
    "3 boxes need 3 entityScores: found 4",
  ],
  [
    "a label that is no index",
    { entityLabels: [0, 5, 1] },
    "entityLabels[1] must be a name or an index in [0, 5): found 5",
  ],
  ["half a label", { entityLabels: [0, 0.5, 1] }, "entityLabels[1] must be a name or"],
  [
    "a score that is missing",
    { entityScores: [1, 1, null as unknown as number] },
    "entityScores[2] must be a probability in [0, 1]: found null",
  ],
  [
    "a score above one",
    { entityScores: [1, 1.0001, 1] },
    "entityScores[1] must be a probability in [0, 1]: found 1.0001",
  ],
  [
    "percentages",
    { entityScores: [99, 1, 1] },
    "entityScores[0] must be a probability in [0, 1]: found 99; divide percentages by 100",
  ],
  [
    "transposed logits",
    { entityLogits: Array.from({ length: 5 }, () => [0, 1, 2]) },
    "entityLogits must be 3 lists of 5 numbers: found 5 lists of 3; 5 lists of 3: transposed?",
  ],
  [
    "relation logits with the predicates first",
    {
      relationLogits: Array.from(
        { length: 4 },
        () => [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
      ),
    },
    "relationLogits must be 3 lists of 3 lists of 4 numbers: found 4 lists of 3 lists of 3; 4 lists of 3 lists of 3: transposed?",
  ],
  [
    "the bits of float16",
    { entityLogits: new Uint16Array(15) },
    "entityLogits must be a Float16Array, Float32Array, Float64Array or a list: found a Uint16Array; if it holds the bits of float16",
  ],
  [
    "too few logits",
    { entityLogits: new Float32Array(14) },
    "entityLogits must hold 15 numbers: found 14",
  ],
  [
    "logits that are NaN",
    { entityLogits: new Float32Array(15).fill(NaN, 3) },
    "entityLogits must be finite: found NaN at 3",
  ],
  [
    "too many relation logits",
    { relationLogits: new Float32Array(37) },
    "relationLogits must hold 36 numbers: found 37",
  ],
  [
    "infinite relation logits",
    { relationLogits: new Float32Array(36).fill(-Infinity, 35) },
    "relationLogits must be finite: found -Infinity at 35",
  ],
];
for (const [name, change, message] of bad) {
  Deno.test(`predict() refuses ${name}`, async () => {
    using sgp = await load("gpi_mean");
    await assertRejects(
      () => sgp.predict({ ...LABELS, ...change }),
      RangeError,
      `Cannot predict as ${message}`,
    );
  });
}

Deno.test("predict() refuses an unknown label and names the nearest", async () => {
  using sgp = await load("gpi_mean");
  await assertRejects(
    () => sgp.predict({ ...LABELS, entityLabels: ["man", "tabel", "hat"] }),
    RangeError,
    'Cannot find the entity class "tabel" in the vocabulary: the nearest is "table"',
  );
});

Deno.test("predict() refuses input without labels, boxes or relation logits", async () => {
  using sgp = await load("gpi_mean");
  const { entityLabels: _, ...noLabels } = LABELS;
  await assertRejects(
    () => sgp.predict(noLabels),
    TypeError,
    'Cannot predict without "entityLogits" or "entityLabels": give one of them',
  );
  // JavaScript callers may omit required fields.
  const { boxes: __, ...noBoxes } = LABELS;
  await assertRejects(
    () => sgp.predict(noBoxes as PredictInput),
    TypeError,
    'Cannot predict without "boxes": give',
  );
  const bytes = smallCheckpointBytes("gpi_mean", { labelPredictor: undefined });
  using bare = await SceneGraphPredictor.load(bytes, { backend: "wasm" });
  await assertRejects(
    () => bare.predict(LABELS),
    TypeError,
    'Cannot predict without "relationLogits" as this checkpoint has no label predictor; give them as',
  );
  const graph = await bare.predict({ ...LABELS, relationLogits: new Float32Array(36) });
  assertEquals(graph.entities.length, 3);
});

Deno.test("predict() refuses a k that is not a count", async () => {
  using sgp = await load("gpi_mean");
  for (const k of [-1, 1.5, NaN]) {
    await assertRejects(
      () => sgp.predict(LABELS, { k }),
      RangeError,
      `Cannot predict as k must be an integer >= 0: found ${k}`,
    );
  }
});

Deno.test("predict() refuses a threshold that is no probability", async () => {
  using sgp = await load("gpi_mean");
  for (const threshold of [-0.1, 1.1, NaN]) {
    await assertRejects(
      () => sgp.predict(LABELS, { threshold }),
      RangeError,
      `Cannot predict as threshold must be a number in [0, 1] or "best-f1": found ${threshold}`,
    );
  }
});

Deno.test("predict() mends what detectors emit, counts it, and refuses it if strict", async () => {
  using sgp = await load("gpi_mean");
  const labels = {
    entityLabels: ["man", "table", "hat"],
    imageWidth: 100,
    imageHeight: 100,
  };
  const clean = {
    ...labels,
    boxes: [[0, 10, 60, 90], [5, 60, 100, 99], [5, 5, 6, 9]],
    entityScores: [1, 0.5, 1e-6],
  };
  const raw = {
    ...labels,
    boxes: [[-0.3, 10, 60, 90], [5, 60, 100.0002, 99], [5, 5, 5, 9]],
    entityLabels: ["man", "Table", "hat "],
    entityScores: [1.0000001, 0.5, 0],
  };
  const wanted = await sgp.predict(clean);
  assertEquals(wanted.mended, undefined);
  const { mended, ...found } = await sgp.predict(raw);
  const sides = (graph: typeof found) => graph.entities.map(({ box }) => box);
  assertEquals(sides(found).slice(0, 2), sides(wanted).slice(0, 2));
  assertEquals(mended, {
    boxesCut: 2,
    boxesWidened: 1,
    scoresClamped: 2,
    namesMatched: 2,
  });
  await assertRejects(
    () => sgp.predict(raw, { strict: true }),
    RangeError,
    "Cannot predict as box 0 2 boxes were cut to their image, first here; --strict (strict) refuses",
  );
  const far = { ...clean, boxes: [[-60, 0, 40, 90], [0, 0, 9, 9], [0, 0, 9, 9]] };
  const { entities } = await sgp.predict(far, { cutBoxes: true });
  assertEquals(entities[0].box, [0, 0, 40, 90]);
});

Deno.test("predict() takes rows, lists in lists, and labels as 64-bit integers", async () => {
  using sgp = await load("gpi_mean");
  const rows = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [1, 1, 1, 1, 1]];
  const input = {
    boxes: [[10, 10, 60, 90], [5, 60, 95, 99], [20, 20, 30, 30]],
    imageWidth: 100,
    imageHeight: 100,
  };
  const wanted = await sgp.predict({ ...input, entityLogits: rows.flat() });
  const typed = rows.map((row) => Float32Array.from(row));
  for (const entityLogits of [rows, typed, Float16Array.from(rows.flat())]) {
    assertEquals(await sgp.predict({ ...input, entityLogits }), wanted);
  }
  assertEquals(
    await sgp.predict({ ...input, entityLabels: BigInt64Array.of(3n, 0n, 1n) }),
    await sgp.predict({ ...input, entityLabels: [3, 0, 1] }),
  );
});
