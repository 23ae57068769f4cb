/**
 * `eval_results.pytorch` of KaihuaTang's benchmark and its descendants: a dict whose
 * `predictions` are `BoxList`s, one for each image of the split in its order.
 *
 * @module
 */

import type {
  PredictionFile,
  PredictionSource,
} from "../../eval/prediction_files/open.ts";
import {
  openRecords,
  type PredictionRecord,
  type RecordContext,
} from "../../eval/prediction_files/records.ts";
import { PyObject } from "../../io/pickle/pickle.ts";
import { JsonValue, parseJson } from "../../json_value.ts";
import { plain } from "./plain_value.ts";

/** The class in each program; its instances become records, and no code of them runs. */
export const BOX_LISTS: readonly string[] = [
  "maskrcnn_benchmark",
  "pysgg",
  "sgg_benchmark",
].map((program) => `${program}.structures.bounding_box.BoxList`);

/** Names of the fields, by those of the program's `custom_prediction.json`. */
const FIELDS = {
  bbox_labels: "pred_labels",
  bbox_scores: "pred_scores",
  rel_pairs: "rel_pair_idxs",
  rel_all_scores: "pred_rel_scores",
} as const;

/**
 * Opens a saved value. `visual_info.json` beside it, which the program writes, names the
 * images; without it they are those of the split in its order.
 *
 * @throws {TypeError} If it holds no such predictions.
 */
export async function openTorch(
  value: unknown,
  source: PredictionSource,
  context: RecordContext,
): Promise<PredictionFile> {
  const { name } = source;
  const predictions = value instanceof Map ? value.get("predictions") : value;
  const isKnown = Array.isArray(predictions) &&
    predictions.every((item) => item instanceof PyObject);
  if (!isKnown) {
    throw new TypeError(
      `Cannot read "${name}": it must be a dict whose "predictions" are a list of BoxList, as eval_results.pytorch is`,
    );
  }
  const info = await source.beside("visual_info.json");
  const names = info &&
    new JsonValue(parseJson(info, '"visual_info.json"').value, '"visual_info.json"')
      .items(predictions.length, "images, as the predictions").map((image) =>
        image.at("img_file").id()
      );
  function* records(): Generator<PredictionRecord> {
    for (const [i, list] of predictions.entries()) {
      yield { name: names?.[i], value: recordOf(list) };
    }
  }
  return await openRecords({ name, count: predictions.length, records }, context);
}

/** The entry of `custom_prediction.json` that says the same, and the size of its image. */
function recordOf({ fields }: PyObject): Record<string, unknown> {
  const { bbox, size, mode, extra_fields } = fields;
  const extra = extra_fields instanceof Map ? extra_fields : new Map<string, unknown>();
  const boxes = plain(bbox);
  const record: Record<string, unknown> = {
    // A BoxList counts the last pixel: a width is right - left + 1.
    bbox: mode === "xywh" && Array.isArray(boxes)
      ? boxes.map(([left, top, width, height]) => [
        ...[left, top, left + width - 1, top + height - 1],
      ])
      : boxes,
    image_size: plain(size),
  };
  for (const [key, field] of Object.entries(FIELDS)) {
    record[key] = plain(extra.get(field));
  }
  return record;
}
