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
const NUM_PHI_INPUTS = NUM_SETS * NUM_SETS * 2;

/** Width of an input of phi: two sets and an edge, `[z_i, z_j, z_ij]`. */
export const PHI_WIDTH = 2 * NUM_SETS + 1;

/** The number of the input of phi for a node, one of its neighbours, and their edge. */
function phiInput(set: number, otherSet: number, edge: number): number {
  return (set * NUM_SETS + otherSet) * 2 + edge;
}

/** Every different input of phi, `[2 K^2, 2 K + 1]`; for a `tf.tidy`. */
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

/**
 * What a network reads of graphs besides the sets of their nodes: nothing, every pair, the
 * nodes one after another, or all in one row.
 */
export type Reading = "sets" | "pairs" | "sequences" | "row";

/** The ordered pairs of different nodes of all graphs. */
export interface Pairs {
  /** Input of phi of each pair. */
  inputs: Groups;
  /** First node of each pair. */
  nodes: Groups;
}

/** The nodes of each graph in reading order. */
export interface Sequences {
  /** For each of N - 1 steps, the input of phi that each node reads. */
  neighbours: Groups[];
  /** For each of N steps, the node of each graph that is read. */
  nodes: Groups[];
}

/** Tensors of B graphs with N nodes each, n = B N nodes in all. Owns them: dispose it. */
export class GraphBatch implements Disposable {
  /** `[n, K]`: one-hot set of each node. */
  readonly sets: tf.Tensor2D;
  /** Set of each node. */
  readonly setOfNode: Groups;
  /** `[n, 1]`: target of each node. */
  readonly targets: tf.Tensor2D;
  /** Graph of each node. */
  readonly graphOfNode: Groups;
  /** Only of the reading "pairs". */
  readonly pairs?: Pairs;
  /** Only of the reading "sequences". */
  readonly sequences?: Sequences;
  /** `[B, N K + N (N - 1)]`: all sets and pairs of each graph; only of the reading "row". */
  readonly rows?: tf.Tensor2D;

  /**
   * @param graphs The graphs.
   * @param reading What the network reads.
   * @param orders `[B, N]`: order of the nodes of each graph in sequences.
   */
  constructor(graphs: Graphs, reading: Reading, orders: Int32Array) {
    const { count, nodes, sets, targets } = graphs;
    const oneHot = new Float32Array(sets.length * NUM_SETS);
    for (const [node, set] of sets.entries()) oneHot[node * NUM_SETS + set] = 1;
    this.sets = tf.tensor2d(oneHot, [sets.length, NUM_SETS]);
    this.setOfNode = new Groups(Int32Array.from(sets), NUM_SETS);
    this.targets = tf.tensor2d(Float32Array.from(targets), [sets.length, 1]);
    const graphOf = Int32Array.from(sets, (_, node) => Math.floor(node / nodes));
    this.graphOfNode = new Groups(graphOf, count);
    if (reading === "pairs") this.pairs = pairsOf(graphs);
    if (reading === "sequences") this.sequences = sequencesOf(graphs, orders);
    if (reading === "row") this.rows = rowsOf(graphs);
  }

  /** Frees the tensors. */
  [Symbol.dispose](): void {
    const { pairs, sequences, rows } = this;
    const owned = [
      ...[this.sets, this.setOfNode, this.targets, this.graphOfNode],
      ...[pairs?.inputs, pairs?.nodes, rows],
      ...[...sequences?.neighbours ?? [], ...sequences?.nodes ?? []],
    ];
    for (const tensors of owned) tensors?.dispose();
  }
}

function pairsOf(graphs: Graphs): Pairs {
  const { sets, nodes } = graphs;
  const inputs: number[] = [], nodeOf: number[] = [];
  for (let node = 0; node < sets.length; node++) {
    for (let j = 0; j < nodes; j++) {
      if (j === node % nodes) continue;
      inputs.push(inputOf(graphs, node, j));
      nodeOf.push(node);
    }
  }
  return {
    inputs: new Groups(Int32Array.from(inputs), NUM_PHI_INPUTS),
    nodes: new Groups(Int32Array.from(nodeOf), sets.length),
  };
}

function sequencesOf(graphs: Graphs, orders: Int32Array): Sequences {
  const { count, sets, nodes } = graphs;
  const inputs = Array.from({ length: nodes - 1 }, () => new Int32Array(sets.length));
  for (let node = 0; node < sets.length; node++) {
    const first = node - node % nodes;
    let step = 0;
    for (const j of orders.subarray(first, first + nodes)) {
      if (first + j !== node) inputs[step++][node] = inputOf(graphs, node, j);
    }
  }
  const read = (step: number) =>
    Int32Array.from(
      { length: count },
      (_, graph) => graph * nodes + orders[graph * nodes + step],
    );
  return {
    neighbours: inputs.map((ofStep) => new Groups(ofStep, NUM_PHI_INPUTS)),
    nodes: Array.from(
      { length: nodes },
      (_, step) => new Groups(read(step), sets.length),
    ),
  };
}

function rowsOf({ count, nodes, sets, edges }: Graphs): tf.Tensor2D {
  const width = rowWidth(nodes);
  const rows = new Float32Array(count * width);
  for (let node = 0; node < sets.length; node++) {
    const i = node % nodes, row = (node - i) / nodes * width;
    rows[row + i * NUM_SETS + sets[node]] = 1;
    let at = row + nodes * NUM_SETS + i * (nodes - 1);
    for (let j = 0; j < nodes; j++) {
      if (j !== i) rows[at++] = edges[node * nodes + j];
    }
  }
  return tf.tensor2d(rows, [count, width]);
}

/** The input of phi for a node and the j-th node of its graph. */
function inputOf({ sets, edges, nodes }: Graphs, node: number, j: number): number {
  return phiInput(sets[node], sets[node - node % nodes + j], edges[node * nodes + j]);
}

/** Width of a row of {@linkcode GraphBatch.rows}. */
export function rowWidth(nodes: number): number {
  return nodes * NUM_SETS + nodes * (nodes - 1);
}
