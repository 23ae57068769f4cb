/**
 * Reads and checks one image of a file of predictions.
 *
 * @module
 */

import type { Prediction } from "../prediction.ts";
import type { JsonValue } from "../../json_value.ts";
import type { Vocabulary } from "../../vocabulary.ts";

/** The prediction for one image. */
export interface ImagePrediction {
  /** Id of the image. */
  id: string;
  prediction: Prediction;
}

/**
 * Reads the numbers of nested lists in row-major order.
 *
 * @param field The outermost list.
 * @param shape Length of the lists at each level; `undefined` allows any length, which
 * must be the same for all lists of the level.
 * @returns The numbers.
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

/** Reads boxes `[left, top, right, bottom]` with left <= right and top <= bottom. */
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
 * Reads an image in this project's own format (docs/evaluation.md): entities, and either
 * a list of relations, scores of pairs, or probabilities of all labels and predicates.
 *
 * @param image The image.
 * @param vocabulary The vocabulary of the dataset.
 * @param id Id of the image; by default the one in the file.
 * @returns Id and prediction.
 * @throws {TypeError | RangeError} If a value is wrong; the message names it.
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

/** Reads rows `[subject, object, predicate]` or `[subject, object, predicate, score]`. */
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
