/**
 * One image of a file of predictions, checked value by value.
 *
 * @module
 */

import type { Prediction } from "../prediction.ts";
import type { JsonValue } from "../../json_value.ts";
import type { Vocabulary } from "../../vocabulary.ts";

/** A prediction and the image that it is of. */
export interface ImagePrediction {
  /** Id of the image. */
  id: string;
  prediction: Prediction;
}

/**
 * Numbers of lists in lists, one after another.
 *
 * @param field The lists.
 * @param shape Length of each level; `undefined` where any length will do, which must
 * then be the same throughout.
 */
export function flatten(
  field: JsonValue,
  shape: readonly (number | undefined)[],
): Float64Array {
  const values: number[] = [];
  const lengths = [...shape];
  const walk = (field: JsonValue, level: number) => {
    if (level === lengths.length - 1) {
      const numbers = field.numbers(lengths[level]);
      lengths[level] ??= numbers.length;
      for (const number of numbers) values.push(number);
    } else {
      const items = field.items(lengths[level]);
      lengths[level] ??= items.length;
      for (const item of items) walk(item, level + 1);
    }
  };
  walk(field, 0);
  return Float64Array.from(values);
}

/** Boxes `[left, top, right, bottom]`, right of left and below top. */
export function parseBoxes(field: JsonValue): Float64Array {
  return Float64Array.from(
    field.items().flatMap((box) => {
      const numbers = box.numbers(4);
      const [x1, y1, x2, y2] = numbers;
      if (!(x1 <= x2 && y1 <= y2)) {
        box.refuse(
          "[x1, y1, x2, y2] with x1 <= x2 and y1 <= y2",
          "x, y, width and height must be made corners",
        );
      }
      return numbers;
    }),
  );
}

/**
 * One image in our own format, see the README: entities, and either scores of pairs, a
 * list of relations, or probabilities of everything.
 *
 * @param image The image.
 * @param vocabulary Names and number of classes.
 * @param id Id of the image; default: what it says itself.
 * @throws {TypeError | RangeError} Names the value that is wrong.
 */
export function parseImage(
  image: JsonValue,
  vocabulary: Vocabulary,
  id = image.at("id").id(),
): ImagePrediction {
  const { entities, predicates } = vocabulary;
  const given = image.at("boxes").optional;
  const labels = image.at("labels").optional, scores = image.at("scores").optional;
  const boxes = given && parseBoxes(given);
  const common = {
    boxes,
    entityLabels: labels?.items().map((label) => label.label(entities)),
    entityScores: scores && flatten(scores, [undefined]),
  };
  const relations = image.at("relations").optional, pairs = image.at("pairs").optional;
  if (relations) {
    return { id, prediction: { ...common, ...parseRelations(relations, vocabulary) } };
  }
  if (pairs) {
    const list = flatten(pairs, [undefined, 2]);
    const predicateScores = flatten(image.at("predicateScores"), [
      list.length / 2,
      predicates.length,
    ]);
    return { id, prediction: { ...common, pairs: list, predicateScores } };
  }
  const all = image.at("relationProbabilities");
  if (all.isMissing) {
    image.refuseKind('an object with "relations", "pairs" or "relationProbabilities"');
  }
  const n = all.items().length;
  const entityProbabilities = flatten(image.at("entityProbabilities"), [
    n,
    entities.length,
  ]);
  const relationProbabilities = flatten(all, [n, n, predicates.length + 1]);
  return { id, prediction: { boxes, entityProbabilities, relationProbabilities } };
}

/** Rows `[subject, object, predicate]` or `[subject, object, predicate, score]`. */
function parseRelations(field: JsonValue, { predicates }: Vocabulary) {
  const rows = field.items();
  const width = rows[0]?.items().length === 4 ? 4 : 3;
  const triplets: number[] = [], scores: number[] = [];
  for (const row of rows) {
    const [subject, object, predicate, score] = row.items(width);
    triplets.push(subject.number(), object.number(), predicate.label(predicates));
    if (score) scores.push(score.number());
  }
  return width === 4 ? { triplets, scores } : { triplets };
}
