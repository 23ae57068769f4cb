import { assertAlmostEquals, assertEquals } from "@std/assert";
import { relationKinds, relationOverlap } from "../../src/dataset/relation_overlap.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { imageOf } from "../eval/_toy.ts";

Deno.test("relationOverlap() is the share of relations whose kind the other has", async () => {
  const mine = new Vocabulary({
    entities: ["man", "horse", "hat"],
    predicates: ["on", "near", "wearing"],
  });
  const theirs = new Vocabulary({
    entities: ["Horse", "Man", "tree"],
    predicates: ["near", "on"],
  });
  // Man on horse twice, man near horse, hat on horse, man wearing hat.
  const a = await relationKinds([
    imageOf([0, 1, 2], [[0, 1, 0], [0, 1, 0], [0, 1, 1], [2, 1, 0], [0, 2, 2]]),
  ], mine);
  // Man on horse, horse near man, tree near tree.
  const b = await relationKinds([
    imageOf([1, 0], [[0, 1, 1], [1, 0, 0]]),
    imageOf([2, 2], [[0, 1, 0]]),
  ], theirs);
  assertEquals(relationOverlap(a, b), {
    relations: 5,
    predicate: 4 / 5,
    pair: 3 / 5,
    triplet: 2 / 5,
  });
  const back = relationOverlap(b, a);
  assertEquals(back.predicate, 1);
  assertAlmostEquals(back.pair, 1 / 3);
  assertAlmostEquals(back.triplet, 1 / 3);
});

Deno.test("relationKinds() counts the annotation beside detected boxes", async () => {
  const { boxes, entityLabels } = imageOf([0, 1], []);
  const annotated = { boxes, entityLabels, relations: Int32Array.of(1, 0, 0) };
  const vocabulary = new Vocabulary({ entities: ["a", "b"], predicates: ["on"] });
  const image = { ...imageOf([0, 1], [[0, 1, 0], [0, 1, 0]]), annotated };
  const kinds = await relationKinds([image], vocabulary);
  assertEquals([...kinds.triplet], [['["b","on","a"]', 1]]);
});
