import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { checkExample, type Example } from "../../src/example.ts";
import {
  generateImage,
  MAX_THINGS,
  MIN_THINGS,
  SITUATIONS,
  WORLD_VOCABULARY,
  worldExamples,
} from "../../src/world/world.ts";
import { sha256 } from "../../src/checksum.ts";
import { Vocabulary } from "../../src/vocabulary.ts";

/** Hashes all fields of some examples. */
function hashOf(examples: Iterable<Example>): string {
  const parts = Array.from(examples, (example) => {
    const { boxes, entityLabels, relations, entityLogits, relationLogits } = example;
    const lists = [boxes, entityLabels, relations, entityLogits, relationLogits];
    return [example.id, example.width, example.height, ...lists.map((list) => [...list])];
  });
  return sha256(JSON.stringify(parts));
}

Deno.test("worldExamples() gives the same bytes for the same seed", () => {
  const hash = hashOf(worldExamples(7, "train", 40));
  assertEquals(hashOf(worldExamples(7, "train", 40)), hash);
  assertNotEquals(hashOf(worldExamples(8, "train", 40)), hash);
  assertNotEquals(hashOf(worldExamples(7, "test", 40)), hash);
});

Deno.test("generateImage() depends only on seed, split and index", () => {
  const all = [...worldExamples(3, "train", 30)];
  for (const index of [29, 4, 0]) {
    const alone = generateImage(3, "train", index).example;
    assertEquals(hashOf([alone]), hashOf([all[index]]));
  }
});

Deno.test("generateImage() uses no function that machines may round differently", () => {
  const root = new URL("../../src/world/", import.meta.url);
  const paths = ["", "situations/"].flatMap((folder) =>
    [...Deno.readDirSync(new URL(folder, root))]
      .filter(({ name, isFile }) => isFile && name !== "oracles.ts")
      .map(({ name }) => folder + name)
  );
  for (const name of paths) {
    const source = Deno.readTextFileSync(new URL(name, root));
    const found = source.match(
      /Math\.(a?(sin|cos|tan)h?|atan2|exp|expm1|log\w*|pow|cbrt|hypot)\b|\.normal\(| \*\* /,
    );
    assertEquals(found?.[0], undefined, `"${name}" uses ${found?.[0]}`);
  }
});

Deno.test("generateImage() gives valid examples of 5 to 25 things, 10 to 12 on average", () => {
  const vocabulary = new Vocabulary(WORLD_VOCABULARY);
  const sizes: number[] = [];
  for (let index = 0; index < 1000; index++) {
    const { example, scene } = generateImage(5, "train", index);
    checkExample(example, vocabulary);
    assert(example.relations.length > 0);
    assertEquals(example.entityLabels.length, scene.entities.length);
    sizes.push(scene.entities.length);
  }
  assert(Math.min(...sizes) >= MIN_THINGS && Math.max(...sizes) <= MAX_THINGS);
  const mean = sizes.reduce((a, b) => a + b, 0) / sizes.length;
  assert(mean > 10 && mean < 12, `mean is ${mean}`);
});

Deno.test("generateImage() shows every class, predicate and mood of the built-in world", () => {
  const { entities, predicates } = WORLD_VOCABULARY;
  assert(entities.length >= 60 && predicates.length >= 25 && SITUATIONS.length >= 8);
  const classes = new Set<number>(), said = new Set<number>(), moods = new Set<string>();
  for (let index = 0; index < 2000; index++) {
    const { example, scene } = generateImage(0, "train", index);
    for (const label of example.entityLabels) classes.add(label);
    for (let r = 2; r < example.relations.length; r += 3) said.add(example.relations[r]);
    moods.add(`${scene.situation}: ${scene.mood}`);
  }
  assertEquals(classes.size, entities.length);
  assertEquals(said.size, predicates.length);
  assertEquals(moods.size, SITUATIONS.flatMap((situation) => situation.moods).length);
});

Deno.test("generateImage() gives logits that float16 holds exactly", () => {
  for (const { entityLogits, relationLogits } of worldExamples(1, "test", 20)) {
    for (const logits of [entityLogits, relationLogits]) {
      assertEquals(Float32Array.from(Float16Array.from(logits)), logits);
    }
  }
});
