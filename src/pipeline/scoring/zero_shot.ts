/**
 * Finds what metrics must know of training: the counts of triplets of a dataset, or the
 * zero-shot triplets of a file.
 *
 * @module
 */

import { lastName } from "../../address.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { flatten } from "../../eval/prediction_files/image_prediction.ts";
import { parseMetrics, trainingNeed } from "../../eval/metric.ts";
import { TrainingTriplets, type ZeroShot, zeroShotList } from "../../eval/zero_shot.ts";
import { readFile } from "../../files.ts";
import { parseJson } from "../../json_value.ts";
import { localFile } from "../remote_files.ts";
import { readTorchLegacy, TorchTensor } from "../../io/pickle/torch_legacy.ts";

/** Knowledge about the training images. */
export interface KnownTraining {
  zeroShot?: ZeroShot;
  training?: TrainingTriplets;
}

/**
 * Finds what metrics such as `zR` or `wR` must know of training.
 *
 * @param metrics Comma-separated names of metrics.
 * @param dataset Read if `path` is missing: triplets of its training and validation splits
 * are not zero-shot, as publishers count both as training.
 * @param path Path of a file with rows `[subject, object, predicate]`; indices count from
 * 0 in JSON, from 1 in a PyTorch file.
 * @returns What the metrics need.
 * @throws {SyntaxError | TypeError | RangeError} If the file is not a list of rows.
 */
export async function openTraining(
  metrics: string,
  dataset: Dataset,
  path?: string,
): Promise<KnownTraining> {
  const needs = parseMetrics(metrics).map(trainingNeed);
  const isListed = path !== undefined && needs.some((need) => need !== null);
  const isCounted = needs.includes("counts") || (needs.includes("triplets") && !isListed);
  return {
    ...isListed && { zeroShot: await readZeroShot(path) },
    ...isCounted && { training: await trainingTriplets(dataset) },
  };
}

/** Counts the triplets of the training and validation splits. */
export async function trainingTriplets(dataset: Dataset): Promise<TrainingTriplets> {
  const triplets = new TrainingTriplets();
  for (const split of ["train", "validation"] as const) {
    for await (const example of dataset.examples(split)) triplets.add(example);
  }
  return triplets;
}

async function readZeroShot(path: string): Promise<ZeroShot> {
  const file = await localFile(path), name = lastName(file);
  const bytes = await readFile(file);
  if (file.endsWith(".json")) {
    return zeroShotList(rowsOf(flatten(parseJson(bytes, `"${name}"`), [undefined, 3])));
  }
  const tensor = readTorchLegacy(bytes, name);
  if (!(tensor instanceof TorchTensor) || tensor.shape[1] !== 3) {
    throw new TypeError(`Cannot read "${name}": it must be a tensor of rows of 3`);
  }
  return zeroShotList(rowsOf(Array.from(tensor.data, Number)), 1);
}

function rowsOf(numbers: ArrayLike<number>): [number, number, number][] {
  return Array.from(
    { length: numbers.length / 3 },
    (_, r) => [numbers[3 * r], numbers[3 * r + 1], numbers[3 * r + 2]],
  );
}
