/**
 * Prediction over a dataset that is read as a stream: memory must not grow with it.
 *
 * The small preset's network, as the published one takes a minute for 2,000 images.
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

/** As large as those of the built-in world. */
const vocabulary = new Vocabulary({
  entities: Array.from({ length: 60 }, (_, i) => `class ${i}`),
  predicates: Array.from({ length: 25 }, (_, i) => `predicate ${i}`),
});

/** Of an image; 8 on average. */
const LEAST_ENTITIES = 2, MOST_ENTITIES = 14;

const CONFIG: SgpConfig = {
  ...PRESETS.small.model,
  ...{ variant: "gpi_feature_attention", embeddingSize: 0 },
  numEntityClasses: vocabulary.numEntityClasses,
  numPredicates: vocabulary.numPredicates,
};

/** What precedes a pass whose memory is measured, and how often garbage is collected. */
interface MemoryOptions {
  /** The first images of the dataset, and how often they are read. */
  warmUp: { limit: number; passes: number };
  /** Images between two collections. */
  collectEvery: number;
}

/**
 * The same whatever the size, so that only what is kept for each image or shard tells a
 * large dataset from a small one: left alone, V8 lets some 150 MB of garbage lie by the
 * end of 20,000 images, and a process reaches its steady size after some thousand.
 */
const MEMORY: MemoryOptions = { warmUp: { limit: 1_000, passes: 5 }, collectEvery: 100 };

/**
 * Ours, once through the dataset of {@linkcode writeStream}, shuffled as in training.
 *
 * @param part Where the dataset lies, and images at a time.
 * @param memory How its memory is measured.
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
  throw new Error("Cannot measure memory without garbage: start with --expose-gc for V8");
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
