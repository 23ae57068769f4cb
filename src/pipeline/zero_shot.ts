/**
 * Which triplets are zero-shot: from the training split, or from a file.
 *
 * @module
 */

import { lastName } from "../address.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { flatten } from "../eval/prediction_files/image_prediction.ts";
import { parseMetrics } from "../eval/metric.ts";
import { TrainingTriplets, type ZeroShot, zeroShotList } from "../eval/zero_shot.ts";
import { readFile } from "../files.ts";
import { parseJson } from "../json_value.ts";
import { readTorchLegacy, TorchTensor } from "../io/pickle/torch_legacy.ts";

/**
 * What `zR` and `sR` need, if they are asked for.
 *
 * @param metrics Names of metrics.
 * @param dataset Its splits for training and validation are read if there is no file: the
 * latter is part of what publishers call training.
 * @param path Of a list `[subject, object, predicate]`: JSON counts from 0, PyTorch's
 * file from 1.
 * @throws {SyntaxError | TypeError | RangeError} If the file is no such list.
 */
export async function openZeroShot(
  metrics: string,
  dataset: Dataset,
  path?: string,
): Promise<ZeroShot | undefined> {
  const isNeeded = parseMetrics(metrics)
    .some(({ rows }) => rows === "unseen" || rows === "seen");
  if (!isNeeded) return undefined;
  if (path !== undefined) return await readZeroShot(path);
  const triplets = new TrainingTriplets();
  for (const split of ["train", "validation"] as const) {
    for await (const example of dataset.examples(split)) triplets.add(example);
  }
  return triplets;
}

async function readZeroShot(path: string): Promise<ZeroShot> {
  const name = lastName(path);
  const bytes = await readFile(path);
  if (path.endsWith(".json")) {
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
