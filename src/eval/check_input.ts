/**
 * Checks images and predictions that programs give, which may have no types. What they hold
 * is compared with one another where it is scored.
 *
 * @module
 */

import type { AnnotatedImage, Annotation } from "../example.ts";
import { isListLike } from "../foreign/shapes.ts";
import { JsonValue } from "../json_value.ts";
import type { Prediction } from "./prediction.ts";

/**
 * Reads an annotated image, in which lists may stand for typed arrays.
 *
 * @param image The image.
 * @returns The same with typed arrays.
 * @throws {TypeError | RangeError} If it is not as it must be; the message has the place.
 */
export function readAnnotatedImage(image: AnnotatedImage): AnnotatedImage {
  const root = new JsonValue(image, "the annotated image");
  root.object();
  if (root.at("id").string() === "") root.at("id").refuse("a text that is not empty");
  for (const side of ["width", "height"]) root.at(side).number({ above: 0 });
  const { value: annotated } = root.at("annotated");
  return {
    ...image,
    ...readAnnotation(root),
    ...annotated !== undefined && { annotated: readAnnotation(root.at("annotated")) },
  };
}

/**
 * Reads the labels and relations of an annotated image, in which lists may stand for typed
 * arrays.
 *
 * @param image The image, or these two alone.
 * @throws {TypeError | RangeError} If they are not as they must be; the message has the
 * place.
 */
export function readRelations(image: unknown): Labelling {
  const root = new JsonValue(image, "the annotated image");
  root.object();
  const entityLabels = readLabels(root);
  return { entityLabels, relations: readRows(root, "relations", entityLabels.length) };
}

/** Classes of entities and their relations. */
type Labelling = Pick<Annotation, "entityLabels" | "relations">;

function readAnnotation(root: JsonValue): Annotation & { negatives?: Int32Array } {
  const entityLabels = readLabels(root), n = entityLabels.length;
  const boxes = root.at("boxes");
  const numbers = listOf(boxes);
  if (numbers.length !== 4 * n) {
    boxes.refuseKind(
      `4 numbers for each of ${n} entities, [left, top, right, bottom]`,
    );
  }
  checkEach(boxes, numbers, Number.isFinite, "a finite number");
  return {
    boxes: numbers instanceof Float32Array ? numbers : Float32Array.from(numbers),
    entityLabels,
    relations: readRows(root, "relations", n),
    ...root.at("negatives").value !== undefined &&
      { negatives: readRows(root, "negatives", n) },
  };
}

/** Labels, which are indices of classes. */
function readLabels(root: JsonValue): Int32Array {
  const field = root.at("entityLabels"), labels = listOf(field);
  checkEach(field, labels, isIndex, "the index of a class, a whole number from 0 on");
  return intsOf(labels);
}

/** Rows of subject, object and predicate. */
function readRows(root: JsonValue, key: string, n: number): Int32Array {
  const field = root.at(key), rows = listOf(field);
  if (rows.length % 3 !== 0) {
    field.refuseKind("rows of 3 numbers, [subject, object, predicate]");
  }
  checkEach(
    field,
    rows,
    (value, i) => isIndex(value) && (i % 3 === 2 || (value as number) < n),
    `an index from 0 on, of a subject and an object below ${n}`,
  );
  return intsOf(rows);
}

function intsOf(numbers: ArrayLike<number>): Int32Array {
  return numbers instanceof Int32Array ? numbers : Int32Array.from(numbers);
}

/** Indices are kept in 32 bits. */
const INDICES = 2 ** 31;

/** The lists that each form of a prediction must have, and those that it may have. */
const FORMS: readonly [first: string, ...others: string[]][] = [
  ["relationProbabilities", "entityProbabilities"],
  ["pairs", "predicateScores"],
  ["triplets"],
];
const LISTS = ["boxes", "entityLabels", "entityScores", "scores"];

/**
 * Refuses what is no prediction.
 *
 * @param prediction The prediction of an image.
 * @throws {TypeError} The message has the place.
 */
export function checkPrediction(prediction: unknown): asserts prediction is Prediction {
  const root = new JsonValue(prediction, "the prediction");
  const given = root.object();
  const form = FORMS.find((keys) => keys.some((key) => key in given));
  if (!form) {
    root.refuseKind(
      "an object with relationProbabilities, with pairs and predicateScores, or with triplets",
    );
  }
  for (const key of form!) listOf(root.at(key));
  for (const key of LISTS) {
    if (root.at(key).value !== undefined) listOf(root.at(key));
  }
  const more = root.at("unconstrained");
  if (more.value === undefined) return;
  more.object();
  listOf(more.at("triplets"));
  if (more.at("scores").value !== undefined) listOf(more.at("scores"));
}

/** The numbers of a list or a typed array. */
function listOf(field: JsonValue): ArrayLike<number> {
  const { value } = field;
  const isWrong = !isListLike(value) || value instanceof BigInt64Array ||
    value instanceof BigUint64Array;
  if (isWrong) return field.refuseKind("a list of numbers, or a typed array of them");
  if (Array.isArray(value)) {
    checkEach(field, value, (item) => typeof item === "number", "a number");
  }
  return value as ArrayLike<number>;
}

function checkEach(
  field: JsonValue,
  values: ArrayLike<unknown>,
  isRight: (value: unknown, i: number) => boolean,
  must: string,
): void {
  for (let i = 0; i < values.length; i++) {
    if (isRight(values[i], i)) continue;
    const item = Array.isArray(field.value)
      ? field.at(i)
      : new JsonValue(values[i], `${field.place}[${i}]`);
    item.refuse(must);
  }
}

function isIndex(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && value as number < INDICES;
}
