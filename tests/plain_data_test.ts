/**
 * Every function of `mod.ts` that takes plain data takes anything: it returns, or throws an
 * error of this project, never one of the engine.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  cocoResultsByImage,
  describeProtocol,
  detect,
  drawAttention,
  drawBeforeAfter,
  drawOverImage,
  drawSteps,
  fromCocoResults,
  fromCocoSsd,
  fromResults,
  fromTorchvision,
  fromTransformersJs,
  fromUltralytics,
  fromYoloRows,
  GraphSmoother,
  loadDetector,
  parseProtocol,
  recallAtK,
  RecallEvaluator,
  type SceneGraph,
  SceneGraphPredictor,
  smooth,
  toCompactText,
  toDot,
  toJsonLd,
  toSentences,
  TrainingTriplets,
  tripletOf,
  Vocabulary,
  zeroShotList,
} from "../mod.ts";
import { assertMessage } from "./_plain_data.ts";
import { smallCheckpointBytes } from "./_samples.ts";
import fc from "./deps_fast_check.ts";
import { usually } from "./_usually.ts";

// deno-lint-ignore no-explicit-any -- that is the point
type Any = any;

/** Takes a value in the place of one that is right. */
type Call = (value: Any) => unknown;

const box = [10, 10, 60, 90] as const;
const GRAPH: SceneGraph = {
  ...{ imageWidth: 100, imageHeight: 100 },
  entities: [
    { label: "man", labelIndex: 0, score: 0.9, box, given: { label: "dog", score: 0.5 } },
    { label: "hat", labelIndex: 1, score: 0.8, box },
  ],
  relations: [
    { subject: 0, object: 1, predicate: "wearing", predicateIndex: 0, score: 0.5 },
  ],
};
const [RELATION] = GRAPH.relations, [ENTITY] = GRAPH.entities;
const SIZE = { imageWidth: 100, imageHeight: 100 };
const ATTENTION = { nodes: [0, 1, 1, 0], graph: [0.5, 0.5] };
const beliefs = [[{ label: "man", score: 1 }], [{ label: "hat", score: 1 }]];
const STEPS = [{ entities: beliefs, relations: [[{ label: "on", score: 1 }]] }] as Any;

/** A function of an object, of which each field in turn is replaced, and the whole. */
function fieldsOf(name: string, right: object, call: Call): [string, Call][] {
  return [
    [name, call],
    ...Object.keys(right).map((key): [string, Call] => [
      `${name}, ${key}`,
      (value) => call({ ...right, [key]: value }),
    ]),
  ];
}

/** A function of a graph and options. */
function ofGraph(
  draw: (graph: Any, options: Any) => unknown,
  options: object,
): [string, Call][] {
  const { name } = draw;
  return [
    ...fieldsOf(`${name}()`, GRAPH, (graph) => draw(graph, {})),
    ...fieldsOf(
      `${name}() of an entity`,
      ENTITY,
      (entity) => draw({ ...GRAPH, entities: [entity, entity] }, {}),
    ),
    ...fieldsOf(
      `${name}() of a relation`,
      RELATION,
      (relation) => draw({ ...GRAPH, relations: [relation] }, {}),
    ),
    ...fieldsOf(`${name}() with options`, options, (given) => draw(GRAPH, given)),
  ];
}

/** A reader of a list of detections. */
function ofRows(
  read: (results: Any, options: Any) => unknown,
  row: object,
  options: object,
): [string, Call][] {
  const { name } = read, right = { ...SIZE, ...options, name: "a" };
  return [
    [`${name}()`, (value) => read(value, right)],
    ...fieldsOf(`${name}() of a row`, row, (value) => read([value], right)),
    ...fieldsOf(`${name}() with options`, right, (given) => read([row], given)),
  ];
}

const ANNOTATION = {
  ...{ boxes: [...box, ...box], entityLabels: [0, 1], relations: [0, 1, 1] },
  negatives: [1, 0, 1],
};
const IMAGE = { id: "1", width: 100, height: 100, ...ANNOTATION } as Any;
const ENTITIES = { boxes: [...box, ...box], entityLabels: [0, 1], entityScores: [1, 1] };
const PAIRS = { pairs: [0, 1, 1, 0], predicateScores: [0.1, 0.7, 0.8, 0.1] };
const DENSE = {
  ...{ boxes: [...box, ...box], entityProbabilities: [1, 0, 0, 1] },
  relationProbabilities: Array(12).fill(0.25),
};
const TRIPLETS = {
  ...{ ...ENTITIES, triplets: [0, 1, 1], scores: [0.5] },
  unconstrained: { triplets: [0, 1, 1], scores: [0.5] },
};
const evaluated = (image: Any, prediction: Any, task: Any = "predcls") =>
  new RecallEvaluator("motifs", { task, ks: [1] }).add(image, prediction).result();

const drawn = { topK: 3, minScore: 0.1 };
const under = { imageHref: "a.jpg", imageOrientation: 1 };
const images = [{ id: 1, width: 100, height: 100 }];
const coco = { image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], score: 0.5 };
const lists = { boxes: [box], labels: [1], scores: [0.5] };

const CALLS: [name: string, call: Call][] = [
  ...ofGraph(drawOverImage, { ...drawn, ...under, fontSize: 20, hasGround: true }),
  ...ofGraph(drawBeforeAfter, { ...drawn, ...under, before: GRAPH, columns: 1 }),
  ...ofGraph(toSentences, drawn),
  ...ofGraph(toCompactText, drawn),
  ...ofGraph(toDot, drawn),
  ...ofGraph(toJsonLd, { ...drawn, base: "urn:a:" }),
  ["drawAttention()", (value) => drawAttention(value, ATTENTION)],
  ...fieldsOf("attention", ATTENTION, (value) => drawAttention(GRAPH, value)),
  ...fieldsOf(
    "drawAttention() with options",
    { ...under, entities: [0], topK: 1, columns: 1, note: "" },
    (value) => drawAttention(GRAPH, ATTENTION, value),
  ),
  ["drawSteps()", (value) => drawSteps(value, STEPS)],
  ["steps", (value) => drawSteps(GRAPH, value)],
  ...fieldsOf(
    "drawSteps() with options",
    { maxEntities: 1, topK: 1, columns: 1 },
    (value) => drawSteps(GRAPH, STEPS, value),
  ),
  ["tripletOf()", (value) => tripletOf(value, RELATION)],
  ...fieldsOf("relation", RELATION, (value) => tripletOf(GRAPH, value)),
  ["smooth()", (value) => smooth(value)],
  ["frame", (value) => new GraphSmoother().next(value)],
  ...fieldsOf("smooth() with options", { inertia: 0.5, minOverlap: 0.5 }, (value) => {
    return smooth([GRAPH, GRAPH], value);
  }),
  ...ofRows(fromCocoResults, coco, { images, imageId: 1 }),
  ...ofRows(cocoResultsByImage, coco, { images, categories: [{ id: 1, name: "a" }] }),
  ...ofRows(fromCocoSsd, { class: "a", score: 0.5, bbox: [1, 2, 3, 4] }, {}),
  ...ofRows(fromTransformersJs, {
    ...{ label: "a", score: 0.5, box: { xmin: 1, ymin: 2, xmax: 3, ymax: 4 } },
  }, { percentage: false }),
  ...ofRows(fromUltralytics, {
    ...{ name: "a", confidence: 0.5, box: { x1: 1, y1: 2, x2: 3, y2: 4 } },
  }, { normalized: false }),
  ...ofRows(fromYoloRows, [1, 2, 3, 4, 0.5, 0], { classes: ["a"] }),
  ...fieldsOf("fromTorchvision()", lists, (value) => fromTorchvision(value, SIZE)),
  ...fieldsOf("fromTorchvision() with options", { ...SIZE, classes: ["a"] }, (value) => {
    return fromTorchvision(lists, value);
  }),
  ...fieldsOf("fromResults()", lists, (value) => fromResults(value, SIZE)),
  ...fieldsOf(
    "fromResults() with options",
    { ...SIZE, format: "torchvision", classes: ["a", "b"], imageId: 1, images },
    (value) => fromResults(lists, value),
  ),
  ...fieldsOf("vocabulary", { entities: ["a"], predicates: ["on"] }, (value) => {
    return new Vocabulary(value);
  }),
  ["recallAtK()", (value) => recallAtK(value, GRAPH)],
  ["predicted graph", (value) => recallAtK(GRAPH, value)],
  ...fieldsOf("recallAtK() with options", { k: 3, graphConstraint: true }, (value) => {
    return recallAtK(GRAPH, GRAPH, value);
  }),
  ["parseProtocol()", (value) => parseProtocol(value)],
  ["describeProtocol()", (value) => describeProtocol(value)],
  ["zeroShotList()", (value) => zeroShotList(value)],
  ["zeroShotList(), first", (value) => zeroShotList([[1, 2, 3]], value)],
  ["RecallEvaluator", (value) => new RecallEvaluator(value)],
  ...fieldsOf(
    "RecallEvaluator with options",
    {
      ...{ task: "predcls", metrics: ["R"], ks: [1], numPredicates: 2, minScore: 0 },
      ...{ zeroShot: zeroShotList([]), training: new TrainingTriplets() },
      keepScores: true,
    },
    (value) => new RecallEvaluator("motifs", value).add(IMAGE, PAIRS).result(),
  ),
  ...fieldsOf("add() of an image", IMAGE, (value) => evaluated(value, PAIRS)),
  ...fieldsOf("add() of annotated boxes", ANNOTATION, (annotated) => {
    return evaluated({ ...IMAGE, annotated }, PAIRS);
  }),
  ...[PAIRS, DENSE, TRIPLETS].flatMap((right) =>
    fieldsOf("add() of a prediction", right, (value) => evaluated(IMAGE, value))
  ),
  ...["sgcls", "sgdet", "preddet", "phrdet"].flatMap((task) =>
    fieldsOf(`add() in ${task}`, TRIPLETS, (value) => evaluated(IMAGE, value, task))
  ),
  ["skip()", (value) => new RecallEvaluator("motifs").skip(value)],
  ["merge()", (value) => new RecallEvaluator("motifs").merge(value)],
  ...fieldsOf("TrainingTriplets.add()", ANNOTATION, (value) => {
    return new TrainingTriplets().add(value);
  }),
  ["timesSeen()", (value) => new TrainingTriplets().timesSeen(value, 1, 2)],
];

/** Values that people have given, and any others. */
const VALUES = fc.oneof(
  fc.constantFrom<Any>(
    ...[null, NaN, Infinity, -1, 1.5, 2 ** 53, 1e300, "", "1", 5n, Symbol("s"), () => 1],
    ...[[], [[]], [null], [undefined], [NaN], [1, , 3], {}, Object.create(null)],
    ...[new Date(0), new Map(), new Set([1]), new ArrayBuffer(4), /a/, true],
    ...[new Uint8Array(4), new Float32Array([1, NaN]), new BigInt64Array(2)],
    ...[new DataView(new ArrayBuffer(4)), Promise.resolve(1)],
  ),
  fc.anything({
    ...{ maxDepth: 2, maxKeys: 3, withBigInt: true, withNullPrototype: true },
    ...{ withTypedArray: true, withSparseArray: true, withDate: true, withMap: true },
  }),
);

/** What a function has thrown, and at which value. */
function failureOf(
  { errorInstance, counterexample }: { errorInstance: unknown; counterexample: unknown },
): string[] {
  if (!errorInstance) return [];
  return [`${(errorInstance as Error).message} at ${fc.stringify(counterexample)}`];
}

const numRuns = usually(12, 300);

Deno.test("functions of plain data take anything, or say what must hold", () => {
  const failures = CALLS.flatMap(([name, call]) => {
    const property = fc.property(VALUES, (value) => {
      try {
        call(value);
      } catch (error) {
        assertMessage(error, name);
      }
    });
    return failureOf(fc.check(property, { numRuns, seed: 1, endOnFailure: true }));
  });
  assertEquals(failures, []);
});

Deno.test("a list that holds itself is refused", () => {
  const circle: Record<string, unknown> = {};
  circle.boxes = circle;
  for (const read of [fromResults, fromTorchvision, fromCocoResults]) {
    const error = assertThrows(() => read(circle, SIZE), Error);
    assertMessage(error, read.name);
  }
});

Deno.test("a misspelt option is refused with the nearest", () => {
  const calls: [Call, string, string][] = [
    [(o) => toDot(GRAPH, o), "topk", "topK"],
    [(o) => drawOverImage(GRAPH, o), "minscore", "minScore"],
    [(o) => smooth([GRAPH], o), "inertial", "inertia"],
    [(o) => recallAtK(GRAPH, GRAPH, o), "K", "k"],
  ];
  for (const [call, wrong, right] of calls) {
    assertThrows(
      () => call({ [wrong]: 1 }),
      TypeError,
      `${wrong} is not a known key; the nearest is "${right}"`,
    );
  }
});

Deno.test({
  name: "predict(), detect() and loadDetector() take anything, or say what must hold",
  sanitizeResources: false,
  fn: async () => {
    using sgp = await SceneGraphPredictor.load(smallCheckpointBytes(), {
      backend: "wasm",
    });
    const input = {
      ...{ ...SIZE, boxes: [box, box], entityLabels: [0, 1], entityScores: [0.5, 1] },
    };
    const { entityLabels: _, entityScores: __, ...boxes } = input;
    const detections = { ...SIZE, classes: ["man"], boxes: [box], beliefs: [[0.5]] };
    const options = {
      ...{ k: 3, threshold: 0, labels: "keep", coverage: 0.9, attention: true },
      ...{ steps: true, context: true, strict: false, cutBoxes: false, maxEntities: 2 },
      ...{ minBelief: 0, mergeOverlap: 0.5 },
    };
    const pixels = { width: 1, height: 1, data: new Uint8Array(4) };
    const calls: [string, Call][] = [
      ...fieldsOf("predict()", input, (value) => sgp.predict(value)),
      ["entityLogits", (value) => sgp.predict({ ...boxes, entityLogits: value })],
      ["relationLogits", (value) => sgp.predict({ ...input, relationLogits: value })],
      ...fieldsOf(
        "predict() with options",
        options,
        (value) => sgp.predict(input, value),
      ),
      ...fieldsOf("detections", detections, (value) => sgp.predict(value)),
      ["predictBatch()", (value) => sgp.predictBatch(value)],
      ["input of a batch", (value) => sgp.predictBatch([value])],
      ...fieldsOf("pixels", pixels, (value) => {
        return detect(value, { detector: () => detections as Any });
      }),
      ["a detector", (value) => detect(pixels, { detector: value ?? 1 })],
      ["what a detector returns", (value) => detect(pixels, { detector: () => value })],
      ["name of a detector", (value) => loadDetector(value ?? 1)],
      ...["minBelief", "fit", "classes", "backend"].map((key): [string, Call] => [
        `loadDetector() with ${key}`,
        (value) => loadDetector("none.pt", { [key]: value }),
      ]),
      ["load()", (value) => SceneGraphPredictor.load(value)],
      ["load() with options", (value) => {
        return SceneGraphPredictor.load(new Uint8Array(9), value);
      }],
    ];
    const failures: string[] = [];
    for (const [name, call] of calls) {
      const property = fc.asyncProperty(VALUES, async (value) => {
        try {
          await call(value);
        } catch (error) {
          assertMessage(error, name);
        }
      });
      const runs = { numRuns: usually(8, 100), seed: 1, endOnFailure: true };
      failures.push(...failureOf(await fc.check(property, runs)));
    }
    assertEquals(failures, []);
    const wrong = await sgp.predict(input, { treshold: 0.5 } as Any).catch((e) => e);
    assert(wrong.message.endsWith(
      'the options of predict(): treshold is not a known key; the nearest is "threshold"',
    ));
  },
});
