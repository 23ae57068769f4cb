import { assert, assertEquals, assertThrows } from "@std/assert";
import { drawAttention } from "../../src/render/attention.ts";
import type { SceneGraph } from "../../src/scene_graph.ts";
import { HOSTILE_NAMES, smallGraph } from "./_graphs.ts";

/** Shares of the man, the hat and the dog. */
const ATTENTION = {
  nodes: [0, 0.25, 0.75, 0.9, 0, 0.1, 1, 0, 0],
  graph: [0.5, 0.2, 0.3],
};

/** Texts of a drawing. */
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);

Deno.test("drawAttention() ranks the entities by their share", () => {
  const texts = textsOf(drawAttention(smallGraph(), ATTENTION, { entities: [1] }));
  const whole = texts.indexOf("The whole graph attends to");
  const hat = texts.indexOf("hat attends to");
  assert(whole >= 0 && hat > whole);
  const listed = (from: number, to?: number) =>
    texts.slice(from, to).filter((text) => !/^\d .*%$|attends|^(man|hat) ?$/.test(text));
  assertEquals(listed(whole, hat), [
    ...["1", "50.0 %", "2", "30.0 %", "dog", "3", "20.0 %"],
  ]);
  assert(texts.includes("1 man 50.0 %") && texts.includes("3 hat 20.0 %"));
  assert(texts.includes("1 man 90.0 %") && texts.includes("2 dog 10.0 %"));
});

Deno.test("drawAttention() shades boxes by their share of the greatest", () => {
  const svg = drawAttention(smallGraph(), ATTENTION, { entities: [] });
  const opacities = [...svg.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, of]) => of);
  assertEquals(opacities, ["0.60", "0.24", "0.36"]); // 0.6 · share / 0.5
});

Deno.test("drawAttention() shows changed entities first, and none that is alone", () => {
  const graph = smallGraph();
  graph.entities[1].given = { label: "cap", score: 0.4 };
  const titles = (of: SceneGraph, nodes = ATTENTION.nodes) =>
    textsOf(drawAttention(of, { ...ATTENTION, nodes })).filter((text) =>
      text.endsWith("attends to")
    );
  assertEquals(titles(graph), [
    "The whole graph attends to",
    "hat attends to",
    "man attends to",
    "dog attends to",
  ]);
  assertEquals(titles(graph, Array(9).fill(0)), ["The whole graph attends to"]);
  const empty = { ...graph, entities: [], relations: [] };
  assert(drawAttention(empty, { nodes: [], graph: [] }).endsWith("</svg>"));
});

Deno.test("drawAttention() shows hostile names as text", () => {
  const graph = smallGraph();
  for (const name of HOSTILE_NAMES) {
    graph.entities[0].label = name;
    const svg = drawAttention(graph, ATTENTION, { note: name });
    assert(!svg.includes("<script"), name);
    assert(!svg.includes("\u0007"), name);
    // All tags are closed.
    assertEquals(svg.match(/<text/g)!.length, svg.match(/<\/text>/g)!.length);
  }
});

Deno.test("drawAttention() refuses shares of other entities", () => {
  assertThrows(
    () => drawAttention(smallGraph(), { nodes: [0, 1, 1, 0], graph: [0.5, 0.5] }),
    RangeError,
    "Cannot draw attention as nodes and graph must have 9 and 3 numbers, as the graph has 3 entities: found 4 and 2",
  );
  assertThrows(
    () => drawAttention(smallGraph(), ATTENTION, { entities: [3] }),
    RangeError,
    'Cannot draw attention as each of "entities" must be an index in [0, 3): found 3',
  );
});

Deno.test("drawAttention() in one column is as wide as one picture", () => {
  const widthOf = (columns?: 1 | 2) =>
    /viewBox="0 0 (\d+) /.exec(
      drawAttention(smallGraph(), ATTENTION, { entities: [1], columns }),
    )![1];
  // 490 for a picture of two, 362 for one alone, 16 on each side, 20 between two.
  assertEquals([widthOf(1), widthOf(2), widthOf()], ["394", "1032", "1032"]);
});
