/**
 * Graphs as the tensors that networks read.
 *
 * @module
 */

import { tf } from "../../deps/tf.ts";
import { Groups } from "../../kernels/groups.ts";
import { type Graphs, NUM_SETS } from "./random_graphs.ts";

/**
 * Number of different inputs of phi: sets of node and neighbour, and edge or not. As they
 * are so few, phi is computed once for each of them and not once for each pair.
 */
export const NUM_PHI_INPUTS = NUM_SETS * NUM_SETS * 2;

/** Width of an input of phi: two sets and an edge, `[z_i, z_j, z_ij]`. */
export const PHI_WIDTH = 2 * NUM_SETS + 1;

/** The number of the input of phi for a node, one of its neighbours, and their edge. */
function phiInput(set: number, otherSet: number, edge: number): number {
  return (set * NUM_SETS + otherSet) * 2 + edge;
}

/** Every different input of phi, `[2 K^2, 2 K + 1]`; the caller disposes it. */
export function phiInputs(): tf.Tensor2D {
  const rows = new Float32Array(NUM_PHI_INPUTS * PHI_WIDTH);
  for (let set = 0; set < NUM_SETS; set++) {
    for (let other = 0; other < NUM_SETS; other++) {
      for (const edge of [0, 1]) {
        const row = phiInput(set, other, edge) * PHI_WIDTH;
        rows[row + set] = 1;
        rows[row + NUM_SETS + other] = 1;
        rows[row + 2 * NUM_SETS] = edge;
      }
    }
  }
  return tf.tensor2d(rows, [NUM_PHI_INPUTS, PHI_WIDTH]);
}

/** Tensors of B graphs with N nodes each, n = B N nodes in all. Owns them: dispose it. */
export class GraphBatch implements Disposable {
  /** The graphs. */
  readonly graphs: Graphs;
  /** `[n, K]`: one-hot set of each node. */
  readonly sets: tf.Tensor2D;
  /** Set of each node. */
  readonly setOfNode: Groups;
  /** `[n, 1]`: target of each node. */
  readonly targets: tf.Tensor2D;
  /** Graph of each node. */
  readonly graphOfNode: Groups;
  readonly #orders?: Int32Array;
  readonly #made: { dispose(): void }[] = [];

  /**
   * @param graphs The graphs.
   * @param orders `[B, N]`: order in which an LSTM reads the nodes of each graph; only LSTMs
   * need it.
   */
  constructor(graphs: Graphs, orders?: Int32Array) {
    const { count, nodes, sets, targets } = graphs;
    this.graphs = graphs;
    this.#orders = orders;
    const oneHot = new Float32Array(sets.length * NUM_SETS);
    for (const [node, set] of sets.entries()) oneHot[node * NUM_SETS + set] = 1;
    this.sets = this.#keep(tf.tensor2d(oneHot, [sets.length, NUM_SETS]));
    this.setOfNode = this.#keep(new Groups(Int32Array.from(sets), NUM_SETS));
    this.targets = this.#keep(tf.tensor2d(Float32Array.from(targets), [sets.length, 1]));
    const graphOf = Int32Array.from(sets, (_, node) => Math.floor(node / nodes));
    this.graphOfNode = this.#keep(new Groups(graphOf, count));
  }

  /** The ordered pairs by node: input of phi, and node, of each of the n (N - 1) pairs. */
  pairs(): { inputs: Groups; nodes: Groups } {
    const { sets, nodes } = this.graphs;
    const inputs: number[] = [], nodeOf: number[] = [];
    for (let node = 0; node < sets.length; node++) {
      for (let j = 0; j < nodes; j++) {
        if (j === node % nodes) continue;
        inputs.push(this.#phiInput(node, j));
        nodeOf.push(node);
      }
    }
    return {
      inputs: this.#keep(new Groups(Int32Array.from(inputs), NUM_PHI_INPUTS)),
      nodes: this.#keep(new Groups(Int32Array.from(nodeOf), sets.length)),
    };
  }

  /**
   * The neighbours in reading order: the input of phi that each node reads at each of the
   * N - 1 steps.
   */
  neighbourSteps(): Groups[] {
    const { sets, nodes } = this.graphs;
    const steps = Array.from({ length: nodes - 1 }, () => new Int32Array(sets.length));
    for (let node = 0; node < sets.length; node++) {
      let step = 0;
      for (const j of this.#orderOf(node)) {
        if (j !== node % nodes) steps[step++][node] = this.#phiInput(node, j);
      }
    }
    return steps.map((inputs) => this.#keep(new Groups(inputs, NUM_PHI_INPUTS)));
  }

  /** The node of each graph that is read at each of N steps. */
  nodeSteps(): Groups[] {
    const { count, nodes, sets } = this.graphs;
    return Array.from({ length: nodes }, (_, step) => {
      const read = Int32Array.from(
        { length: count },
        (_, graph) => graph * nodes + this.#orderOf(graph * nodes)[step],
      );
      return this.#keep(new Groups(read, sets.length));
    });
  }

  /** `[B, N K + N (N - 1)]`: all sets and all pairs of each graph in one row. */
  flat(): tf.Tensor2D {
    const { count, nodes, sets, edges } = this.graphs;
    const width = flatWidth(nodes);
    const rows = new Float32Array(count * width);
    for (let node = 0; node < sets.length; node++) {
      const i = node % nodes, row = (node - i) / nodes * width;
      rows[row + i * NUM_SETS + sets[node]] = 1;
      let at = row + nodes * NUM_SETS + i * (nodes - 1);
      for (let j = 0; j < nodes; j++) {
        if (j !== i) rows[at++] = edges[node * nodes + j];
      }
    }
    return this.#keep(tf.tensor2d(rows, [count, width]));
  }

  /** Frees the tensors. */
  [Symbol.dispose](): void {
    for (const made of this.#made) made.dispose();
  }

  #phiInput(node: number, j: number): number {
    const { sets, edges, nodes } = this.graphs;
    return phiInput(sets[node], sets[node - node % nodes + j], edges[node * nodes + j]);
  }

  /** The order in which the graph of a node is read. */
  #orderOf(node: number): Int32Array {
    const { nodes } = this.graphs;
    const first = node - node % nodes;
    return this.#orders!.subarray(first, first + nodes);
  }

  #keep<T extends { dispose(): void }>(made: T): T {
    if (made instanceof tf.Tensor) tf.keep(made);
    else {
      const { group, starts, order, inverseCounts } = made as unknown as Groups;
      for (const tensor of [group, starts, order, inverseCounts]) tf.keep(tensor);
    }
    this.#made.push(made);
    return made;
  }
}

/** Width of a row of {@linkcode GraphBatch.flat}. */
export function flatWidth(nodes: number): number {
  return nodes * NUM_SETS + nodes * (nodes - 1);
}
