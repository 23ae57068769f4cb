/**
 * One run of the experiment: a network trained on a number of graphs, and measured.
 *
 * @module
 */

import { Random } from "../../random.ts";
import { answersOf, consistencyOf } from "./answers.ts";
import { type ArchitectureName, ARCHITECTURES, NODES } from "./architectures.ts";
import { drawGraphs } from "./random_graphs.ts";
import { type LabellingTraining, trainLabelling } from "./train_labelling.ts";

/** Everything that the result of a run depends on. */
export interface RunSettings {
  architecture: ArchitectureName;
  /** Number of training graphs. */
  graphs: number;
  seed: number;
  training: LabellingTraining;
  measure: RunMeasures;
}

/** What is measured after training. */
export interface RunMeasures {
  /** Upper limit on validation graphs: there are as many as training graphs, or this many. */
  validation: number;
  /** Number of test graphs. */
  test: number;
  /** Numbers of nodes of larger graphs, and how many graphs of each are tested. */
  larger: readonly { nodes: number; graphs: number }[];
  /** Number of test graphs whose nodes are reordered, and of orders of each. */
  reordered: number;
  orders: number;
}

/** Result of a run. */
export interface RunResult {
  parameters: number;
  /** Updates until the weights that are measured. */
  updates: number;
  /** Share of right answers on test graphs. */
  accuracy: number;
  /** Share of answers that no reordering of the nodes changes. */
  consistency: number;
  /** Accuracy on larger graphs, by number of nodes; empty if the network takes none. */
  larger: Record<number, number>;
}

/**
 * Trains and measures a network on the current backend.
 *
 * All networks of one seed see the same training graphs, and fewer graphs are the first of
 * more. The test graphs are always the same.
 *
 * @param settings What to run.
 * @param onProgress Receives the number of updates so far.
 */
export async function runLabelling(
  { architecture, graphs, seed, training, measure }: RunSettings,
  onProgress?: (updates: number) => void,
): Promise<RunResult> {
  const { make, takesAnySize } = ARCHITECTURES[architecture];
  const seeds = [seed, architecture, graphs];
  const network = make(seeds);
  try {
    const numValidation = Math.min(graphs, measure.validation);
    const { best } = await trainLabelling(network, {
      train: drawGraphs(graphs, NODES, [seed, "train"]),
      validation: drawGraphs(numValidation, NODES, [seed, "validation"]),
    }, { training, seed: seeds, onProgress });
    const random = new Random(...seeds, "test");
    const accuracyOn = async (count: number, nodes: number) =>
      (await answersOf(network, drawGraphs(count, nodes, ["test"]), random)).accuracy;
    const accuracy = await accuracyOn(measure.test, NODES);
    const reordered = drawGraphs(measure.reordered, NODES, ["test"]);
    const consistency = await consistencyOf(network, reordered, measure.orders, seeds);
    const larger: RunResult["larger"] = {};
    for (const { nodes, graphs } of takesAnySize ? measure.larger : []) {
      larger[nodes] = await accuracyOn(graphs, nodes);
    }
    const parameters = network.variables.count;
    return { parameters, updates: best, accuracy, consistency, larger };
  } finally {
    network.variables.dispose();
  }
}
