/**
 * Predictions that come image by image as plain values, whatever binary file they are
 * from: each in our own form, neural-motifs', KaihuaTang's or Lu et al.'s, which is seen
 * from its keys.
 *
 * @module
 */

import { JsonValue } from "../../json_value.ts";
import type { Prediction } from "../prediction.ts";
import type { Task } from "../protocol.ts";
import { type ImagePrediction, parseImage } from "./image_prediction.ts";
import { parseLuRows } from "./lu_rows.ts";
import { parseMotifsEntry } from "./motifs_entry.ts";
import type { PredictionContext, PredictionFile } from "./open.ts";
import { parseSggEntry, RESIZED, type Size } from "./sgg_benchmark_json.ts";

/** One image of a file: its values, and the name under which it stands, if it has one. */
export interface PredictionRecord {
  /** Id or file name of the image. */
  name?: string;
  /** The values, as JSON has them. */
  value: unknown;
}

/** The records of a file. */
export interface RecordFile {
  /** Name of the file. */
  name: string;
  /** Number of records. */
  count: number;
  /** What the system was given, if the file tells. */
  task?: Task;
  /** The records, each time from the first on. */
  records: () => AsyncIterable<PredictionRecord> | Iterable<PredictionRecord>;
}

/** What {@linkcode openRecords} needs to know of the dataset. */
export interface RecordContext extends PredictionContext {
  /** Ids of the images of the split, in order. */
  imageIds: readonly string[];
  /** Those that have relations. */
  relatedIds: readonly string[];
  /** neural-motifs: longer side of the image that boxes are of; 0: as it is. */
  boxScale?: number;
}

/** Longer side of the images that neural-motifs gives boxes of. */
const BOX_SCALE = 1024;

/**
 * Reads records. Those without a name are the images of the split in its order, or those
 * of them that have relations, whichever are as many.
 *
 * @param file The records.
 * @param context Vocabulary and images of the dataset.
 * @throws {RangeError} If records without a name are neither as many as the images nor as
 * those with relations, or a name is of no image.
 */
export async function openRecords(
  file: RecordFile,
  context: RecordContext,
): Promise<PredictionFile> {
  let task = file.task, isNamed = true;
  for await (const { name, value } of file.records()) {
    isNamed = name !== undefined || hasId(value);
    if (isLu(value)) task ??= "sgdet";
    break;
  }
  const order = isNamed ? [] : orderOf(file, context);
  const warning = isNamed
    ? undefined
    : `The entries of "${file.name}" have no names: they were taken for the ${order.length} images of the split${
      order.length === context.imageIds.length ? "" : " that have relations"
    }, in its order`;
  async function* images(): AsyncGenerator<ImagePrediction> {
    let at = 0;
    for await (const { name, value } of file.records()) {
      const place = `entry ${at} of "${file.name}"`;
      yield parseRecord(new JsonValue(value, place), name ?? order[at], context);
      at++;
    }
  }
  return { format: "records", task, images: images(), warning };
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null;
const hasId = (value: unknown) => isObject(value) && "id" in value;
const isLu = (value: unknown) => isObject(value) && "rlp_labels_ours" in value;

function orderOf(
  { name, count }: RecordFile,
  { imageIds, relatedIds }: RecordContext,
): readonly string[] {
  const order = [imageIds, relatedIds].find((ids) => ids.length === count);
  if (order) return order;
  throw new RangeError(
    `Cannot read "${name}": its ${count} entries have no names, so they must be the ${imageIds.length} images of the split in its order, or the ${relatedIds.length} of them that have relations; or give each an "id"`,
  );
}

function parseRecord(
  record: JsonValue,
  name: string | undefined,
  context: RecordContext,
): ImagePrediction {
  const { vocabulary, findImage, resized = RESIZED, boxScale = BOX_SCALE } = context;
  const keys = Object.keys(record.object());
  const given = hasId(record.value) ? record.at("id").id() : name;
  const { id, size } = findImage(given ?? record.at("id").id());
  const parse = (): Prediction => {
    if (keys.includes("rlp_labels_ours")) return parseLuRows(record, vocabulary);
    if (keys.includes("pred_rel_inds")) {
      const scale = boxScale === 0 ? 1 : Math.max(...size as Size) / boxScale;
      return parseMotifsEntry(record, vocabulary, scale);
    }
    if (keys.includes("rel_pairs")) {
      const { entities, predicates } = vocabulary;
      const [classes, order] = [entities, predicates].map((all) => [...all.keys()]);
      return parseSggEntry(record, size, { classes, predicates: order, resized });
    }
    return parseImage(record, vocabulary, id).prediction;
  };
  return { id, prediction: parse() };
}
