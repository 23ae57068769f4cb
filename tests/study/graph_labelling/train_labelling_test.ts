import { assert, assertEquals } from "@std/assert";
import { tf } from "../../../src/deps/tf.ts";
import { useBackend } from "../../../src/kernels/backend.ts";
import { Random } from "../../../src/random.ts";
import { answersOf, consistencyOf } from "../../../src/study/graph_labelling/answers.ts";
import {
  FullyConnectedNetwork,
  TheoremNetwork,
} from "../../../src/study/graph_labelling/networks.ts";
import { drawGraphs } from "../../../src/study/graph_labelling/random_graphs.ts";
import {
  LABELLING_TRAINING,
  trainLabelling,
} from "../../../src/study/graph_labelling/train_labelling.ts";

await useBackend("wasm");

const train = drawGraphs(64, 5, [1, "train"]);
const validation = drawGraphs(32, 5, [1, "validation"]);
const training = { ...LABELLING_TRAINING, batchSize: 8, mostUpdates: 150 };

Deno.test("trainLabelling() teaches the invariant network to count", async () => {
  const network = new TheoremNetwork({ hidden: 32, seed: [1] });
  const before = tf.memory().numTensors;
  const run = await trainLabelling(network, { train, validation }, {
    ...{ training, seed: [1] },
  });
  assertEquals(tf.memory().numTensors, before);
  const test = await answersOf(network, drawGraphs(100, 5, ["test"]), new Random(1));
  assert(test.accuracy > 0.95, `accuracy ${test.accuracy} after ${run.updates} updates`);
  // The weights are those of the best check.
  const again = await answersOf(network, validation, new Random(1));
  assert(Math.abs(again.error - run.error) < 1e-5);
  assertEquals(await consistencyOf(network, validation, 3, [1]), 1);
  network.variables.dispose();
});

Deno.test("trainLabelling() ends at its goal, and without progress", async () => {
  const options = { hidden: 8, seed: [1], nodes: 5 };
  const first = new FullyConnectedNetwork(options);
  const easy = { ...training, goal: 100 };
  const { updates } = await trainLabelling(first, { train, validation }, {
    ...{ training: easy, seed: [1] },
  });
  assertEquals(updates, easy.updatesPerCheck);
  first.variables.dispose();
  // Without learning, the first check stays the best.
  const second = new FullyConnectedNetwork(options);
  const still = { ...training, learningRate: 0, patience: 50 };
  const run = await trainLabelling(second, { train, validation }, {
    ...{ training: still, seed: [1] },
  });
  assertEquals([run.updates, run.best], [75, 25]);
  assert(await consistencyOf(second, validation, 3, [1]) < 1);
  second.variables.dispose();
});
