// A program that uses TensorFlow.js itself keeps its backend, flags and scopes.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import type { PredictInput } from "../../src/predict/input.ts";
import { tf } from "../../src/deps/tf.ts";
import "../../src/deps/cpu.ts";
import "../../src/deps/gradients.ts";
import { ROOT } from "../_imports.ts";
import { testInFolder } from "../_in_folder.ts";
import { smallCheckpointBytes, smallConfig } from "../_samples.ts";

/** The address of a module of `src/`, as text of a program. */
const moduleText = (path: string) =>
  JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

const INPUT: PredictInput = {
  imageWidth: 100,
  imageHeight: 100,
  boxes: [[10, 10, 60, 90], [5, 60, 95, 99]],
  entityLabels: [0, 1],
};

const load = (bytes = smallCheckpointBytes()) =>
  SceneGraphPredictor.load(bytes, { backend: "wasm" });

/** A step of training that the backend "wasm" cannot do. */
function train(): void {
  tf.tidy(() => {
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
    const weights = tf.variable(tf.ones<tf.Rank.R4>([2, 2, 1, 1]));
    const loss = () => tf.sum<tf.Scalar>(tf.square(tf.conv2d(x, weights, 1, "valid")));
    tf.train.sgd(0.01).minimize(loss);
    weights.dispose();
  });
}

/** Trains at every turn of other work, until it is done. */
async function trainDuring<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  const finish = () => isDone = true;
  work.then(finish, finish);
  while (!isDone) {
    assertEquals(tf.getBackend(), "cpu");
    train();
    await new Promise((resolve) => setTimeout(resolve));
  }
  return await work;
}

Deno.test("load() and predict() choose no backend for a program that has none", async () => {
  const flags = { ...tf.env().getFlags() };
  assertEquals(tf.getBackend(), undefined);
  using sgp = await load();
  await sgp.predict(INPUT);
  assertEquals(tf.getBackend(), undefined);
  for (const [name, value] of Object.entries(flags)) {
    assertEquals(tf.env().get(name), value, name);
  }
  assert(!("WASM_HAS_MULTITHREAD_SUPPORT" in tf.env().getFlags()));
  train(); // TensorFlow.js now chooses
  assertEquals(tf.getBackend(), "cpu");
});

Deno.test("load() and predict() leave the current backend as it is", async () => {
  await tf.setBackend("cpu");
  train();
  using sgp = await trainDuring(load());
  const alone = await sgp.predict(INPUT);
  train();
  const calls = Array.from({ length: 5 }, () => trainDuring(sgp.predict(INPUT)));
  for (const graph of await Promise.all(calls)) assertEquals(graph, alone);
  const [again, other] = await trainDuring(
    Promise.all([sgp.predict(INPUT), load().then((sgp) => sgp.dispose())]),
  );
  assertEquals([again, other], [alone, undefined]);
  train();
});

Deno.test("load() and predict() leave the current backend after errors", async () => {
  await tf.setBackend("cpu");
  using sgp = await load();
  await assertRejects(() => trainDuring(sgp.predict({ ...INPUT, imageWidth: 0 })));
  await assertRejects(() => trainDuring(load(new Uint8Array(9))));
  const unfit = { config: smallConfig("gpi_mean", { layers: [] }) };
  const bytes = smallCheckpointBytes("gpi_mean", unfit);
  await assertRejects(() =>
    trainDuring(SceneGraphPredictor.load(bytes, { backend: "wasm", precision: "int8" }))
  );
  train();
});

Deno.test("a program's scopes, variables and gradients leave a predictor alone", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  tf.engine().startScope();
  const sgp = await load();
  const alone = await sgp.predict(INPUT);
  tf.engine().endScope();
  tf.disposeVariables();
  assertEquals(await sgp.predict(INPUT), alone);
  const calls: Promise<unknown>[] = [];
  tf.grad((x) => {
    tf.tidy(() => void calls.push(sgp.predict(INPUT)));
    return tf.square(x);
  })(tf.scalar(2)).dispose();
  assertEquals(await Promise.all(calls), [alone]);
  sgp.dispose();
  assertEquals(tf.memory().numTensors - before, 1, "the scalar is the program's");
});

testInFolder("a program may use another copy of TensorFlow.js", async (folder) => {
  // A bundle has classes of its own; the library shares its global engine all the same.
  await Deno.writeTextFile(
    `${folder}/host.ts`,
    `export { tf } from ${moduleText("deps/tf.ts")};
export * as cpu from ${moduleText("deps/cpu.ts")};`,
  );
  const { outputFiles } = await Deno.bundle({
    entrypoints: [`${folder}/host.ts`],
    platform: "deno",
    write: false,
  });
  await Deno.writeTextFile(`${folder}/host.js`, outputFiles![0].text());
  await Deno.writeFile(`${folder}/m.safetensors`, smallCheckpointBytes());
  await Deno.writeTextFile(
    `${folder}/program.ts`,
    `import { tf } from "./host.js";
const mine = { ...tf.env().platform, encode: (text) => new TextEncoder().encode(text) };
tf.env().platform = mine;
const sum = () => tf.sum(tf.tensor([1, 2])).arraySync();
const before = [sum(), tf.getBackend()];
const { SceneGraphPredictor } = await import(${moduleText("predict/predictor.ts")});
using sgp = await SceneGraphPredictor.load("m.safetensors", { backend: "wasm" });
const { entities } = await sgp.predict(${JSON.stringify(INPUT)});
const after = [sum(), tf.getBackend()];
console.log(JSON.stringify([before, after, entities.length, tf.env().platform === mine]));`,
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "--cached-only", "--allow-read"],
      "--unstable-npm-lazy-caching",
      ...[`--lock=${ROOT}deno.lock`, "program.ts"],
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const [printed] = new TextDecoder().decode(stdout).trimEnd().split("\n").slice(-1);
  const expected = [[3, "cpu"], [3, "cpu"], 2, true];
  assertEquals(printed, JSON.stringify(expected), new TextDecoder().decode(stderr));
});
