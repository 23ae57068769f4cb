/**
 * Preprocesses a toy with a perceptron; as a program it is killed at an operation.
 *
 * @module
 */

import type { Dataset } from "../../src/dataset/dataset.ts";
import { preprocess } from "../../src/preprocess/preprocess.ts";
import { killAt } from "../_kill_at.ts";
import { TOY_VOCABULARY, toyImages, toyTraining } from "../label_predictor/_toy.ts";

/** What a dataset of toys says of itself. */
export const TOY_INFO = {
  name: "toy",
  vocabulary: TOY_VOCABULARY.toJSON(),
  source: "nobody",
  licence: "none",
  command: "none",
  imagesHash: "toy",
};

/** Makes the dataset. */
export function preprocessToy(folder: string, seed: number): Promise<Dataset> {
  const images = {
    train: toyImages(8, 1),
    validation: toyImages(2, 2),
    test: toyImages(2, 3),
  };
  const options = { training: toyTraining(1), workers: 1, seed };
  return preprocess(folder, images, TOY_INFO, options);
}

if (import.meta.main) {
  const [count, folder] = Deno.args;
  killAt(Number(count));
  await preprocessToy(folder, 2);
}
