/** Drawings that stand in one page, where each id must be there once. */

import { assert, assertEquals } from "@std/assert";
import { drawAttention } from "../../src/render/attention.ts";
import { drawBeforeAfter } from "../../src/render/before_after.ts";
import { beforeAfterPage } from "../../src/render/before_after_page.ts";
import { smallGraph } from "./_graphs.ts";

const NODES = [0, 0.25, 0.75, 0.9, 0, 0.1, 1, 0, 0];

/** Drawings of the same graph over two images. */
function drawnOver(imageHref: string): string[] {
  const graph = smallGraph(), options = { imageHref };
  const shares = [[0.6, 0.2, 0.2], [0.5, 0.3, 0.2]];
  return [
    drawBeforeAfter(graph, options),
    drawBeforeAfter(graph, { ...options, topK: 1 }),
    ...shares.map((graphShares) =>
      drawAttention(graph, { nodes: NODES, graph: graphShares }, options)
    ),
  ];
}

const idsOf = (text: string) => [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
const usesOf = (text: string) =>
  [...text.matchAll(/<use href="#([^"]+)"/g)].map(([, id]) => id);

Deno.test("drawings in one page have ids of their own, and use only these", () => {
  const svgs = ["a.png", "b.png"].flatMap(drawnOver);
  for (const svg of svgs) {
    const [id, ...others] = idsOf(svg);
    assertEquals(others, []);
    const uses = usesOf(svg);
    assert(uses.length >= 2 && uses.every((use) => use === id), svg);
  }
  const ids = idsOf(svgs.join("\n"));
  assertEquals(new Set(ids).size, svgs.length, ids.join());
});

Deno.test("the same drawing has the same ids again", () => {
  assertEquals(drawnOver("a.png"), drawnOver("a.png"));
});

Deno.test("a page of both sides defines its image once", () => {
  const page = beforeAfterPage("a", smallGraph(), { imageHref: "a.png" });
  const [id, ...others] = idsOf(page);
  // Each side is drawn for wide and for narrow windows.
  assertEquals([others, usesOf(page)], [[], [id, id, id, id]]);
});

Deno.test("drawings without an image have no ids", () => {
  const graph = smallGraph();
  const svgs = [
    drawBeforeAfter(graph),
    drawAttention(graph, { nodes: NODES, graph: [1, 0, 0] }),
  ];
  assertEquals(svgs.map((svg) => [idsOf(svg), usesOf(svg)]), [[[], []], [[], []]]);
});
