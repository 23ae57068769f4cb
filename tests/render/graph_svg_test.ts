import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drawGraph } from "../../src/render/graph_svg.ts";
import { HOSTILE_NAMES, isWellFormed, ringOf, smallGraph } from "./_graphs.ts";

const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

Deno.test("drawGraph() draws related entities and joins the predicates of a pair", () => {
  assertEquals(texts(drawGraph(smallGraph(), { minScore: 0 })), [
    "wearing, has",
    "on",
    "man",
    "hat",
  ]);
});

Deno.test("drawGraph() draws the best K relations", () => {
  assertEquals(texts(drawGraph(smallGraph(), { topK: 1 })), ["wearing", "man", "hat"]);
});

Deno.test("drawGraph() leaves out relations below 0.05, or below minScore", () => {
  assertEquals(texts(drawGraph(smallGraph())), ["wearing", "on", "man", "hat"]);
  assertEquals(texts(drawGraph(smallGraph(), { minScore: 0.1 })), [
    "wearing",
    "man",
    "hat",
  ]);
});

Deno.test("drawGraph() draws the line of a sure relation wider and darker", () => {
  const graph = smallGraph();
  graph.relations[0].score = 1;
  const lines = [
    ...drawGraph(graph).matchAll(/<g opacity="(\S+)"><path [^>]*stroke-width="(\S+)"/g),
  ].map(([, opacity, width]) => [Number(opacity), Number(width)]);
  // As over the image: 0.5 + 0.5 * score, and 1.5 + 3 * score.
  assertEquals(lines, [[1, 4.5], [0.5, 1.7]]);
});

Deno.test("drawGraph() draws every entity if there are no relations", () => {
  assertEquals(texts(drawGraph({ ...smallGraph(), relations: [] })), [
    "man",
    "hat",
    "dog",
  ]);
});

Deno.test("drawGraph() puts subjects above objects", () => {
  const svg = drawGraph(smallGraph(), { topK: 1 });
  const top = (label: string) =>
    Number(svg.match(new RegExp(`y="(\\S+)"[^>]*>${label}</text>`))![1]);
  assert(top("man") < top("wearing") && top("wearing") < top("hat"));
});

Deno.test("drawGraph() draws a graph without entities", () => {
  const svg = drawGraph({ imageWidth: 1, imageHeight: 1, entities: [], relations: [] });
  assertStringIncludes(svg, 'viewBox="0 0 24 24"');
});

Deno.test("drawGraph() gives the same text for the same graph", () => {
  assertEquals(drawGraph(ringOf(HOSTILE_NAMES)), drawGraph(ringOf(HOSTILE_NAMES)));
});

Deno.test("drawGraph() escapes hostile names", () => {
  const svg = drawGraph(ringOf(HOSTILE_NAMES), { topK: 99 });
  assert(isWellFormed(svg), svg);
  assertStringIncludes(svg, ">&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;</text>");
});
