/**
 * The entries that neural-motifs' `eval_rels.py` keeps in its cache, and its many
 * descendants pass to their evaluators.
 *
 * Source: `pred_entry` of neural-motifs. `pred_boxes` (x1, y1, x2, y2, in pixels of an
 * image whose longer side is 1024), `pred_classes` (0 is the background), `obj_scores`,
 * `pred_rel_inds` (subject, object) and `rel_scores` (a row a pair, the background first).
 *
 * @module
 */

import type { JsonValue } from "../../json_value.ts";
import type { Vocabulary } from "../../vocabulary.ts";
import type { Prediction } from "../prediction.ts";
import { flatten, parseBoxes } from "./image_prediction.ts";

/**
 * Reads one image.
 *
 * @param entry The entry.
 * @param vocabulary The dataset's, in whose order classes are counted from 1.
 * @param scale Factor from the entry's boxes to pixels of the image.
 * @throws {TypeError | RangeError} Names the value that is wrong.
 */
export function parseMotifsEntry(
  entry: JsonValue,
  { entities, predicates }: Vocabulary,
  scale: number,
): Prediction {
  const boxes = entry.at("pred_boxes").optional;
  const classes = entry.at("pred_classes").optional;
  const scores = entry.at("obj_scores").optional;
  const pairs = flatten(entry.at("pred_rel_inds"), [undefined, 2]);
  return {
    boxes: boxes && parseBoxes(boxes).map((x) => x * scale),
    entityLabels: classes?.items().map((label) =>
      label.integer({ min: 1, below: entities.length + 1 }) - 1
    ),
    entityScores: scores && flatten(scores, [undefined]),
    pairs,
    predicateScores: withoutBackground(
      entry.at("rel_scores"),
      pairs.length / 2,
      predicates.length,
    ),
  };
}

/** `[Q, P - 1]` of rows whose first score is the background's. */
export function withoutBackground(
  field: JsonValue,
  numPairs: number,
  numPredicates: number,
): Float64Array {
  const width = numPredicates + 1;
  return flatten(field, [numPairs, width]).filter((_, i) => i % width > 0);
}
