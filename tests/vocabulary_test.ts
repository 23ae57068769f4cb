import { assertEquals, assertThrows } from "@std/assert";
import { Vocabulary, type VocabularyData } from "../src/vocabulary.ts";

const data = { entities: ["cup", "table", "man"], predicates: ["on", "near"] };

Deno.test("Vocabulary counts its classes, and 'no relation' as a predicate", () => {
  const vocabulary = new Vocabulary(data);
  assertEquals(vocabulary.numEntityClasses, 3);
  assertEquals(vocabulary.numPredicates, 3);
  assertEquals(vocabulary.noRelation, 2);
});

Deno.test("Vocabulary finds the index of each name", () => {
  const vocabulary = new Vocabulary(data);
  assertEquals(data.entities.map((name) => vocabulary.entityIndex(name)), [0, 1, 2]);
  assertEquals(data.predicates.map((name) => vocabulary.predicateIndex(name)), [0, 1]);
});

Deno.test("Vocabulary is plain data in JSON and keeps its own copy", () => {
  const entities = ["cup"];
  const vocabulary = new Vocabulary({ entities, predicates: ["on"] });
  entities.push("table");
  assertEquals(
    JSON.stringify(vocabulary),
    `{"entities":["cup"],"predicates":["on"]}`,
  );
});

Deno.test("Vocabulary accepts names of properties that every object has", () => {
  const vocabulary = new Vocabulary({
    entities: ["__proto__"],
    predicates: ["toString"],
  });
  assertEquals(vocabulary.entityIndex("__proto__"), 0);
  assertThrows(() => vocabulary.predicateIndex("constructor"), RangeError);
});

Deno.test("Vocabulary refuses an unknown name and names the nearest", () => {
  const vocabulary = new Vocabulary(data);
  assertThrows(
    () => vocabulary.entityIndex("tabel"),
    RangeError,
    `Cannot find the entity class "tabel" in the vocabulary: the nearest is "table"`,
  );
  assertThrows(
    () => vocabulary.predicateIndex("nera"),
    RangeError,
    `Cannot find the predicate "nera" in the vocabulary: the nearest is "near"`,
  );
});

Deno.test("Vocabulary refuses values other than lists of different names", () => {
  const build = (change: Record<string, unknown>) => () =>
    new Vocabulary({ ...data, ...change } as unknown as VocabularyData);
  for (const entities of [undefined, "cup", [1], [null]]) {
    assertThrows(
      build({ entities }),
      TypeError,
      `Cannot build a vocabulary as "entities" must be a list of strings`,
    );
  }
  assertThrows(
    build({ predicates: [] }),
    RangeError,
    `Cannot build a vocabulary as "predicates" must not be empty`,
  );
  assertThrows(
    build({ predicates: ["on", "in", "on"] }),
    RangeError,
    `"predicates" must not repeat a name: found "on" at 0 and 2`,
  );
});
