import { assert, assertEquals } from "@std/assert";
import { assertClose } from "../../_assert.ts";
import { tf } from "../../../src/deps/tf.ts";
import "../../../src/deps/gradients.ts";
import { Groups } from "../../../src/kernels/groups.ts";
import { useBackend } from "../../../src/kernels/backend.ts";
import { Random } from "../../../src/random.ts";
import { ARCHITECTURES } from "../../../src/study/graph_labelling/architectures.ts";
import { GraphBatch, phiInputs } from "../../../src/study/graph_labelling/graph_batch.ts";
import { Lstm } from "../../../src/study/graph_labelling/lstm.ts";
import {
  DeepSetsNetwork,
  type LabellingNetwork,
  TheoremNetwork,
} from "../../../src/study/graph_labelling/networks.ts";
import { Variables } from "../../../src/study/graph_labelling/perceptron.ts";
import {
  drawGraphs,
  drawOrders,
  type Graphs,
  reorderNodes,
} from "../../../src/study/graph_labelling/random_graphs.ts";

await useBackend("wasm");

function outputs(network: LabellingNetwork, graphs: Graphs, seed = 1): Float32Array {
  const orders = drawOrders(graphs.count, graphs.nodes, new Random(seed));
  using batch = new GraphBatch(graphs, network.reading, orders);
  const values = tf.tidy(() => network.predict(batch));
  try {
    return values.dataSync() as Float32Array;
  } finally {
    values.dispose();
  }
}

Deno.test("networks have about as many parameters as the fully connected one", () => {
  for (const [name, { make }] of Object.entries(ARCHITECTURES)) {
    const { variables } = make([0]);
    // Sets and pairs of ten nodes go into two layers of 1,000: 10 * 3 + 10 * 9 inputs.
    const expected = (120 + 1) * 1000 + (1000 + 1) * 1000 + (1000 + 1) * 10;
    const share = variables.count / expected;
    assert(Math.abs(share - 1) < 0.001, `${name}: ${variables.count}`);
    if (name === "fully_connected") assertEquals(variables.count, expected);
    variables.dispose();
  }
});

Deno.test("the order of nodes changes no answer of invariant networks, and those of an LSTM", () => {
  const graphs = drawGraphs(3, 6, [1]);
  const orders = drawOrders(3, 6, new Random(2));
  const reordered = reorderNodes(graphs, orders);
  const options = { hidden: 8, seed: [1] };
  const networks = {
    invariant: new TheoremNetwork(options),
    deep_sets: new DeepSetsNetwork(options),
    lstm: new TheoremNetwork({ ...options, hasLstm: true }),
  };
  for (const [name, network] of Object.entries(networks)) {
    const before = outputs(network, graphs), after = outputs(network, reordered);
    const moved = after.map((_, place) => before[place - place % 6 + orders[place]]);
    if (name === "lstm") {
      assert(after.some((value, i) => Math.abs(value - moved[i]) > 1e-3));
    } else assertClose(after, moved, 1e-4, name);
    network.variables.dispose();
  }
});

Deno.test("a linear phi and deep sets cannot tell who is connected with whom", () => {
  // Two sets of two nodes; either the like nodes are connected, or the unlike ones. Each
  // node has one neighbour.
  const graphsOf = (pairs: [number, number][]): Graphs => {
    const edges = new Uint8Array(16);
    for (const [i, j] of pairs) edges[i * 4 + j] = edges[j * 4 + i] = 1;
    const sets = Uint8Array.of(0, 0, 1, 1);
    return { count: 1, nodes: 4, sets, edges, targets: new Uint8Array(4) };
  };
  const like = graphsOf([[0, 1], [2, 3]]), unlike = graphsOf([[0, 2], [1, 3]]);
  const options = { hidden: 8, seed: [1] };
  const differenceOf = (network: LabellingNetwork) => {
    const a = outputs(network, like), b = outputs(network, unlike);
    network.variables.dispose();
    return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
  };
  assert(differenceOf(new DeepSetsNetwork(options)) < 1e-6);
  assert(differenceOf(new TheoremNetwork({ ...options, isPhiLinear: true })) < 1e-5);
  assert(differenceOf(new TheoremNetwork(options)) > 1e-3);
});

Deno.test("GraphBatch gives each pair its sets and its edge", () => {
  // Sets 2, 0, 1; the edge 0-1 alone.
  const edges = Uint8Array.of(0, 1, 0, 1, 0, 0, 0, 0, 0);
  const sets = Uint8Array.of(2, 0, 1);
  const graphs = { count: 1, nodes: 3, sets, edges, targets: new Uint8Array(3) };
  const order = Int32Array.of(2, 0, 1);
  const table = phiInputs();
  const rowOf = (input: number) =>
    Array.from(table.dataSync().subarray(input * 7, input * 7 + 7));
  using withPairs = new GraphBatch(graphs, "pairs", order);
  const { inputs, nodes } = withPairs.pairs!;
  assertEquals(Array.from(nodes.group.dataSync()), [0, 0, 1, 1, 2, 2]);
  const [first, second, third] = inputs.group.dataSync();
  assertEquals(rowOf(first), [0, 0, 1, 1, 0, 0, 1]); // 0 and 1, connected
  assertEquals(rowOf(second), [0, 0, 1, 0, 1, 0, 0]); // 0 and 2, not connected
  assertEquals(rowOf(third), [1, 0, 0, 0, 0, 1, 1]); // 1 and 0, connected
  // Read in the order 2, 0, 1: node 0 reads 2 and then 1.
  using withSequences = new GraphBatch(graphs, "sequences", order);
  const firsts = (steps: Groups[]) => steps.map(({ group }) => group.dataSync()[0]);
  assertEquals(firsts(withSequences.sequences!.neighbours), [second, first]);
  assertEquals(firsts(withSequences.sequences!.nodes), [2, 0, 1]);
  // Sets 2, 0, 1 as ones, then the pairs 0-1, 0-2, 1-0, 1-2, 2-0, 2-1.
  using withRows = new GraphBatch(graphs, "row", order);
  assertEquals(
    Array.from(withRows.rows!.dataSync()),
    [0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0],
  );
  table.dispose();
});

Deno.test("Lstm reads as its equations say", () => {
  const variables = new Variables();
  const lstm = new Lstm({ input: 2, state: 1 }, variables, new Random(1));
  const [inputWeights, biases, stateWeights] = [...variables.variables.values()];
  inputWeights.assign(tf.tensor2d([[1, 2, 3, 4], [0.5, -1, 1, 0]]));
  stateWeights.assign(tf.tensor2d([[0.1, 0.2, -0.3, 0.4]]));
  assertEquals(Array.from(biases.dataSync()), [0, 1, 0, 0]); // the forget gate is open
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  let hidden = 0, cell = 0;
  for (const [a, b] of [[0.2, -0.4], [0.1, 0.3]]) {
    const input = sigmoid(a + 0.5 * b + 0.1 * hidden);
    const forget = sigmoid(2 * a - b + 1 + 0.2 * hidden);
    const candidate = Math.tanh(3 * a + b - 0.3 * hidden);
    const output = sigmoid(4 * a + 0.4 * hidden);
    cell = forget * cell + input * candidate;
    hidden = output * Math.tanh(cell);
  }
  const table = tf.tensor2d([[0.1, 0.3], [0.2, -0.4]]);
  const steps = [new Groups(Int32Array.of(1), 2), new Groups(Int32Array.of(0), 2)];
  const read = tf.tidy(() => lstm.read(table, steps));
  assertClose(read.dataSync(), [hidden], 1e-6);
  tf.dispose([read, table]);
  for (const step of steps) step.dispose();
  variables.dispose();
});

Deno.test("Lstm has the gradients of finite differences", () => {
  const variables = new Variables();
  const lstm = new Lstm({ input: 2, state: 2 }, variables, new Random(4));
  const table = tf.variable(tf.tensor2d([[0.1, 0.3], [0.2, -0.4], [1, 0.5]]));
  const steps = [[0, 1], [1, 1], [2, 0]].map((rows) =>
    new Groups(Int32Array.from(rows), 3)
  );
  const factors = tf.tensor2d([[1, -2], [3, 0.5]]); // of the states of two sequences
  const loss = () => tf.tidy(() => tf.sum(tf.mul(lstm.read(table, steps), factors)));
  const before = tf.memory().numTensors;
  const { value, grads } = tf.variableGrads(loss as () => tf.Scalar);
  for (const variable of [...variables.variables.values(), table]) {
    const values = variable.dataSync().slice(), { shape } = variable;
    const lossAt = (i: number, step: number) => {
      const moved = values.slice();
      moved[i] += step;
      tf.tidy(() => variable.assign(tf.tensor(moved, shape)));
      return tf.tidy(() => loss().dataSync()[0]);
    };
    const expected = values.map((_, i) => (lossAt(i, 0.01) - lossAt(i, -0.01)) / 0.02);
    tf.tidy(() => variable.assign(tf.tensor(values, shape)));
    assertClose(grads[variable.name].dataSync(), expected, 2e-3, `[${shape}]`);
  }
  tf.dispose([value, grads]);
  assertEquals(tf.memory().numTensors, before);
  tf.dispose([table, factors]);
  for (const step of steps) step.dispose();
  variables.dispose();
});

Deno.test("a prediction leaves no tensor behind", () => {
  const network = new TheoremNetwork({ hidden: 8, seed: [1], hasLstm: true });
  const graphs = drawGraphs(2, 4, [1]);
  const before = tf.memory().numTensors;
  outputs(network, graphs);
  assertEquals(tf.memory().numTensors, before);
  network.variables.dispose();
});
