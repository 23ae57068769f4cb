/**
 * The `custom_prediction.json` of KaihuaTang's Scene-Graph-Benchmark.pytorch (also of
 * its many descendants), with the `custom_data_info.json` beside it.
 *
 * Source: `custom_sgg_post_precessing` of that repository. The predictions are an object
 * of images by number; each has `bbox` (x1, y1, x2, y2, in pixels of the *resized*
 * image), `bbox_labels` (0 is the background), `bbox_scores`, `rel_pairs` and
 * `rel_all_scores` (a row a pair, the background first). The info has `idx_to_files`,
 * `ind_to_classes` and `ind_to_predicates`. Relations stand there in the order of their
 * predicates' scores, not of the triplets': we rank again, by triplets, as that
 * program's own evaluator is fed.
 *
 * @module
 */

import type { Vocabulary } from "../../vocabulary.ts";
import { Field, flatten, type ImagePrediction, parseBoxes } from "./image_prediction.ts";

/** Width and height in pixels. */
export type Size = readonly [width: number, height: number];

/** The test sizes of that program: shorter side, and the most that the longer may be. */
export const RESIZED = { shorter: 600, longest: 1000 };

/**
 * The size that an image is given before detection.
 *
 * Source: `Resize.get_size` of maskrcnn-benchmark.
 *
 * @param size Of the image.
 * @param options Shorter side and limit of the longer one.
 */
export function resizedSize([width, height]: Size, { shorter, longest } = RESIZED): Size {
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
 * @param predictions The parsed `custom_prediction.json`.
 * @param info The parsed `custom_data_info.json`.
 * @param vocabulary The dataset's; classes are found by name.
 * @param findImage Id and size of the image that a file name stands for.
 * @param name Of the file, for errors.
 * @returns Predictions for SGDet, boxes in pixels of the image as it is.
 * @throws {TypeError | RangeError} Names the value that is wrong.
 */
export function* parseSggBenchmark(
  predictions: unknown,
  info: unknown,
  vocabulary: Vocabulary,
  findImage: (fileName: string) => { id: string; size: Size },
  name: string,
): Generator<ImagePrediction> {
  const data = new Field(info, `"${name}": custom_data_info.json`);
  const files = data.get("idx_to_files").list().map((file) => file.text());
  const classes = data.get("ind_to_classes").list().slice(1).map((label) =>
    label.label(vocabulary.entities, (text) => vocabulary.entityIndex(text))
  );
  const predicates = data.get("ind_to_predicates").list().slice(1).map((label) =>
    label.label(vocabulary.predicates, (text) => vocabulary.predicateIndex(text))
  );
  if (new Set(predicates).size !== vocabulary.predicates.length) {
    data.get("ind_to_predicates").refuse(
      `the background and the ${vocabulary.predicates.length} predicates of the dataset`,
    );
  }
  for (const [number, value] of Object.entries(predictions as Record<string, unknown>)) {
    const file = files[Number(number)];
    if (file === undefined) {
      new Field(number, `"${name}": image "${number}"`).refuse(
        `numbered below ${files.length}`,
      );
    }
    const { id, size } = findImage(file);
    const image = new Field(value, `image "${file}"`);
    const [width, height] = resizedSize(size);
    const scale = [size[0] / width, size[1] / height];
    const boxes = parseBoxes(image.get("bbox")).map((x, i) => x * scale[i % 2]);
    const numPairs = image.get("rel_pairs").list().length;
    const all = flatten(image.get("rel_all_scores"), [numPairs, predicates.length + 1]);
    const predicateScores = new Float64Array(numPairs * predicates.length);
    for (let q = 0; q < numPairs; q++) {
      for (const [i, predicate] of predicates.entries()) {
        predicateScores[q * predicates.length + predicate] =
          all[q * (predicates.length + 1) + 1 + i];
      }
    }
    yield {
      id,
      prediction: {
        boxes,
        entityLabels: image.get("bbox_labels").list()
          .map((label) => classes[label.index(1, classes.length + 1) - 1]),
        entityScores: flatten(image.get("bbox_scores"), [boxes.length / 4]),
        pairs: flatten(image.get("rel_pairs"), [numPairs, 2]),
        predicateScores,
      },
    };
  }
}
