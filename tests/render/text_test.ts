import { assertEquals } from "@std/assert";
import { chooseRelations, entityNames } from "../../src/render/choice.ts";
import { toCompactText } from "../../src/render/text/compact_text.ts";
import { toSentences } from "../../src/render/text/sentences.ts";
import type { SceneGraph } from "../../src/scene_graph.ts";
import { HOSTILE_NAMES, ringOf, smallGraph } from "./_graphs.ts";

const EMPTY: SceneGraph = {
  imageWidth: 1,
  imageHeight: 1,
  entities: [],
  relations: [],
};

/** Two persons on a bench. */
function bench(): SceneGraph {
  return {
    imageWidth: 400,
    imageHeight: 200,
    entities: [
      { label: "person", labelIndex: 0, score: 0.9, box: [0, 0, 100, 150] },
      { label: "bench", labelIndex: 1, score: 0.8, box: [0, 100, 400, 200] },
      { label: "person", labelIndex: 0, score: 0.7, box: [201, 1, 302, 151] },
    ],
    relations: [
      { subject: 2, object: 1, predicate: "sitting on", predicateIndex: 0, score: 0.456 },
      { subject: 0, object: 2, predicate: "near", predicateIndex: 1, score: 0.1 },
    ],
  };
}

Deno.test("chooseRelations() keeps the best K of those with the least score", () => {
  const scores = (options: { topK?: number; minScore?: number }) =>
    chooseRelations(smallGraph(), options).map(({ score }) => score);
  assertEquals(scores({}), [0.125, 0.0625, 0.03125]);
  assertEquals(scores({ minScore: 0.0625 }), [0.125, 0.0625]);
  assertEquals(scores({ minScore: 0.0625, topK: 1 }), [0.125]);
  assertEquals(scores({ topK: 0 }), []);
});

Deno.test("entityNames() numbers entities within their label", () => {
  assertEquals(entityNames(bench()), ["person 1", "bench 1", "person 2"]);
  assertEquals(entityNames(bench(), { isSparse: true }), [
    "person 1",
    "bench",
    "person 2",
  ]);
  assertEquals(entityNames(ringOf(["__proto__", "__proto__"])), [
    "__proto__ 1",
    "__proto__ 2",
  ]);
});

Deno.test("toSentences() writes a line for each relation, best first", () => {
  assertEquals(
    toSentences(bench()),
    "person 2 sitting on bench 1, 0.46\nperson 1 near person 2, 0.10\n",
  );
  assertEquals(
    toSentences(bench(), { minScore: 0.2 }),
    "person 2 sitting on bench 1, 0.46\n",
  );
  assertEquals(toSentences(EMPTY), "No relation\n");
});

Deno.test("toCompactText() writes boxes in hundredths and relations as triplets", () => {
  // 201/400 = 50.25 %, 1/200 = 0.5 %, 302/400 = 75.5 %, 151/200 = 75.5 %
  assertEquals(
    toCompactText(bench(), { topK: 1 }),
    `objects: name#id left top right bottom, in % of the image
person#0 0 0 25 75
bench#1 0 50 100 100
person#2 50 1 76 76
relations:
person#2 sitting on bench#1
`,
  );
  assertEquals(toCompactText(EMPTY), "objects: none\nrelations: none\n");
});

Deno.test("toCompactText() and toSentences() escape what would begin a line", () => {
  const graph = ringOf(HOSTILE_NAMES);
  const { length } = HOSTILE_NAMES;
  const sentences = toSentences(graph), compact = toCompactText(graph);
  assertEquals(sentences.trimEnd().split("\n").length, length);
  assertEquals(compact.trimEnd().split("\n").length, 2 * length + 2);
  for (const text of [sentences, compact]) {
    assertEquals(text.isWellFormed(), true);
    assertEquals(text.includes("two\\u{a}lines\\u{0}\\u{7}"), true);
    assertEquals(/\p{Cc}/u.test(text.replaceAll("\n", "")), false);
  }
});
