import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { Adam } from "../../src/kernels/adam.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";

const RATE = 0.5;

/** Two variables: six biases that are zero, and weights that are not. */
function start() {
  const variables = new Map([
    ["biases", tf.tidy(() => tf.variable<tf.Rank>(tf.zeros([6])))],
    ["weights", tf.tidy(() => tf.variable<tf.Rank>(tf.tensor([[1, -2, 3], [4, 5, -6]])))],
  ]);
  return { variables, dispose: () => tf.dispose([...variables.values()]) };
}

/** Updates with the same gradient for all six biases, or with none. */
function update(adam: Adam, gradient?: number): void {
  if (gradient === undefined) return adam.update({}, RATE);
  const gradients = { biases: tf.fill([6], gradient) };
  adam.update(gradients, RATE);
  tf.dispose(gradients);
}

async function valuesOf(
  { variables }: ReturnType<typeof start>,
  name: string,
): Promise<number[]> {
  return Array.from(await variables.get(name)!.data());
}

testOnEachBackend(
  "Adam.update() adds epsilon to the corrected root by default",
  async () => {
    const trained = start(), adam = new Adam(trained);
    update(adam, 1e-8);
    // Step 1: both moments corrected are g and g^2, so the step is g / (g + 1e-8) = 1/2.
    assertClose(await valuesOf(trained, "biases"), Array(6).fill(-RATE / 2), 1e-6);
    adam.dispose();
    trained.dispose();
  },
);

testOnEachBackend(
  "Adam.update() adds epsilon to the plain root as TensorFlow 1",
  async () => {
    const trained = start(), adam = new Adam(trained, { epsilonForm: "tensorflow1" });
    update(adam, 1e-8);
    // sqrt(0.001) / 0.1 * 1e-9 / (sqrt(0.001) * 1e-8 + 1e-8) = 0.0306534
    assertClose(
      await valuesOf(trained, "biases"),
      Array(6).fill(-RATE * 0.0306534),
      1e-6,
    );
    adam.dispose();
    trained.dispose();
  },
);

testOnEachBackend(
  "Adam.update() continues by its moments where a gradient is missing",
  async () => {
    const trained = start();
    let changes = 0;
    const adam = new Adam({ ...trained, markChanged: () => changes++ });
    update(adam, -3);
    assertClose(await valuesOf(trained, "biases"), Array(6).fill(RATE), 1e-6);
    update(adam);
    // m = 0.9 * 0.1 g / (1 - 0.81), v = 0.999 * 0.001 g^2 / (1 - 0.998001): 0.6700586
    assertClose(await valuesOf(trained, "biases"), Array(6).fill(RATE * 1.6700586), 1e-5);
    assertEquals(await valuesOf(trained, "weights"), [1, -2, 3, 4, 5, -6]);
    assertEquals([adam.updates, changes], [2, 2]);
    adam.dispose();
    trained.dispose();
  },
);

testOnEachBackend("Adam.update() decays variables apart from their moments", async () => {
  const trained = start(), adam = new Adam(trained, { weightDecay: 0.2 });
  update(adam, -3);
  update(adam);
  // Each update keeps 1 - 0.5 * 0.2 = 0.9; the steps of 0.5 and 0.3350293 are those above.
  const biases = Array(6).fill(0.9 * RATE + RATE * 0.6700586);
  assertClose(await valuesOf(trained, "biases"), biases, 1e-5);
  const weights = [1, -2, 3, 4, 5, -6].map((value) => 0.81 * value);
  assertClose(await valuesOf(trained, "weights"), weights, 1e-5);
  adam.dispose();
  trained.dispose();
});

testOnEachBackend("Adam.restore() goes on exactly where state() was taken", async () => {
  const first = start(), adam = new Adam(first);
  update(adam, 0.5);
  update(adam, -0.2);
  const { updates, moments } = await adam.state();
  const copy = start(), restored = new Adam(copy);
  for (const [name, variable] of first.variables) {
    const data = await variable.data();
    tf.tidy(() => copy.variables.get(name)!.assign(tf.tensor(data, variable.shape)));
  }
  const byName = new Map(moments.map(({ name, data }) => [name, data]));
  restored.restore(updates, byName);
  for (const optimizer of [adam, restored]) update(optimizer, 0.7);
  for (const name of first.variables.keys()) {
    assertEquals(await valuesOf(copy, name), await valuesOf(first, name));
  }
  assertEquals(await restored.state(), await adam.state());
  assertThrows(
    () => restored.restore(1, new Map()),
    RangeError,
    'Cannot resume as the state of Adam must have "first" of "biases" with 6 numbers: found none',
  );
  for (const owner of [first, copy, adam, restored]) owner.dispose();
});

testOnEachBackend("Adam leaves no tensor behind", async () => {
  const trained = start();
  await assertNoLeak(async () => {
    const adam = new Adam(trained, { weightDecay: 0.1 });
    update(adam, 1);
    update(adam);
    const { updates, moments } = await adam.state();
    adam.restore(updates, new Map(moments.map(({ name, data }) => [name, data])));
    adam.dispose();
  });
  trained.dispose();
});
