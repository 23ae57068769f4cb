import { assertEquals } from "@std/assert";
import { leastDrawnScore } from "../../src/render/choice.ts";
import { smallGraph } from "./_graphs.ts";

Deno.test("leastDrawnScore() is 0.05, or a fifth of a weak best score", () => {
  const withBest = (score: number) => {
    const graph = smallGraph();
    graph.relations[0].score = score;
    return leastDrawnScore(graph);
  };
  assertEquals([0.125, 0.1, 0.5].map(withBest), [0.05, 0.05, 0.05]);
  assertEquals(withBest(0.0625), 0.0125);
  assertEquals(leastDrawnScore({ ...smallGraph(), relations: [] }), 0);
});
