/**
 * The results of Lu et al.'s program (`relationship_det_result.mat`,
 * `predicate_det_result.mat`) and of its descendants: each relation of an image with its
 * own two boxes.
 *
 * Source: `predicate_detection.m` of Visual-Relationship-Detection. `rlp_labels_ours` has
 * rows of subject, predicate and object, counted from 1; `rlp_confs_ours` their scores;
 * `sub_bboxes_ours` and `obj_bboxes_ours` the boxes, x1, y1, x2, y2.
 *
 * @module
 */

import type { JsonValue } from "../../json_value.ts";
import type { Vocabulary } from "../../vocabulary.ts";
import type { Prediction } from "../prediction.ts";
import { flatten } from "./image_prediction.ts";

/**
 * Reads one image. Mentions of equal class and equal box are one entity; the object of a
 * relation of an entity with itself is a twin of it. As each row has its own boxes, a pair
 * may stand in several rows: from the second on, its subject is a copy.
 *
 * @param image The four lists.
 * @param vocabulary The dataset's, in whose order classes are counted.
 * @throws {TypeError | RangeError} Names the value that is wrong.
 */
export function parseLuRows(
  image: JsonValue,
  { entities, predicates }: Vocabulary,
): Prediction {
  const rows = image.at("rlp_labels_ours").items(), count = rows.length;
  const scores = flatten(image.at("rlp_confs_ours"), [count]);
  const ends = ["sub_bboxes_ours", "obj_bboxes_ours"].map((name) =>
    flatten(image.at(name), [count, 4])
  );
  const places = new Map<string, number>();
  const labels: number[] = [], boxes: number[] = [], triplets: number[] = [];
  const find = (label: number, box: number[], copy = "") => {
    const key = `${label} ${box} ${copy}`, known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, labels.length);
    boxes.push(...box);
    return labels.push(label) - 1;
  };
  for (const [r, row] of rows.entries()) {
    const counted = (at: number, names: readonly string[]) =>
      row.at(at).integer({ min: 1, below: names.length + 1 }) - 1;
    row.items(3);
    const [from, to] = ends.map((all) => [...all.subarray(4 * r, 4 * r + 4)]);
    const subject = find(counted(0, entities), from), label = counted(2, entities);
    const same = find(label, to);
    const object = same === subject ? find(label, to, "twin") : same;
    triplets.push(subject, object, counted(1, predicates));
  }
  // Copies come last, so that twins stand before them.
  const turns = new Map<string, number>();
  for (let at = 0; at < triplets.length; at += 3) {
    const subject = triplets[at], pair = `${subject} ${triplets[at + 1]}`;
    const turn = turns.get(pair) ?? 0;
    turns.set(pair, turn + 1);
    if (turn === 0) continue;
    const box = boxes.slice(4 * subject, 4 * subject + 4);
    triplets[at] = find(labels[subject], box, `copy ${turn}`);
  }
  return { boxes, entityLabels: labels, triplets, scores };
}
