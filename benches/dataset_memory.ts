/**
 * Peak memory of reading a dataset, in a process of its own for each line: 20,000 images
 * must not need more than 1.3 times what 2,000 need. Both are read 20,000 times in all,
 * as the garbage that V8 lets lie grows with what a process has done, up to some 60 MB.
 *
 *     deno run --allow-read --allow-write --allow-run --allow-sys benches/dataset_memory.ts
 *
 * Prints one JSON object a line and ends with 1 if the bound does not hold.
 *
 * @module
 */

import process from "node:process";
import { Dataset, DatasetWriter } from "../src/dataset/dataset.ts";
import type { Example } from "../src/dataset/example.ts";
import { Random } from "../src/random.ts";
import { Vocabulary } from "../src/vocabulary.ts";

/** What is compared: images of the dataset, and how often it is read. */
const RUNS = [{ images: 2_000, passes: 10 }, { images: 20_000, passes: 1 }];

/** How much more the larger may need. */
const MAX_RATIO = 1.3;

/** As large as those of the built-in world. */
const vocabulary = new Vocabulary({
  entities: Array.from({ length: 60 }, (_, i) => `class ${i}`),
  predicates: Array.from({ length: 25 }, (_, i) => `predicate ${i}`),
});

const [step, folder, count] = Deno.args;
if (step === "write") await write(folder, Number(count));
else if (step === "read") await readAll(folder, Number(count));
else await compare();

async function compare(): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const peaks: number[] = [];
    for (const { images, passes } of RUNS) {
      const folder = `${root}/${images}`;
      // Not written by this process: on Linux a peak is handed down to the next process.
      await runStep("write", folder, images);
      const result = JSON.parse(await runStep("read", folder, passes));
      console.log(JSON.stringify({ bench: "dataset_memory", images, passes, ...result }));
      peaks.push(result.peakMegabytes);
    }
    const ratio = peaks[1] / peaks[0];
    console.log(JSON.stringify({ bench: "dataset_memory", ratio, bound: MAX_RATIO }));
    if (ratio > MAX_RATIO) Deno.exitCode = 1;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function runStep(step: string, folder: string, count: number): Promise<string> {
  const permissions = ["--allow-read", "--allow-write", "--allow-sys"];
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, import.meta.filename!, step, folder, `${count}`],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot ${step} "${folder}"`);
  return new TextDecoder().decode(stdout);
}

/** Shuffled, as in training. */
async function readAll(folder: string, passes: number): Promise<void> {
  const dataset = await Dataset.open(folder);
  const begin = performance.now();
  let images = 0;
  for (let epoch = 0; epoch < passes; epoch++) {
    for await (const _ of dataset.examples("train", { shuffleSeed: epoch })) images++;
  }
  const imagesPerSecond = Math.round(1000 * images / (performance.now() - begin));
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ peakMegabytes, imagesPerSecond }));
}

async function write(folder: string, images: number): Promise<void> {
  const writer = await DatasetWriter.create(folder, {
    name: "bench",
    vocabulary,
    labelPredictor: { name: "random", simulated: true },
    source: "random numbers",
    licence: "MIT",
    command: "benches/dataset_memory.ts",
    inputsHash: "",
  });
  for (let i = 0; i < images; i++) await writer.add("train", randomExample(i));
  await writer.close();
}

function randomExample(i: number): Example {
  const random = new Random("dataset_memory", i);
  const n = 5 + random.below(21); // entities of an image of the built-in world
  const logits = (length: number) => Float32Array.from({ length }, () => random.normal());
  return {
    id: `image ${i}`,
    width: 640,
    height: 480,
    boxes: Float32Array.from({ length: 4 * n }, (_, k) => k % 4 < 2 ? 10 : 200),
    entityLabels: Int32Array.from({ length: n }, () => random.below(60)),
    relations: Int32Array.of(0, 1, random.below(25)),
    entityLogits: logits(n * vocabulary.numEntityClasses),
    relationLogits: logits(n * n * vocabulary.numPredicates),
  };
}
