/** Drawings in a real browser, where there is one. */

import { assert, assertEquals } from "@std/assert";
import { decodePng } from "../../src/deps/images.ts";
import { drawAttention } from "../../src/render/attention.ts";
import { drawSteps } from "../../src/render/steps.ts";
import { browser, screenshot } from "../_browser.ts";
import { testInFolder } from "../_in_folder.ts";
import { smallGraph } from "./_graphs.ts";

/** A graph whose names would break a page that took them for markup. */
function hostileGraph() {
  const graph = smallGraph();
  graph.entities[0].label = `</text><style>*{fill:#00ff00}</style><b title='"'>`;
  graph.entities[1].label = "\u202eכלב גדול";
  graph.entities[2].label = "x".repeat(300);
  return graph;
}

testInFolder(
  "drawings of how the network came to a graph are light or dark, in a browser",
  async (folder) => {
    const graph = hostileGraph();
    const nodes = [0, 0.25, 0.75, 0.9, 0, 0.1, 1, 0, 0];
    const attention = drawAttention(graph, { nodes, graph: [0.6, 0.2, 0.2] });
    const beliefs = (score: number) => ({
      entities: graph.entities.map(({ label }) => [{ label, score }]),
      relations: [score, 0.5, 0.5],
    });
    const steps = drawSteps(graph, [beliefs(0.2), beliefs(0.9)]);
    const path = `${folder}/page.html`;
    const page = `<!doctype html><meta charset="utf-8"><body style="margin:0">`;
    await Deno.writeTextFile(path, page + attention + steps);
    for (
      const [isDark, ground] of [[false, "255,255,255"], [true, "22,24,26"]] as const
    ) {
      const { data } = await decodePng(await screenshot(path, 1000, 1200, isDark));
      const counts = new Map<string, number>();
      for (let from = 0; from < data.length; from += 4) {
        const color = data.subarray(from, from + 3).join();
        counts.set(color, (counts.get(color) ?? 0) + 1);
      }
      const count = (color: string) => counts.get(color) ?? 0;
      const [mostOften] = [...counts].sort(([, a], [, b]) => b - a)[0];
      assertEquals(mostOften, ground, `dark: ${isDark}`);
      assert(count("213,94,0") > 500, "bars of what is attended to");
      assert(count("11,132,198") > 200, "lines of beliefs");
      assertEquals(count("0,255,0"), 0, "a label is taken for a style");
    }
  },
  { ignore: !browser },
);
