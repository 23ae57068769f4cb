/**
 * The `custom_prediction.json` of KaihuaTang's Scene-Graph-Benchmark.pytorch and its many
 * descendants, with the `custom_data_info.json` beside it.
 *
 * Source: `custom_sgg_post_precessing` of that repository. The predictions are an object
 * of images by number. Each has `bbox` (x1, y1, x2, y2 in pixels of the *resized* image),
 * `bbox_labels` (0 is the background), `bbox_scores`, `rel_pairs` and `rel_all_scores`
 * (one row per pair, the background first). The info has `idx_to_files`, `ind_to_classes`
 * and `ind_to_predicates`. The file sorts relations by the scores of their predicates.
 * They are ranked again by the scores of their triplets, as that program's own evaluator
 * expects.
 *
 * @module
 */

import type { Vocabulary } from "../../vocabulary.ts";
import type { JsonValue } from "../../json_value.ts";
import type { Prediction } from "../prediction.ts";
import { flatten, type ImagePrediction, parseBoxes } from "./image_prediction.ts";
import { withoutBackground } from "./motifs_entry.ts";

/** Width and height in pixels. */
export type Size = readonly [width: number, height: number];

/** How that program resizes images: shorter side, and the most that the longer may be. */
export interface Resized {
  shorter: number;
  longest: number;
}

/** The test sizes of that program. */
export const RESIZED: Resized = { shorter: 600, longest: 1000 };

/**
 * The size to which the program resizes an image before detection.
 *
 * Source: `Resize.get_size` of maskrcnn-benchmark.
 *
 * @param size Size of the image.
 * @param options Shorter side and limit of the longer side, in pixels.
 */
export function resizedSize(
  [width, height]: Size,
  { shorter, longest }: Resized = RESIZED,
): Size {
  const small = Math.min(width, height), large = Math.max(width, height);
  const side = large / small * shorter > longest
    ? Math.round(longest * small / large)
    : shorter;
  return width < height
    ? [side, Math.trunc(side * height / width)]
    : [Math.trunc(side * width / height), side];
}

/**
 * Reads predictions.
 *
 * @param document The parsed `custom_prediction.json`.
 * @param info The parsed `custom_data_info.json`.
 * @param vocabulary The dataset's; classes are found by name.
 * @param findImage Id and size of the image that a file name stands for.
 * @param resized How images were resized.
 * @returns Predictions for SGDet, boxes in pixels of the image as it is.
 * @throws {TypeError | RangeError} Names the value that is wrong.
 */
export function* parseSggBenchmark(
  document: JsonValue,
  info: JsonValue,
  vocabulary: Vocabulary,
  findImage: (fileName: string) => { id: string; size: Size },
  resized: Resized = RESIZED,
): Generator<ImagePrediction> {
  const files = info.at("idx_to_files").items().map((file) => file.id());
  const classes = info.at("ind_to_classes").items().slice(1)
    .map((label) => label.label(vocabulary.entities));
  const predicates = info.at("ind_to_predicates").items().slice(1)
    .map((label) => label.label(vocabulary.predicates));
  if (new Set(predicates).size !== vocabulary.predicates.length) {
    info.at("ind_to_predicates").refuse(
      `the background and the ${vocabulary.predicates.length} predicates of the dataset`,
    );
  }
  for (const [number, image] of document.entries()) {
    const file = files[Number(number)];
    if (file === undefined) {
      image.refuse(`one of the ${files.length} images of custom_data_info.json`);
    }
    const { id, size } = findImage(file);
    yield {
      id,
      prediction: parseSggEntry(image, size, { classes, predicates, resized }),
    };
  }
}

/** What {@linkcode parseSggEntry} must know beside the image. */
export interface SggContext {
  /** Indices in the dataset of the file's classes, without the background. */
  classes: readonly number[];
  /** The same of its predicates. */
  predicates: readonly number[];
  /** How images were resized. */
  resized: Resized;
}

/**
 * Reads one image.
 *
 * @param image Its entry; `image_size`, if it is there, is that of the image of its boxes.
 * @param size Its size as it is.
 * @param context Classes, predicates, and how images were resized.
 * @throws {TypeError | RangeError} Names the value that is wrong.
 */
export function parseSggEntry(
  image: JsonValue,
  size: Size,
  { classes, predicates, resized }: SggContext,
): Prediction {
  const [width, height] = image.at("image_size").optional?.numbers(2) ??
    resizedSize(size, resized);
  const scale = [size[0] / width, size[1] / height];
  const boxes = parseBoxes(image.at("bbox")).map((x, i) => x * scale[i % 2]);
  const numPairs = image.at("rel_pairs").items().length, count = predicates.length;
  const all = withoutBackground(image.at("rel_all_scores"), numPairs, count);
  const predicateScores = new Float64Array(all.length);
  for (let at = 0; at < all.length; at++) {
    predicateScores[at - at % count + predicates[at % count]] = all[at];
  }
  return {
    boxes,
    entityLabels: image.at("bbox_labels").items()
      .map((label) => classes[label.integer({ min: 1, below: classes.length + 1 }) - 1]),
    entityScores: flatten(image.at("bbox_scores"), [boxes.length / 4]),
    pairs: flatten(image.at("rel_pairs"), [numPairs, 2]),
    predicateScores,
  };
}
