import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { Parameters } from "../../src/model/parameters.ts";
import { Adam } from "../../src/train/adam.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { smallConfig } from "../_samples.ts";

/** Six biases that start at zero. */
const BIASES = "deep_graph/nn_phi/0/biases";
const RATE = 0.5;

const start = () =>
  new Parameters(smallConfig("gpi_mean"), { seed: 1, initial: "glorot" });

/** Updates with the same gradient for all six biases, or with none. */
function update(adam: Adam, gradient?: number): void {
  if (gradient === undefined) return adam.update({}, RATE);
  const gradients = { [BIASES]: tf.fill([6], gradient) };
  adam.update(gradients, RATE);
  tf.dispose(gradients);
}

async function biasesOf(parameters: Parameters): Promise<number[]> {
  return Array.from(await parameters.variables.get(BIASES)!.data());
}

testOnEachBackend(
  "Adam.update() adds epsilon to the corrected root by default",
  async () => {
    const parameters = start(), adam = new Adam(parameters);
    update(adam, 1e-8);
    // Step 1: both moments corrected are g and g^2, so the step is g / (g + 1e-8) = 1/2.
    assertClose(await biasesOf(parameters), Array(6).fill(-RATE / 2), 1e-6);
    adam.dispose();
    parameters.dispose();
  },
);

testOnEachBackend(
  "Adam.update() adds epsilon to the plain root as TensorFlow 1",
  async () => {
    const parameters = start(), adam = new Adam(parameters, "tensorflow1");
    update(adam, 1e-8);
    // sqrt(0.001) / 0.1 * 1e-9 / (sqrt(0.001) * 1e-8 + 1e-8) = 0.0306534
    assertClose(await biasesOf(parameters), Array(6).fill(-RATE * 0.0306534), 1e-6);
    adam.dispose();
    parameters.dispose();
  },
);

testOnEachBackend(
  "Adam.update() goes on by its moments where a gradient is absent",
  async () => {
    const parameters = start(), adam = new Adam(parameters);
    const before = await parameters.values();
    update(adam, -3);
    assertClose(await biasesOf(parameters), Array(6).fill(RATE), 1e-6);
    update(adam);
    // m = 0.9 * 0.1 g / (1 - 0.81), v = 0.999 * 0.001 g^2 / (1 - 0.998001): 0.6700586
    assertClose(await biasesOf(parameters), Array(6).fill(RATE * 1.6700586), 1e-5);
    assertEquals(adam.updates, 2);
    const after = await parameters.values();
    for (const [i, { name, data }] of after.entries()) {
      if (name !== BIASES) assertEquals(data, before[i].data, name);
    }
    adam.dispose();
    parameters.dispose();
  },
);

testOnEachBackend("Adam.restore() goes on exactly where state() was taken", async () => {
  const first = start(), adam = new Adam(first);
  update(adam, 0.5);
  update(adam, -0.2);
  const { updates, moments } = await adam.state();
  const copy = start(), restored = new Adam(copy);
  copy.assign(new Map((await first.values()).map(({ name, data }) => [name, data])));
  const byName = new Map(moments.map(({ name, data }) => [name, data]));
  restored.restore(updates, byName);
  for (const optimizer of [adam, restored]) update(optimizer, 0.7);
  assertEquals(await copy.values(), await first.values());
  assertEquals(await restored.state(), await adam.state());
  assertThrows(
    () => restored.restore(1, new Map()),
    RangeError,
    'Cannot resume: the state of Adam lacks "first" of "deep_graph/nn_phi/0/weights"',
  );
  for (const owner of [first, copy, adam, restored]) owner.dispose();
});

testOnEachBackend("Adam leaves no tensor behind", async () => {
  const parameters = start();
  await assertNoLeak(async () => {
    const adam = new Adam(parameters);
    update(adam, 1);
    update(adam);
    const { updates, moments } = await adam.state();
    adam.restore(updates, new Map(moments.map(({ name, data }) => [name, data])));
    adam.dispose();
  });
  parameters.dispose();
});
