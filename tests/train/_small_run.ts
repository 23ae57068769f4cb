/**
 * A training run of a second, and tools to stop it and to read its files.
 *
 * @module
 */

import { assertRejects } from "@std/assert";
import { PRESETS, type TrainConfig } from "../../src/config.ts";
import type { Dataset } from "../../src/dataset/dataset.ts";
import type { Example } from "../../src/example.ts";
import { writeWorldDataset } from "../../src/world/write_dataset.ts";
import { labelPredictorOf } from "../../src/label_predictor/of_dataset.ts";
import { trainAndSave } from "../../src/train/run.ts";
import type { RunOptions } from "../../src/train/run_options.ts";
import { useBackend } from "../../src/kernels/backend.ts";

/** Settings of the training. */
export const TRAIN: TrainConfig = { ...PRESETS.small.train, epochs: 3, batchSize: 5 };
/** Files that the run writes. */
export const FILES = ["run.jsonl", "run.safetensors", "run_best.safetensors"];

/** A small dataset in a folder, and what to train on it. */
export async function optionsIn(
  folder: string,
  change: Partial<RunOptions> = {},
): Promise<RunOptions> {
  await useBackend("wasm");
  const dataset = await writeWorldDataset(`${folder}/data`, {
    sizes: { train: 12, validation: 4, test: 0 },
    command: "test",
  });
  return {
    dataset,
    variant: "gpi_linguistic",
    model: { ...PRESETS.small.model, hidden: 6, layers: [5] },
    train: TRAIN,
    folder: `${folder}/checkpoints`,
    name: "run",
    command: "deno task train",
    workers: 1,
    labelPredictor: await labelPredictorOf(dataset),
    ...change,
  };
}

/** The bytes of every file in a folder. */
export async function filesIn(folder: string): Promise<Record<string, Uint8Array>> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  const files = names.map(async (
    name,
  ) => [name, await Deno.readFile(`${folder}/${name}`)]);
  return Object.fromEntries(await Promise.all(files));
}

/** Stops a training at an event, as Ctrl-C would. */
export function stopAt(
  isHere: (type: string, epoch: number) => boolean,
): RunOptions["onEvent"] {
  return ({ type, epoch }) => {
    if (isHere(type, epoch)) throw new Error("stopped by the test");
  };
}

/** Changes the examples of a dataset in memory, as a dataset on the disk refuses NaN. */
export function inMemory(
  dataset: Dataset,
  change: (example: Example) => Example,
): Dataset {
  return {
    folder: dataset.folder,
    manifest: dataset.manifest,
    vocabulary: dataset.vocabulary,
    size: (split: "train") => dataset.size(split),
    async *examples(split: "train") {
      for await (const example of dataset.examples(split)) yield change(example);
    },
  } as unknown as Dataset;
}

/** Asserts that training fails on an image whose loss is not finite, and names it. */
export async function assertNamesImage(options: RunOptions): Promise<void> {
  const id = "train-000007";
  const dataset = inMemory(
    options.dataset,
    (example) =>
      example.id === id
        ? { ...example, relationLogits: example.relationLogits.map(() => NaN) }
        : example,
  );
  await assertRejects(
    () => trainAndSave({ ...options, dataset }),
    RangeError,
    `Cannot continue the training: image "${id}" of epoch 1 gives a loss or gradient that is not finite`,
  );
}
