/**
 * Pickled predictions: a list of images, or a dict of them.
 *
 * @module
 */

import {
  openDocument,
  type PredictionFile,
  type PredictionSource,
} from "../../eval/prediction_files/open.ts";
import {
  openRecords,
  type PredictionRecord,
  type RecordContext,
} from "../../eval/prediction_files/records.ts";
import { openFile } from "../../files.ts";
import { unpickleItems } from "../../io/pickle/pickle.ts";
import { JsonValue } from "../../json_value.ts";
import { plain } from "./plain_value.ts";

/**
 * Opens a pickle, image by image.
 *
 * @throws {SyntaxError} If the file is damaged.
 * @throws {RangeError | TypeError} If it holds no predictions, or a class that is not allowed.
 */
export async function openPickle(
  path: string,
  source: PredictionSource,
  context: RecordContext,
): Promise<PredictionFile> {
  const { name } = source;
  async function* items(): AsyncGenerator<unknown> {
    using file = await openFile(path);
    yield* unpickleItems({
      name,
      size: file.size,
      read: (offset, length) => file.read(offset, length),
    });
  }
  let count = 0, first: unknown;
  for await (const item of items()) if (count++ === 0) first = item;
  const isDict = first instanceof Map && count === 1 && !isPrediction(first);
  if (isDict) return await openDict(first as Map<unknown, unknown>, source, context);
  async function* records(): AsyncGenerator<PredictionRecord> {
    for await (const item of items()) yield { value: plain(item) };
  }
  return await openRecords({ name, count, records }, context);
}

/** Keys by which the prediction of one image is known. */
const KEYS = [
  "pred_rel_inds",
  "rel_pairs",
  "rlp_labels_ours",
  "relations",
  "pairs",
  "relationProbabilities",
];
const isPrediction = (value: unknown) =>
  value instanceof Map && KEYS.some((key) => value.has(key));

/** Whether an image has this id or file name. */
function isImage(name: string, { findImage }: RecordContext): boolean {
  try {
    findImage(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A dict of images by id, file name or place; or a document as in JSON. */
async function openDict(
  dict: Map<unknown, unknown>,
  source: PredictionSource,
  context: RecordContext,
): Promise<PredictionFile> {
  const { name } = source;
  const isByImage = [...dict.values()].every((value) => isPrediction(value));
  const isInfoThere = await source.beside("custom_data_info.json") !== undefined;
  const isNumbered = [...dict.keys()].every((key) => /^\d+$/.test(String(key)));
  const isSgg = isNumbered && isInfoThere &&
    [...dict.values()].every((value) => value instanceof Map && value.has("rel_pairs"));
  if (!isByImage || isSgg) {
    return await openDocument(new JsonValue(plain(dict), `"${name}"`), source, context);
  }
  // Whole numbers that are neither ids nor file names are places in the split.
  const arePlaces = isNumbered &&
    ![...dict.keys()].every((key) => isImage(String(key), context));
  const sorted = arePlaces
    ? [...dict].sort(([a], [b]) => Number(a) - Number(b))
    : [...dict];
  function* records(): Generator<PredictionRecord> {
    for (const [key, value] of sorted) {
      yield { name: arePlaces ? undefined : String(key), value: plain(value) };
    }
  }
  return await openRecords({ name, count: dict.size, records }, context);
}
