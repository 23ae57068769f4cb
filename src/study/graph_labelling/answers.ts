/**
 * What a network answers, and how much of it is right.
 *
 * @module
 */

import { tf } from "../../deps/tf.ts";
import { Random } from "../../random.ts";
import { GraphBatch } from "./graph_batch.ts";
import type { LabellingNetwork } from "./networks.ts";
import { chooseGraphs, drawOrders, type Graphs, reorderNodes } from "./random_graphs.ts";

/** Nodes of a pass, which bounds memory. */
const NODES_OF_A_PASS = 2000;

/** The answers for some graphs. */
export interface Answers {
  /** `[B, N]`: the nearest whole number of each output. */
  answers: Int32Array;
  /** Share of answers that are the target. */
  accuracy: number;
  /** Mean squared difference of outputs and targets. */
  error: number;
}

/**
 * Asks a network.
 *
 * @param network The network.
 * @param graphs The graphs.
 * @param random Source of the orders in which LSTMs read.
 */
export async function answersOf(
  network: LabellingNetwork,
  graphs: Graphs,
  random: Random,
): Promise<Answers> {
  const { count, nodes, targets } = graphs;
  const answers = new Int32Array(count * nodes);
  const atOnce = Math.max(1, Math.floor(NODES_OF_A_PASS / nodes));
  let right = 0, squares = 0;
  for (let start = 0; start < count; start += atOnce) {
    const size = Math.min(atOnce, count - start);
    const chosen = Int32Array.from({ length: size }, (_, i) => start + i);
    using batch = new GraphBatch(
      chooseGraphs(graphs, chosen),
      network.reading,
      drawOrders(size, nodes, random),
    );
    const outputs = tf.tidy(() => network.predict(batch));
    const values = await outputs.data();
    outputs.dispose();
    for (let i = 0; i < values.length; i++) {
      const node = start * nodes + i;
      answers[node] = Math.round(values[i]);
      squares += (values[i] - targets[node]) ** 2;
      if (answers[node] === targets[node]) right++;
    }
  }
  return { answers, accuracy: right / targets.length, error: squares / targets.length };
}

/**
 * The share of answers that stay the same when the nodes are listed in another order.
 *
 * @param network The network.
 * @param graphs The graphs.
 * @param numOrders Number of random orders; each node's answer is compared with that in the
 * order of the graphs as they are.
 * @param seed Seed of the orders.
 */
export async function consistencyOf(
  network: LabellingNetwork,
  graphs: Graphs,
  numOrders: number,
  seed: readonly (number | string)[],
): Promise<number> {
  const { count, nodes } = graphs;
  const random = new Random(...seed, "orders");
  const { answers } = await answersOf(network, graphs, random);
  let same = 0;
  for (let i = 0; i < numOrders; i++) {
    const orders = drawOrders(count, nodes, random);
    const other = await answersOf(network, reorderNodes(graphs, orders), random);
    for (let place = 0; place < orders.length; place++) {
      const node = place - place % nodes + orders[place];
      if (other.answers[place] === answers[node]) same++;
    }
  }
  return same / (numOrders * answers.length);
}
