/**
 * The random graphs of the paper's synthetic experiment, and what is asked of them.
 *
 * Source: arXiv 1802.05451, "Synthetic Graph Labeling". Each node belongs to one of K sets,
 * each pair of nodes has an edge or not, and the target of a node is the number of its
 * neighbours that are in its own set. The paper draws sets and edges uniformly; it does not
 * give K.
 *
 * @module
 */

import { Random } from "../../random.ts";

/** K: number of sets. With 3, the most frequent target has a share of 35 %. */
export const NUM_SETS = 3;

/** Probability of an edge; "uniformly" in the paper. */
export const EDGE_PROBABILITY = 0.5;

/** Undirected graphs, all with the same number of nodes. */
export interface Graphs {
  /** B: number of graphs. */
  count: number;
  /** N: number of nodes of each graph. */
  nodes: number;
  /** `[B, N]`: set of each node, in [0, K). */
  sets: Uint8Array;
  /** `[B, N, N]`: 1 for an edge, else 0; symmetric, zero on the diagonal. */
  edges: Uint8Array;
  /** `[B, N]`: number of neighbours of each node that are in its set. */
  targets: Uint8Array;
}

/**
 * Draws graphs.
 *
 * @param count Number of graphs.
 * @param nodes Number of nodes of each.
 * @param seed Seed; graph i is the same whatever the number of graphs.
 * @returns Sets, edges and targets.
 */
export function drawGraphs(
  count: number,
  nodes: number,
  seed: readonly (number | string)[],
): Graphs {
  const sets = new Uint8Array(count * nodes);
  const edges = new Uint8Array(count * nodes * nodes);
  const random = new Random(...seed, nodes);
  for (let graph = 0; graph < count; graph++) {
    for (let i = 0; i < nodes; i++) sets[graph * nodes + i] = random.below(NUM_SETS);
    for (let i = 0; i < nodes; i++) {
      for (let j = 0; j < i; j++) {
        if (!random.chance(EDGE_PROBABILITY)) continue;
        edges[(graph * nodes + i) * nodes + j] = 1;
        edges[(graph * nodes + j) * nodes + i] = 1;
      }
    }
  }
  return { count, nodes, sets, edges, targets: countNeighbours(sets, edges, nodes) };
}

/**
 * Counts, for each node, the neighbours in its own set.
 *
 * @param sets `[B, N]`.
 * @param edges `[B, N, N]`.
 * @param nodes N.
 * @returns `[B, N]`.
 */
export function countNeighbours(
  sets: Uint8Array,
  edges: Uint8Array,
  nodes: number,
): Uint8Array {
  return sets.map((set, node) => {
    const first = node - node % nodes; // of the same graph
    let count = 0;
    for (let j = 0; j < nodes; j++) {
      if (edges[node * nodes + j] && sets[first + j] === set) count++;
    }
    return count;
  });
}

/**
 * Some of the graphs, by their numbers.
 *
 * @param graphs All graphs.
 * @param chosen Numbers of the wanted ones; one may occur more than once.
 */
export function chooseGraphs(graphs: Graphs, chosen: ArrayLike<number>): Graphs {
  const { nodes } = graphs;
  const take = (values: Uint8Array, width: number) => {
    const taken = new Uint8Array(chosen.length * width);
    for (let i = 0; i < chosen.length; i++) {
      const start = chosen[i] * width;
      taken.set(values.subarray(start, start + width), i * width);
    }
    return taken;
  };
  return {
    count: chosen.length,
    nodes,
    sets: take(graphs.sets, nodes),
    edges: take(graphs.edges, nodes * nodes),
    targets: take(graphs.targets, nodes),
  };
}

/**
 * The same graphs with their nodes in another order.
 *
 * @param graphs The graphs.
 * @param orders `[B, N]`: for each place in the new graph, the node of the old one.
 */
export function reorderNodes(graphs: Graphs, orders: Int32Array): Graphs {
  const { count, nodes } = graphs;
  const sets = new Uint8Array(count * nodes), targets = new Uint8Array(count * nodes);
  const edges = new Uint8Array(count * nodes * nodes);
  for (let place = 0; place < count * nodes; place++) {
    const first = place - place % nodes;
    const node = first + orders[place];
    sets[place] = graphs.sets[node];
    targets[place] = graphs.targets[node];
    for (let j = 0; j < nodes; j++) {
      edges[place * nodes + j] = graphs.edges[node * nodes + orders[first + j]];
    }
  }
  return { count, nodes, sets, edges, targets };
}

/**
 * Draws an order of the nodes for each graph.
 *
 * @param count Number of graphs.
 * @param nodes Number of nodes of each.
 * @param random Source of chance.
 * @returns `[B, N]`: each row is a permutation of 0 to N - 1.
 */
export function drawOrders(count: number, nodes: number, random: Random): Int32Array {
  const orders = new Int32Array(count * nodes);
  const row = Int32Array.from({ length: nodes }, (_, i) => i);
  for (let graph = 0; graph < count; graph++) {
    orders.set(random.shuffle(row), graph * nodes);
  }
  return orders;
}
