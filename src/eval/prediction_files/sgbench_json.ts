/**
 * The JSON of SGBench (Lorenz et al., "A Review and Efficient Implementation of Scene
 * Graph Generation Metrics", CVPRW 2024) for boxes.
 *
 * Source: README and `pred.py` of lorjul/sgbench, version 1: `images` with `id`,
 * `bboxes` (x1, y1, x2, y2), `categories`, `triplets` (subject, object, predicate, best
 * first, without scores) and perhaps `ng_triplets` for metrics without graph
 * constraint. As there, an exact repetition in a list is dropped. Masks are not read.
 *
 * @module
 */

import type { Vocabulary } from "../../vocabulary.ts";
import { Field, type ImagePrediction, parseBoxes } from "./image_prediction.ts";

/**
 * Reads predictions.
 *
 * @param document The parsed file.
 * @param vocabulary The dataset's; classes are indices from 0, in its order.
 * @param name Of the file, for errors.
 * @throws {TypeError} Names the value that is wrong.
 */
export function* parseSgbench(
  document: unknown,
  vocabulary: Vocabulary,
  name: string,
): Generator<ImagePrediction> {
  const root = new Field(document, `"${name}"`);
  if (root.get("version").value !== 1) root.get("version").refuse("1");
  for (const entry of root.get("images").list()) {
    const id = entry.get("id").text();
    const image = new Field(entry.value, `image "${id}"`);
    if (image.get("bboxes").isMissing) {
      image.get("bboxes").refuse("a list of boxes (masks are not supported)");
    }
    const others = image.get("ng_triplets");
    yield {
      id,
      prediction: {
        boxes: parseBoxes(image.get("bboxes")),
        entityLabels: image.get("categories").list()
          .map((category) => category.index(0, vocabulary.entities.length)),
        triplets: distinct(image.get("triplets"), vocabulary),
        unconstrained: others.isMissing || others.list().length === 0
          ? undefined
          : { triplets: distinct(others, vocabulary) },
      },
    };
  }
}

/** Triplets one after another, each where it stands first. */
function distinct(field: Field, vocabulary: Vocabulary): number[] {
  const seen = new Set<string>();
  return field.list().flatMap((row) => {
    const [subject, object, predicate] = row.tuple(3);
    const triplet = [
      subject.number(),
      object.number(),
      predicate.index(0, vocabulary.predicates.length),
    ];
    const key = triplet.join();
    if (seen.has(key)) return [];
    seen.add(key);
    return triplet;
  });
}
