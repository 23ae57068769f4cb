import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { entityIndexOf, predicateIndexOf } from "../../src/world/annotator.ts";
import { MoodCounts, omniscient, withTrueLabels } from "../../src/world/oracles.ts";
import type { Scene } from "../../src/world/scene.ts";
import { SceneCounts } from "../../src/world/scene_counts.ts";
import { generateImage, WORLD_VOCABULARY } from "../../src/world/world.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { predictionFromLogits } from "../../src/eval/prediction.ts";

const C = WORLD_VOCABULARY.entities.length;
const P = WORLD_VOCABULARY.predicates.length + 1;

Deno.test("omniscient() finds every annotated relation if each pair has one", () => {
  const evaluator = new RecallEvaluator("motifs", { task: "sgcls", ks: [100] });
  let doubled = 0;
  for (let index = 0; index < 60; index++) {
    const { scene, example } = generateImage(0, "test", index);
    const pairs = new Set<string>();
    for (let r = 0; r < example.relations.length; r += 3) {
      pairs.add(String(example.relations.subarray(r, r + 2)));
    }
    if (pairs.size < example.relations.length / 3) {
      doubled++;
      continue;
    }
    evaluator.add(
      example,
      predictionFromLogits(omniscient(scene), scene.entities.length),
    );
  }
  assert(doubled > 0);
  assertEquals(evaluator.result().values[0].value, 1);
});

Deno.test("withTrueLabels() replaces only the entity logits", () => {
  const { scene, example } = generateImage(0, "test", 0);
  const { entityLogits, relationLogits } = withTrueLabels(scene, example);
  assertEquals(relationLogits, example.relationLogits);
  example.entityLabels.forEach((label, i) => {
    const row = entityLogits.subarray(i * C, (i + 1) * C);
    assertEquals(row.indexOf(Math.max(...row)), label);
  });
});

Deno.test("MoodCounts.reweigh() adds the logarithm of the expected class frequency", () => {
  const counts = new MoodCounts();
  const tea = sceneOf("tea", ["cup", "cup", "table"]);
  const rest = sceneOf("rest", ["cow", "cow", "cow"]);
  counts.add(tea);
  counts.add(rest);
  const example = {
    ...generateImage(0, "test", 0).example,
    entityLabels: Int32Array.of(entityIndexOf("cup")),
    entityLogits: new Float32Array(C).fill(-100),
    relationLogits: new Float32Array(P),
  };
  const cup = entityIndexOf("cup"), cow = entityIndexOf("cow");
  example.entityLogits[cup] = example.entityLogits[cow] = 0;
  const frequency = (count: number) => (count + 0.5) / (3 + C / 2);

  // Equal moods: cup is 2 of 3 and 0 of 3, cow is 0 of 3 and 3 of 3.
  const apart = counts.reweigh(example, false).entityLogits;
  const mean = (a: number, b: number) => Math.log((frequency(a) + frequency(b)) / 2);
  assertAlmostEquals(apart[cup], mean(2, 0), 1e-5);
  assertAlmostEquals(apart[cow], mean(0, 3), 1e-5);

  // The detector is torn between cup and cow, so the moods weigh 2.5 + 0.5 and 0.5 + 3.5.
  const together = counts.reweigh(example, true).entityLogits;
  const weighed = (a: number, b: number) =>
    Math.log((3 * frequency(a) + 4 * frequency(b)) / 7);
  assertAlmostEquals(together[cup], weighed(2, 0), 1e-5);
  assertAlmostEquals(together[cow], weighed(0, 3), 1e-5);
});

Deno.test("SceneCounts.summary() returns means and shares", () => {
  const counts = new SceneCounts();
  const scene = sceneOf("tea", ["cup", "table"]);
  scene.relations = [{ subject: 0, object: 1, predicate: "on", arrangement: "resting" }];
  const entityLogits = new Float32Array(2 * C);
  entityLogits[entityIndexOf("cup")] = 2;
  // Six classes have a greater logit than the table.
  for (let k = 0; k < 6; k++) entityLogits[C + k] = 1;
  counts.add(scene, {
    ...generateImage(0, "test", 0).example,
    entityLabels: Int32Array.of(entityIndexOf("cup"), entityIndexOf("table")),
    relations: Int32Array.of(0, 1, predicateIndexOf("on")),
    entityLogits,
  });
  assertEquals(counts.summary(), {
    images: 1,
    entities: 2,
    relations: 1,
    annotated: 1,
    top1: 0.5,
    top5: 0.5,
  });
});

function sceneOf(mood: string, names: Scene["entities"][number]["name"][]): Scene {
  return {
    id: mood,
    situation: "test",
    mood,
    width: 100,
    height: 100,
    entities: names.map((name) => ({
      name,
      box: [10, 10, 20, 20],
      scale: 10,
      depth: 0,
      pose: "standing",
      isMirrored: false,
      tone: 0,
    })),
    relations: [],
  };
}
