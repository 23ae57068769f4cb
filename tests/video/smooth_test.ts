import { assert, assertEquals, assertThrows } from "@std/assert";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import type { Entity, SceneGraph } from "../../src/scene_graph.ts";
import { GraphSmoother, smooth } from "../../src/video/smooth.ts";
import { type Frame, generateSequence } from "./_sequence.ts";
import { assertClose } from "../_assert.ts";

const LABELS = ["dog", "cat", "sofa"];

/** An entity at a place. */
function entity(label: string, score: number, x = 0): Entity {
  return { label, labelIndex: LABELS.indexOf(label), score, box: [x, 0, x + 10, 10] };
}

/** A frame with relations `[subject, object, predicate, score]`. */
function frame(
  entities: Entity[],
  ...relations: [number, number, "on" | "near", number][]
): SceneGraph {
  return {
    imageWidth: 100,
    imageHeight: 100,
    entities,
    relations: relations.map(([subject, object, predicate, score]) => ({
      ...{ subject, object, predicate, score },
      predicateIndex: predicate === "on" ? 0 : 1,
    })),
  };
}

const labelsOf = ({ entities }: SceneGraph) => entities.map(({ label }) => label);

Deno.test("smooth() averages scores of labels and of predicates", () => {
  const frames = [
    frame([entity("dog", 0.8), entity("sofa", 1, 50)], [0, 1, "on", 0.4]),
    frame([entity("cat", 0.6), entity("sofa", 1, 50)], [0, 1, "near", 0.2]),
    frame([entity("cat", 0.6), entity("sofa", 1, 50)], [0, 1, "near", 0.2]),
  ];
  const graphs = smooth(frames, { inertia: 0.5 });
  assertEquals(graphs.map(labelsOf), [["dog", "sofa"], ["dog", "sofa"], ["cat", "sofa"]]);
  // dog 0.8, 0.4, 0.2; cat -, 0.3, 0.45.
  assertClose(graphs.map(({ entities }) => entities[0].score), [0.8, 0.4, 0.45], 1e-12);
  // on 0.4, 0.2, 0.1; near -, 0.1, 0.15.
  const relations = graphs.map(({ relations: [first, ...others] }) => {
    assertEquals(others, []);
    return first;
  });
  assertEquals(relations.map(({ predicate }) => predicate), ["on", "on", "near"]);
  assertEquals(relations.map(({ predicateIndex }) => predicateIndex), [0, 0, 1]);
  assertClose(relations.map(({ score }) => score), [0.4, 0.2, 0.15], 1e-12);
  // The frames stay as they were.
  assertEquals(labelsOf(frames[1]), ["cat", "sofa"]);
});

Deno.test("smooth() gives each frame itself if the past has no weight", () => {
  const frames = [
    frame([entity("dog", 0.8), entity("sofa", 1, 50)], [0, 1, "on", 0.4]),
    frame([entity("cat", 0.6), entity("sofa", 1, 50)]),
    frame([entity("sofa", 0.9, 50), entity("dog", 0.3)], [1, 0, "near", 0.2]),
  ];
  const graphs = smooth(frames, { inertia: 0 });
  assertEquals(
    graphs.map((graph) => ({
      ...graph,
      entities: graph.entities.map(({ track: _, ...rest }) => rest),
    })),
    frames,
  );
});

Deno.test("smooth() follows entities in any order, and through a gap", () => {
  const dog = entity("dog", 0.9, 0), cat = entity("cat", 0.9, 2);
  const sofa = entity("sofa", 0.9, 50);
  const tracks = smooth([
    frame([dog, cat, sofa]),
    frame([sofa, cat, dog]), // equal boxes overlap most
    frame([cat]),
    frame([sofa, dog]), // found again after a gap
    frame([entity("dog", 0.9, 90)]), // elsewhere: another dog
  ]).map(({ entities }) => entities.map(({ track }) => track));
  assertEquals(tracks, [[0, 1, 2], [2, 1, 0], [1], [2, 0], [3]]);
});

Deno.test("smooth() tells two boxes at one place by their labels", () => {
  const tracks = smooth([
    frame([entity("dog", 0.9, 0), entity("cat", 0.9, 0)]),
    frame([entity("cat", 0.9, 0), entity("dog", 0.9, 0)]),
  ]).map(({ entities }) => entities.map(({ track }) => track));
  assertEquals(tracks, [[0, 1], [1, 0]]);
});

Deno.test("smooth() keeps marks of unknown entities with their labels", () => {
  const drone: Entity = { ...entity("drone", 0.9), known: false };
  const [, second, third] = smooth([
    frame([drone]),
    frame([entity("dog", 0.2)]),
    frame([entity("dog", 1)]),
  ], { inertia: 0.5 });
  assertEquals([second.entities[0].label, second.entities[0].known], ["drone", false]);
  assertEquals([third.entities[0].label, third.entities[0].known], ["dog", undefined]);
});

Deno.test("GraphSmoother forgets what is gone", () => {
  const smoother = new GraphSmoother({ inertia: 0.5 });
  const seen = frame([entity("dog", 1), entity("sofa", 1, 50)], [0, 1, "on", 0.5]);
  smoother.next(seen);
  // 0.5 ^ 4 is below 0.1.
  for (let t = 0; t < 4; t++) smoother.next(frame([]));
  const { entities } = smoother.next(seen);
  assertEquals(entities.map(({ track }) => track), [2, 3]);
});

Deno.test("smooth() refuses options out of range", () => {
  for (
    const [name, range, value] of [
      ["inertia", "[0, 1)", 1],
      ["inertia", "[0, 1)", NaN],
      ["minOverlap", "[0, 1]", -0.1],
    ] as const
  ) {
    assertThrows(
      () => smooth([], { [name]: value }),
      RangeError,
      `${name} must be a number in ${range}: found ${value}`,
    );
  }
});

/** Relations by the things that they join, which have the same index in all frames. */
function relationsOf({ relations }: SceneGraph, things: readonly number[]): Set<string> {
  return new Set(
    relations.map(({ subject, object, predicate }) =>
      `${things[subject]} ${predicate} ${things[object]}`
    ),
  );
}

Deno.test("smooth() makes relations blink less at no loss of recall", async () => {
  using sgp = await SceneGraphPredictor.load(
    new URL("../../checkpoints/gpi_linguistic_pretrained.safetensors", import.meta.url),
    { backend: "wasm" },
  );
  const k = 20;
  const videos: { frames: Frame[]; alone: SceneGraph[] }[] = [];
  for (let video = 0; video < 20; video++) {
    const frames = [...generateSequence(1, video, 20)];
    const inputs = frames.map(({ example: { width, height, ...others } }) => ({
      ...{ imageWidth: width, imageHeight: height, boxes: others.boxes },
      ...{ entityLogits: others.entityLogits, relationLogits: others.relationLogits },
    }));
    videos.push({ frames, alone: await sgp.predictBatch(inputs, { k }) });
  }
  const measure = (change: (graphs: SceneGraph[]) => SceneGraph[]) => {
    const evaluator = new RecallEvaluator("motifs", { task: "sgcls", ks: [k] });
    let blinks = 0;
    for (const { frames, alone } of videos) {
      const relations = change(alone).map((graph, t) => {
        evaluator.add(frames[t].example, {
          entityLabels: graph.entities.map(({ labelIndex }) => labelIndex),
          entityScores: graph.entities.map(({ score }) => score),
          triplets: graph.relations.flatMap((
            { subject, object, predicateIndex },
          ) => [subject, object, predicateIndex]),
          scores: graph.relations.map(({ score }) => score),
        });
        return relationsOf(graph, frames[t].things);
      });
      for (let t = 1; t < relations.length; t++) {
        blinks += relations[t].symmetricDifference(relations[t - 1]).size;
      }
    }
    return { blinks, recall: evaluator.result().values[0].value! };
  };
  const alone = measure((graphs) => graphs),
    smoothed = measure((graphs) => smooth(graphs));
  const found = JSON.stringify({ alone, smoothed });
  assert(smoothed.blinks <= 0.6 * alone.blinks, found);
  assert(smoothed.recall >= alone.recall, found);
});
