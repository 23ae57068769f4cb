/**
 * Trains a network to count.
 *
 * @module
 */

import { tf } from "../../deps/tf.ts";
import "../../deps/gradients.ts";
import { Adam } from "../../kernels/adam.ts";
import { Random } from "../../random.ts";
import { answersOf } from "./answers.ts";
import { GraphBatch } from "./graph_batch.ts";
import type { LabellingNetwork } from "./networks.ts";
import { chooseGraphs, drawOrders, type Graphs } from "./random_graphs.ts";

/** Settings of a training. The paper gives none. */
export interface LabellingTraining {
  /** Graphs of an update, at most as many as there are. */
  batchSize: number;
  /** Learning rate of Adam; it rises from zero in the first `warmUpUpdates`. */
  learningRate: number;
  warmUpUpdates: number;
  /** Decoupled weight decay, as of {@linkcode Adam}. */
  weightDecay: number;
  /** Updates between two looks at the validation graphs. */
  updatesPerCheck: number;
  /**
   * Training ends when the error on the validation graphs has not fallen for this number of
   * updates, and for half of the updates until then.
   */
  patience: number;
  /** It also ends when their mean squared error is below this, ... */
  goal: number;
  /** ... and after this number of updates. */
  mostUpdates: number;
}

/** The settings of every network and every number of graphs. */
export const LABELLING_TRAINING: Readonly<LabellingTraining> = {
  batchSize: 16,
  learningRate: 1e-3,
  warmUpUpdates: 50,
  weightDecay: 1,
  updatesPerCheck: 25,
  patience: 200,
  goal: 2e-3,
  mostUpdates: 8000,
};

/** What a training took. */
export interface LabellingRun {
  /** Updates that were made. */
  updates: number;
  /** Update with the least error on the validation graphs, whose weights are kept. */
  best: number;
  /** That error: mean squared difference from the target. */
  error: number;
}

/**
 * Trains a network on the current backend; it ends with the weights of the best check.
 *
 * @param network The network.
 * @param graphs Graphs to train on, and to validate on.
 * @param options Settings, seed of batches and reading orders, and progress.
 */
export async function trainLabelling(
  network: LabellingNetwork,
  graphs: { train: Graphs; validation: Graphs },
  options: {
    training?: Readonly<LabellingTraining>;
    seed: readonly (number | string)[];
    onProgress?: (updates: number) => void;
  },
): Promise<LabellingRun> {
  const { training = LABELLING_TRAINING, seed, onProgress } = options;
  const { variables } = network.variables;
  const adam = new Adam({ variables }, { weightDecay: training.weightDecay });
  const random = new Random(...seed, "training");
  const nextBatch = batches(network, graphs.train, training.batchSize, random);
  const run: LabellingRun = { updates: 0, best: 0, error: Infinity };
  let best: tf.Tensor[] = [];
  try {
    const end = () => run.best + Math.max(training.patience, run.best / 2);
    while (run.updates < Math.min(training.mostUpdates, end())) {
      run.updates++;
      const rate = Math.min(1, run.updates / training.warmUpUpdates);
      update(network, adam, nextBatch(), training.learningRate * rate);
      if (run.updates % training.updatesPerCheck !== 0) continue;
      const { error } = await answersOf(network, graphs.validation, random);
      if (error < run.error) {
        tf.dispose(best);
        best = [...variables.values()].map((variable) => tf.add(variable, 0)); // copies
        Object.assign(run, { best: run.updates, error });
      }
      onProgress?.(run.updates);
      if (error < training.goal) break;
    }
    let i = 0;
    for (const variable of variables.values()) variable.assign(best[i++]);
    return run;
  } finally {
    tf.dispose(best);
    adam.dispose();
  }
}

function update(
  network: LabellingNetwork,
  adam: Adam,
  batch: GraphBatch,
  learningRate: number,
): void {
  using owned = batch;
  const { value, grads } = tf.variableGrads(
    () => meanSquares(network.predict(owned), owned.targets),
    [...network.variables.variables.values()],
  );
  adam.update(grads, learningRate);
  tf.dispose([value, grads]);
}

function meanSquares(answers: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return tf.mean(tf.square(tf.sub(answers, targets)));
}

/** Deals the graphs in random order, again and again; LSTMs read each in a new order. */
function batches(
  { reading }: LabellingNetwork,
  graphs: Graphs,
  batchSize: number,
  random: Random,
): () => GraphBatch {
  const size = Math.min(batchSize, graphs.count);
  const order = Int32Array.from({ length: graphs.count }, (_, i) => i);
  let next = graphs.count;
  return () => {
    if (next + size > graphs.count) {
      random.shuffle(order);
      next = 0;
    }
    const chosen = chooseGraphs(graphs, order.subarray(next, next += size));
    return new GraphBatch(chosen, reading, drawOrders(size, graphs.nodes, random));
  };
}
