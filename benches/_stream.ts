/**
 * Prediction over a dataset that is read as a stream: memory must not grow with its size.
 *
 * The network is that of the small preset; the published one takes a minute for 2,000 images.
 *
 * @module
 */

import { PRESETS, type SgpConfig } from "../src/config.ts";
import { Dataset, DatasetWriter } from "../src/dataset/dataset.ts";
import type { Example } from "../src/example.ts";
import { Sgp } from "../src/model/sgp.ts";
import { Random } from "../src/random.ts";
import { Vocabulary } from "../src/vocabulary.ts";
import type { Contender } from "./_contender.ts";
import type { Part } from "./row.ts";

/** As large as the vocabulary of the built-in world. */
const vocabulary = new Vocabulary({
  entities: Array.from({ length: 60 }, (_, i) => `class ${i}`),
  predicates: Array.from({ length: 25 }, (_, i) => `predicate ${i}`),
});

/** Numbers of entities of an image; 8 on average. */
const LEAST_ENTITIES = 2, MOST_ENTITIES = 14;

const CONFIG: SgpConfig = {
  ...PRESETS.small.model,
  ...{ variant: "gpi_feature_attention", embeddingSize: 0, relations: "network" },
  numEntityClasses: vocabulary.numEntityClasses,
  numPredicates: vocabulary.numPredicates,
};

/** How memory is measured. */
interface MemoryOptions {
  /** Passes over the first images of the dataset before the measured pass. */
  warmUp: { limit: number; passes: number };
  /** Images between two garbage collections. */
  collectEvery: number;
}

/**
 * The same for all sizes, so that a large dataset differs from a small one only by memory
 * retained for each image or shard. Left alone, V8 keeps about 150 MB of garbage at the end
 * of 20,000 images, and a process reaches its steady size after some thousand images.
 */
const MEMORY: MemoryOptions = { warmUp: { limit: 1_000, passes: 5 }, collectEvery: 100 };

/**
 * Our system, reading the dataset of {@linkcode writeStream} once, shuffled as in training.
 *
 * @param part Folder of the dataset, and number of images at a time.
 * @param memory How memory is measured.
 */
export function streamContenders(
  { folder, batch }: Part,
  { warmUp, collectEvery }: MemoryOptions = MEMORY,
): Contender[] {
  const start = () => {
    const sgp = new Sgp(CONFIG, { seed: 0, initial: "identity" });
    const read = async (limit?: number, onImage = () => {}) => {
      const dataset = await Dataset.open(folder!);
      let images: Example[] = [];
      for await (const image of dataset.examples("train", { shuffleSeed: 0, limit })) {
        onImage();
        if (images.push(image) < batch) continue;
        await sgp.predict(images);
        images = [];
      }
      if (images.length > 0) await sgp.predict(images);
    };
    const alone = async () => {
      const collect = garbageCollector();
      let done = 0;
      const onImage = () => {
        if (++done % collectEvery === 0) collect();
      };
      for (let pass = 0; pass < warmUp.passes; pass++) await read(warmUp.limit, onImage);
      await read(undefined, onImage);
    };
    return { run: () => read(), alone };
  };
  return [{ system: "ours", form: "factored", start }];
}

function garbageCollector(): () => void {
  const { gc } = globalThis as { gc?: () => void };
  if (gc) return gc;
  throw new Error(
    "Cannot measure memory without garbage: start Deno with --v8-flags=--expose-gc",
  );
}

/** Writes a dataset of random images. */
export async function writeStream(folder: string, images: number): Promise<void> {
  const writer = await DatasetWriter.create(folder, {
    name: "bench",
    vocabulary,
    labelPredictor: { name: "random", simulated: true },
    source: "random numbers",
    licence: "MIT",
    command: "deno task bench",
    inputsHash: "",
  });
  for (let i = 0; i < images; i++) await writer.add("train", randomExample(i));
  await writer.close();
}

function randomExample(i: number): Example {
  const random = new Random("stream", i);
  const n = LEAST_ENTITIES + random.below(MOST_ENTITIES - LEAST_ENTITIES + 1);
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
