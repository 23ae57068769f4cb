/**
 * The networks that the experiment compares. Each gives one number for each node: the
 * answer is the nearest whole number.
 *
 * @module
 */

import { tf } from "../../deps/tf.ts";
import { dense } from "../../kernels/dense.ts";
import { gatherRows, sumRows } from "../../kernels/groups.ts";
import { Random } from "../../random.ts";
import {
  type GraphBatch,
  PHI_WIDTH,
  phiInputs,
  type Reading,
  rowWidth,
} from "./graph_batch.ts";
import { Lstm } from "./lstm.ts";
import { Perceptron, Variables } from "./perceptron.ts";
import { NUM_SETS } from "./random_graphs.ts";

/** Width of both sums of Theorem 1, and of the states of the LSTMs that replace them. */
const STATE = 200;

/** A network that answers for every node of a batch. */
export interface LabellingNetwork {
  /** What is trained; owns the tensors. */
  readonly variables: Variables;
  /** What it reads of a graph. */
  readonly reading: Reading;
  /** `[n, 1]`: one number for each node; differentiable; for a `tf.tidy`. */
  predict(batch: GraphBatch): tf.Tensor2D;
}

/** Width of the hidden layers of alpha and rho. */
const HIDDEN = 200;

/** Shape of a network, and the seed of its weights. */
export interface NetworkOptions {
  /** Width of the hidden layers of phi, by which all networks get equally large. */
  hidden: number;
  seed: readonly (number | string)[];
}

/** How a network of Theorem 1 differs from the plain one. */
export interface TheoremOptions extends NetworkOptions {
  /** Whether LSTMs take the place of both sums; default false. */
  hasLstm?: boolean;
  /** Whether phi is linear, as in the published program; default false. */
  isPhiLinear?: boolean;
}

/**
 * The form of Theorem 1 with the node vector s_i, as in the published program:
 * `rho(z_i, s_i, g)` with `s_i = sum_j phi(z_i, z_ij, z_j)` and `g = sum_i alpha(z_i, s_i)`.
 * One step, no attention.
 */
export class TheoremNetwork implements LabellingNetwork {
  readonly variables = new Variables();
  readonly reading: Reading;
  readonly #phi: Perceptron;
  readonly #alpha: Perceptron;
  readonly #rho: Perceptron;
  /** Weights of g in the first layer of rho, `[state, hidden]`. */
  readonly #graphWeights: tf.Variable<tf.Rank.R2>;
  readonly #lstms?: { neighbours: Lstm; nodes: Lstm };

  /** @param options Widths, seed, and what is unlike Theorem 1. */
  constructor({ hidden, seed, hasLstm, isPhiLinear }: TheoremOptions) {
    this.reading = hasLstm ? "sequences" : "pairs";
    const random = new Random(...seed, "weights");
    const make = (...widths: number[]) => new Perceptron(widths, this.variables, random);
    const phiWidths = [PHI_WIDTH, hidden, hidden, STATE];
    this.#phi = new Perceptron(phiWidths, this.variables, random, isPhiLinear);
    this.#alpha = make(NUM_SETS + STATE, HIDDEN, HIDDEN, STATE);
    this.#rho = make(NUM_SETS + STATE, HIDDEN, HIDDEN, 1);
    this.#graphWeights = this.variables.weights([STATE, HIDDEN], random);
    if (hasLstm) {
      const make = () => new Lstm({ input: STATE, state: STATE }, this.variables, random);
      this.#lstms = { neighbours: make(), nodes: make() };
    }
  }

  predict(batch: GraphBatch): tf.Tensor2D {
    const phi = this.#phi.apply(phiInputs()); // [2 K^2, state]
    const node = this.#lstms
      ? this.#lstms.neighbours.read(phi, batch.sequences!.neighbours)
      : sumOverNeighbours(phi, batch); // [n, state]
    const withNode: tf.Tensor2D = tf.concat([batch.sets, node], 1);
    const alpha = this.#alpha.apply(withNode); // [n, state]
    const graph = this.#lstms
      ? this.#lstms.nodes.read(alpha, batch.sequences!.nodes)
      : sumRows(alpha, batch.graphOfNode); // [B, state]
    const table = dense(graph, this.#graphWeights);
    return this.#rho.apply(withNode, { groups: [{ table, rows: batch.graphOfNode }] });
  }
}

function sumOverNeighbours(phi: tf.Tensor2D, batch: GraphBatch): tf.Tensor2D {
  const { inputs, nodes } = batch.pairs!;
  return sumRows(gatherRows(phi, inputs), nodes);
}

/** Deep sets (arXiv 1703.06114): `rho(z_i, sum_j phi(z_j))`. It does not see the edges. */
export class DeepSetsNetwork implements LabellingNetwork {
  readonly variables = new Variables();
  readonly reading = "sets";
  readonly #phi: Perceptron;
  readonly #rho: Perceptron;
  readonly #sumWeights: tf.Variable<tf.Rank.R2>;

  /** @param options Width and seed. */
  constructor({ hidden, seed }: NetworkOptions) {
    const random = new Random(...seed, "weights");
    const make = (...widths: number[]) => new Perceptron(widths, this.variables, random);
    this.#phi = make(NUM_SETS, hidden, hidden, STATE);
    this.#rho = make(NUM_SETS, HIDDEN, HIDDEN, 1);
    this.#sumWeights = this.variables.weights([STATE, HIDDEN], random);
  }

  predict(batch: GraphBatch): tf.Tensor2D {
    const phi = this.#phi.apply(tf.eye(NUM_SETS)); // [K, state]
    const sum = sumRows(gatherRows(phi, batch.setOfNode), batch.graphOfNode); // [B, state]
    const table = dense(sum, this.#sumWeights);
    return this.#rho.apply(batch.sets, { groups: [{ table, rows: batch.graphOfNode }] });
  }
}

/** All sets and pairs of a graph go in, all answers come out: for one number of nodes. */
export class FullyConnectedNetwork implements LabellingNetwork {
  readonly variables = new Variables();
  readonly reading = "row";
  readonly #net: Perceptron;

  /** @param options Width, seed, and the number of nodes of every graph. */
  constructor({ hidden, seed, nodes }: NetworkOptions & { nodes: number }) {
    const widths = [rowWidth(nodes), hidden, hidden, nodes];
    this.#net = new Perceptron(widths, this.variables, new Random(...seed));
  }

  predict(batch: GraphBatch): tf.Tensor2D {
    return tf.reshape(this.#net.apply(batch.rows!), [-1, 1]);
  }
}
