import { assert, assertEquals, assertThrows } from "@std/assert";
import { drawSteps } from "../../src/render/steps.ts";
import { HOSTILE_NAMES, smallGraph } from "./_graphs.ts";

/** The man stays, the hat becomes likelier, the dog moves most. */
const moment = (hat: number, dog: number, relation: number) => ({
  entities: [
    [{ label: "man", score: 0.5 }],
    [{ label: "hat", score: hat }, { label: "cap", score: 0.1 }],
    [{ label: "dog", score: dog }, { label: "cat", score: 1 - dog }],
  ],
  relations: [relation, 0.01, 0.01],
});
const STEPS = [moment(0.2, 0.3, 0.02), moment(0.22, 0.5, 0.1), moment(0.25, 1, 0.125)];

const textsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);

Deno.test("drawSteps() names each belief before and after, and what moves most first", () => {
  const texts = textsOf(drawSteps(smallGraph(), STEPS));
  for (
    const text of [
      ...["man 50.0 % → 50.0 %", "hat 20.0 % → 25.0 %", "cap 10.0 % → 10.0 %"],
      ...["dog 30.0 % → 100.0 %", "cat 70.0 % → 0.0 %", "probability 2.0 % → 12.5 %"],
    ]
  ) assert(texts.includes(text), text);
  const titles = texts.filter((text) => /\(entity|wearing/.test(text));
  assertEquals(titles, [
    ...["dog (entity 2)", "hat (entity 1)", "man (entity 0)", "man wearing hat"],
  ]);
  assertEquals(texts.filter((text) => text === "before").length, 5);
});

Deno.test("drawSteps() places beliefs by their probability", () => {
  const svg = drawSteps(smallGraph(), STEPS, { maxEntities: 1, topK: 0 });
  // 110 units from 0 to 1, whose upper edge is at 26: 26 + 110 · 0.7, 0.5, 0.
  assert(svg.includes('d="M50 103L170 81L290 26"'), "dog");
  assert(svg.includes('d="M50 59L170 81L290 136"'), "cat");
});

Deno.test("drawSteps() shows hostile names as text", () => {
  const graph = smallGraph();
  for (const name of HOSTILE_NAMES) {
    graph.entities[0].label = name;
    const steps = STEPS.map((step) => {
      const entities = step.entities.map((labels) =>
        labels.map((label) => ({ ...label, label: name }))
      );
      return { ...step, entities };
    });
    const svg = drawSteps(graph, steps);
    assert(!svg.includes("<script"), name);
    assertEquals(svg.match(/<text/g)!.length, svg.match(/<\/text>/g)!.length);
  }
});

Deno.test("drawSteps() keeps right-to-left names from reordering numbers", () => {
  const graph = smallGraph();
  graph.entities[2].label = "\u202eכלב";
  const steps = STEPS.map((step) => ({
    ...step,
    entities: step.entities.map((labels) =>
      labels.map(({ score }) => ({ label: "כלב\u202e", score }))
    ),
  }));
  const texts = textsOf(drawSteps(graph, steps));
  assert(texts.includes("\u2068כלב\u2069 30.0 % → 100.0 %"));
  assert(!texts.some((text) => text.includes("\u202e")));
});

Deno.test("drawSteps() refuses beliefs of another graph, or none", () => {
  assertThrows(
    () => drawSteps(smallGraph(), []),
    RangeError,
    'Cannot draw the steps as "steps" must hold one moment or more: found 0',
  );
  assertThrows(
    () => drawSteps(smallGraph(), [{ entities: [], relations: [] }]),
    RangeError,
    "Cannot draw the steps as each must have 3 entities and 3 relations, as the graph has: found 0 and 0",
  );
});

Deno.test("drawSteps() in one column is as wide as one chart", () => {
  const widthOf = (columns?: 1 | 2) =>
    /viewBox="0 0 (\d+) /.exec(drawSteps(smallGraph(), STEPS, { columns }))![1];
  // 490 for a chart of two, 362 for one alone, 16 on each side, 24 between two.
  assertEquals([widthOf(1), widthOf(2), widthOf()], ["394", "1036", "1036"]);
});
