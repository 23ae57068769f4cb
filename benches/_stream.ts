/**
 * Prediction over a dataset that is read as a stream: memory must not grow with it.
 *
 * The small preset's network, as the published one takes a minute for 2,000 images.
 *
 * @module
 */

import { PRESETS, type SgpConfig } from "../src/config.ts";
import { Dataset, DatasetWriter } from "../src/dataset/dataset.ts";
import type { Example } from "../src/dataset/example.ts";
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

/**
 * Images that are read in all for the memory, however few the dataset has: the garbage
 * that V8 lets lie grows with what a process has done.
 */
const MEMORY_IMAGES = 20_000;

/** Ours, once through the dataset of {@linkcode writeStream}, shuffled as in training. */
export function streamContenders({ folder, batch, images: size = 1 }: Part): Contender[] {
  const start = () => {
    const sgp = new Sgp(CONFIG, { seed: 0, initial: "identity" });
    const run = async () => {
      const dataset = await Dataset.open(folder!);
      let images: Example[] = [];
      for await (const image of dataset.examples("train", { shuffleSeed: 0 })) {
        if (images.push(image) < batch) continue;
        await sgp.predict(images);
        images = [];
      }
      if (images.length > 0) await sgp.predict(images);
    };
    const alone = async () => {
      for (let done = 0; done < MEMORY_IMAGES; done += size) await run();
    };
    return { run, alone };
  };
  return [{ system: "ours", form: "factored", start }];
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
