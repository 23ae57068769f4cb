import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../../src/random.ts";
import {
  chooseGraphs,
  countNeighbours,
  drawGraphs,
  drawOrders,
  reorderNodes,
} from "../../../src/study/graph_labelling/random_graphs.ts";

/** Nodes 0 and 2 are in one set, 1 in another; edges 0-1 and 0-2. */
const SETS = Uint8Array.of(1, 0, 1);
const EDGES = Uint8Array.of(0, 1, 1, 1, 0, 0, 1, 0, 0);

Deno.test("countNeighbours() counts connected nodes of the same set, not the node itself", () => {
  assertEquals(countNeighbours(SETS, EDGES, 3), Uint8Array.of(1, 0, 1));
  // The same sets without the edge 0-2, in a second graph.
  const edges = Uint8Array.of(...EDGES, 0, 1, 0, 1, 0, 0, 0, 0, 0);
  assertEquals(
    countNeighbours(Uint8Array.of(...SETS, ...SETS), edges, 3),
    Uint8Array.of(1, 0, 1, 0, 0, 0),
  );
});

Deno.test("drawGraphs() draws undirected graphs, half of whose pairs are connected", () => {
  const { count, nodes, sets, edges } = drawGraphs(400, 10, [1]);
  let connected = 0;
  for (let node = 0; node < count * nodes; node++) {
    const i = node % nodes;
    assertEquals(edges[node * nodes + i], 0);
    for (let j = 0; j < nodes; j++) {
      const back = edges[(node - i + j) * nodes + i];
      assertEquals(edges[node * nodes + j], back);
      connected += back;
    }
  }
  // 18,000 pairs: standard error 0.004.
  assertAlmostEquals(connected / (count * nodes * (nodes - 1)), 0.5, 0.015);
  for (const set of [0, 1, 2]) {
    const share = sets.filter((s) => s === set).length / sets.length;
    assertAlmostEquals(share, 1 / 3, 0.03);
  }
});

Deno.test("drawGraphs() with the same seed begins with the same graphs", () => {
  const few = drawGraphs(3, 5, ["a"]), more = drawGraphs(7, 5, ["a"]);
  assertEquals(chooseGraphs(more, [0, 1, 2]), few);
  assert(few.edges.some((edge, i) => edge !== drawGraphs(3, 5, ["b"]).edges[i]));
});

Deno.test("reorderNodes() moves sets, edges and targets together", () => {
  const graphs = {
    ...{ count: 1, nodes: 3, sets: SETS, edges: EDGES },
    targets: Uint8Array.of(1, 0, 1),
  };
  // The new nodes are the old 1, 2, 0.
  const other = reorderNodes(graphs, Int32Array.of(1, 2, 0));
  assertEquals(other.sets, Uint8Array.of(0, 1, 1));
  assertEquals(other.edges, Uint8Array.of(0, 0, 1, 0, 0, 1, 1, 1, 0));
  assertEquals(other.targets, Uint8Array.of(0, 1, 1));
});

Deno.test("reorderNodes() changes no count, by the targets of the new graphs", () => {
  const graphs = drawGraphs(20, 6, [2]);
  const { sets, edges, targets } = reorderNodes(
    graphs,
    drawOrders(20, 6, new Random(3)),
  );
  assertEquals(countNeighbours(sets, edges, 6), targets);
});
