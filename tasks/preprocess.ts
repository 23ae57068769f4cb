/**
 * Makes a processed dataset: examples with the logits of a label predictor.
 *
 * @module
 */

import { writeSyntheticDataset } from "../src/dataset/synthetic/write.ts";
import { PROCESSED } from "./_datasets.ts";
import { commandOf } from "./_help.ts";
import { progressBar } from "./_progress.ts";
import { runTask } from "./_run.ts";

const spec = {
  name: "preprocess",
  summary: "Make a dataset ready for training. What is finished is not made again.",
  positionals: {
    dataset: { default: "synthetic", values: ["synthetic"], help: "Which dataset" },
  },
  flags: {
    trainImages: { default: 2000, help: "synthetic: images for training" },
    validationImages: { default: 250, help: "synthetic: images for validation" },
    testImages: { default: 500, help: "synthetic: images for testing" },
  },
  examples: ["preprocess", "preprocess synthetic --train-images 20000"],
} as const;

await runTask(spec, async (options) => {
  const { dataset: name, seed, json } = options;
  const folder = `${PROCESSED}/${name}`;
  const bar = progressBar(name, "images", options);
  let isMade = false;
  const dataset = await writeSyntheticDataset(folder, {
    seed,
    sizes: {
      train: options.trainImages,
      validation: options.validationImages,
      test: options.testImages,
    },
    command: commandOf(spec, options),
    onProgress: (done, total) => {
      isMade = true;
      bar.update(done, total);
    },
  });
  bar.done();
  const { splits } = dataset.manifest;
  const images = Object.entries(splits).map(([split, info]) => [split, info.images]);
  if (json) {
    console.log(
      JSON.stringify({
        dataset: name,
        folder,
        made: isMade,
        ...Object.fromEntries(images),
      }),
    );
  } else {
    const counts = images.map(([split, count]) => `${count} ${split}`).join(", ");
    console.log(`${folder}: ${counts} images${isMade ? "" : ", made before"}`);
  }
});
