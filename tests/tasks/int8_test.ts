/**
 * `--precision int8` from training to evaluation and prediction, each in its own process.
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { useBackend } from "../../src/kernels/backend.ts";
import type { Dataset } from "../../src/dataset/dataset.ts";
import { SILENT } from "../../src/pipeline/listener.ts";
import { openNetwork } from "../../src/pipeline/systems/systems.ts";
import { smallCheckpointBytes, smallConfig, VOCABULARY } from "../_samples.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const IMAGE = {
  imageWidth: 100,
  imageHeight: 100,
  boxes: [[10, 10, 60, 90], [20, 20, 80, 90]],
  entityLabels: ["man", "horse"],
  entityScores: [0.8, 0.9],
};

testInFolder(
  "eval and predict --precision int8 use the ranges from training",
  async (folder) => {
    const run = (name: string, ...args: string[]) => runTask(folder, name, ...args);
    const succeed = async (name: string, ...args: string[]) => {
      const { code, stdout, stderr } = await run(name, ...args);
      assertEquals(code, 0, stderr);
      return { stdout, stderr };
    };
    const refuse = async (message: string, name: string, ...args: string[]) => {
      const { code, stderr } = await run(name, ...args, "--precision", "int8", "--quiet");
      assertEquals([code, stderr], [1, `error: ${message}\n`]);
    };
    const sizes = ["--train-images", "40", "--validation-images", "8", "--test-images"];
    await succeed("preprocess", ...sizes, "30", "--quiet");
    const common = ["--epochs", "2", "--hidden", "8", "--backend", "wasm", "--quiet"];
    const train = (name: string, layers: string) =>
      succeed("train", "gpi_mean", "--name", name, "--layers", layers, ...common);
    await train("deep", "32,24,16");
    await train("shallow", "8");

    const recalls = async (...args: string[]) => {
      const flags = ["--task", "sgcls", "--protocol", "motifs", "--json"];
      flags.push("--no-count-table");
      const { stdout } = await succeed("eval", "deep_best", ...flags, ...args);
      const lines = stdout.trim().split("\n");
      return lines.map((line) => JSON.parse(line).value as number);
    };
    const float32 = await recalls("--backend", "wasm");
    const int8 = await recalls("--precision", "int8");
    assertEquals(int8.length, 3);
    for (const workers of ["1", "2"]) {
      assertEquals(await recalls("--precision", "int8", "--workers", workers), int8);
    }
    for (const [i, value] of int8.entries()) {
      assert(Math.abs(value - float32[i]) < 0.02, `${int8} against ${float32}`);
    }

    // An older checkpoint is calibrated first, on the same images, so the same comes out.
    const best = `${folder}/checkpoints/deep_best.safetensors`;
    const { activationRanges, ...older } = decodeCheckpoint(
      await Deno.readFile(best),
      best,
    );
    assertEquals(activationRanges?.rhoRelation.length, 2);
    const image = `${folder}/image.json`;
    await Deno.writeTextFile(image, JSON.stringify(IMAGE));
    const predict = ["predict", "image.json", "--checkpoint"] as const;
    const { stdout } = await succeed(...predict, "deep_best", "--precision", "int8");
    assertStringIncludes(stdout, "man");
    await Deno.writeFile(best, encodeCheckpoint(older));
    assertEquals(await recalls("--precision", "int8"), int8);
    const loud = await succeed(
      "eval",
      "deep_best",
      "--precision",
      "int8",
      "--limit",
      "2",
    );
    assertStringIncludes(loud.stderr, 'Calibrate "deep_best" on the validation images\n');

    const none =
      'Cannot predict in int8 as the checkpoint "checkpoints/deep_best.safetensors" has no activation ranges: train it again to find them';
    await refuse(none, ...predict, "deep_best");
    const shallow =
      'Cannot predict in int8 as rho must have two or more hidden layers: "layers" is [8]';
    await refuse(shallow, ...predict, "shallow_best");
    await refuse(shallow, "eval", "shallow_best");
    const cpu =
      'Cannot predict in int8 as the backend must be "wasm": current value is "cpu"';
    await refuse(cpu, "eval", "deep_best", "--backend", "cpu");
    await refuse(cpu, ...predict, "deep_best", "--backend", "cpu");
    await refuse(
      "Cannot predict in int8 with deterministic kernels, which are plain SIMD; use one or the other",
      ...["eval", "deep_best", "--deterministic"] as const,
    );
  },
);

Deno.test("openNetwork() needs a box to calibrate on", async () => {
  await useBackend("wasm");
  const config = smallConfig("gpi_mean", { layers: [9, 8] });
  const bytes = smallCheckpointBytes("gpi_mean", { config });
  const system = {
    ...{ kind: "checkpoint" as const, name: "a", given: "a" },
    checkpoint: decodeCheckpoint(bytes, "a"),
  };
  const empty = {
    folder: "data/processed/empty",
    vocabulary: VOCABULARY,
    async *examples() {},
  } as unknown as Dataset;
  const notes: string[] = [];
  const listener = { ...SILENT, note: (text: string) => void notes.push(text) };
  await assertRejects(
    () => openNetwork(system, empty, true, listener),
    RangeError,
    'Cannot calibrate on "empty" as its validation split must have an image with a box: found none',
  );
  assertEquals(notes, ['Calibrate "a" on the validation images']);
  (await openNetwork(system, empty, false, listener)).dispose();
  assertEquals(notes.length, 1);
});
