/**
 * The JSON of SGBench (Lorenz et al., "A Review and Efficient Implementation of Scene
 * Graph Generation Metrics", CVPRW 2024) for boxes.
 *
 * Source: README and `pred.py` of lorjul/sgbench, version 1. A file has `images` with
 * `id`, `bboxes` (x1, y1, x2, y2), `categories`, `triplets` (subject, object, predicate;
 * best first, without scores) and optionally `ng_triplets` for metrics without the graph
 * constraint. As in SGBench, exact repetitions in a list are dropped. Masks are not read.
 *
 * @module
 */

import type { Vocabulary } from "../../vocabulary.ts";
import type { JsonValue } from "../../json_value.ts";
import { type ImagePrediction, parseBoxes } from "./image_prediction.ts";

/**
 * Reads predictions.
 *
 * @param document The parsed file.
 * @param vocabulary The vocabulary of the dataset; classes are indices from 0 in its
 * order.
 * @throws {TypeError | RangeError} If a value is wrong; the message names it.
 */
export function* parseSgbench(
  document: JsonValue,
  { entities, predicates }: Vocabulary,
): Generator<ImagePrediction> {
  document.at("version").exactly(1);
  for (const image of document.at("images").items()) {
    const boxes = image.at("bboxes"), others = image.at("ng_triplets").optional;
    if (boxes.isMissing) boxes.refuseKind("a list of boxes (masks are not supported)");
    yield {
      id: image.at("id").id(),
      prediction: {
        boxes: parseBoxes(boxes),
        entityLabels: image.at("categories").items()
          .map((category) => category.index(entities.length)),
        triplets: distinct(image.at("triplets"), predicates.length),
        unconstrained: others && others.items().length > 0
          ? { triplets: distinct(others, predicates.length) }
          : undefined,
      },
    };
  }
}

/** Reads rows of triplets end to end, without those that repeat an earlier row. */
function distinct(field: JsonValue, numPredicates: number): number[] {
  const seen = new Set<string>();
  return field.items().flatMap((row) => {
    const [subject, object, predicate] = row.items(3);
    const triplet = [
      subject.number(),
      object.number(),
      predicate.index(numPredicates),
    ];
    const key = triplet.join();
    if (seen.has(key)) return [];
    seen.add(key);
    return triplet;
  });
}
