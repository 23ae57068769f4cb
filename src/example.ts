/**
 * One image as typed arrays: its annotations and the logits of a label predictor.
 *
 * @module
 */

import type { Vocabulary } from "./vocabulary.ts";

/** N boxes of one image, their labels and R relations. */
export interface Annotation {
  /** `[N, 4]`: left, top, right, bottom in pixels. */
  boxes: Float32Array;
  /** `[N]`: index of each entity's class. */
  entityLabels: Int32Array;
  /**
   * `[R, 3]`: indices of subject, object and predicate. A pair may have several
   * predicates, and a row may be repeated; both are kept as annotated.
   */
  relations: Int32Array;
}

/** The annotations of one image. */
export interface AnnotatedImage extends Annotation {
  /** Name of the image: not empty, unique in its dataset. */
  id: string;
  /** Name of its file, if it is known and is not the id: predictions may go by it. */
  fileName?: string;
  /** Width in pixels. */
  width: number;
  /** Height in pixels. */
  height: number;
  /**
   * `[S, 3]`: rows of subject, object and predicate that an annotator has found not to be
   * so. What is in neither list is unknown.
   */
  negatives?: Int32Array;
  /**
   * The annotated boxes, if the boxes of the image are a detector's: then SGDet and phrase
   * detection are scored against this annotation. The image's own labels and relations
   * are those that its boxes take over from the annotated boxes which they match, for
   * training; a box that matches none keeps the detector's class.
   */
  annotated?: Annotation;
}

/** The output of a label predictor or a model for the N boxes of one image. */
export interface Logits {
  /** `[N, C]`: scores of the classes before the softmax. */
  entityLogits: Float32Array;
  /**
   * `[N, N, P]`, subject first: scores of the predicates before the softmax. The last of
   * the P predicates is "no relation". The diagonal has no meaning.
   */
  relationLogits: Float32Array;
}

/**
 * The annotation that detected boxes are compared with.
 *
 * @param image The image.
 * @returns The image with its annotated boxes, labels and relations; the same image if its
 * boxes are the annotated ones.
 */
export function annotationOf(image: AnnotatedImage): AnnotatedImage {
  const { annotated, ...rest } = image;
  return annotated ? { ...rest, ...annotated } : image;
}

/** An annotated image with the logits of a label predictor. */
export interface Example extends AnnotatedImage, Logits {}

/**
 * Checks an example: array lengths, finite numbers, boxes with an area inside the image,
 * and labels in the vocabulary; the same of the annotation of detected boxes.
 *
 * @param example The example; logits that are missing are not checked.
 * @param vocabulary The vocabulary of its labels.
 * @throws {RangeError} If a check fails; the message names the image, the condition and
 * the value found.
 */
export function checkExample(
  example: AnnotatedImage & Partial<Logits>,
  vocabulary: Vocabulary,
): void {
  const fail = (what: string, found: unknown) => {
    throw new RangeError(`Cannot use image "${example.id}" as ${what}: found ${found}`);
  };
  const { width, height } = example, n = example.entityLabels.length;
  if (example.id === "" || !example.id.isWellFormed()) {
    fail("its id must be well-formed, non-empty text", JSON.stringify(example.id));
  }
  if (!(width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height))) {
    fail("its width and height must be above 0", `${width} x ${height}`);
  }
  const { annotated, negatives } = example;
  checkAnnotation(example, example, vocabulary, fail);
  if (annotated) {
    checkAnnotation(annotated, example, vocabulary, (what, found) => {
      fail(`of its annotation, ${what}`, found);
    });
  }
  if (negatives) {
    checkRows("negative", negatives, n, vocabulary, fail);
    const both = repeatedRow(example.relations, negatives);
    if (both >= 0) {
      const row = negatives.subarray(3 * both, 3 * both + 3);
      fail(`negative ${both} must not be among its relations`, row);
    }
  }
  checkLogits("entityLogits", example.entityLogits, n * vocabulary.numEntityClasses);
  checkLogits("relationLogits", example.relationLogits, n * n * vocabulary.numPredicates);

  function checkLogits(name: string, values: Float32Array | undefined, length: number) {
    if (values === undefined) return;
    if (values.length !== length) {
      fail(`${name} must hold ${length} numbers`, values.length);
    }
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) fail(`${name} must be finite`, `${values[bad]} at ${bad}`);
  }
}

/**
 * Finds a row of `negatives` that is among `relations`.
 *
 * @returns Its index, or -1.
 */
export function repeatedRow(relations: Int32Array, negatives: Int32Array): number {
  const rowsOf = (rows: Int32Array) =>
    Array.from({ length: rows.length / 3 }, (_, r) => `${rows.slice(3 * r, 3 * r + 3)}`);
  const known = new Set(rowsOf(relations));
  return rowsOf(negatives).findIndex((row) => known.has(row));
}

/** Throws an error that names the image. */
type Fail = (what: string, found: unknown) => void;

function checkAnnotation(
  { boxes, entityLabels, relations }: Annotation,
  { width, height }: AnnotatedImage,
  vocabulary: Vocabulary,
  fail: Fail,
): void {
  const n = entityLabels.length, numClasses = vocabulary.numEntityClasses;
  if (boxes.length !== 4 * n) {
    fail(`its ${n} entities must have ${4 * n} box numbers`, boxes.length);
  }
  for (let i = 0; i < n; i++) {
    const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4);
    if (!(x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height && x1 < x2 && y1 < y2)) {
      fail(
        `box ${i} must lie inside ${width} x ${height} with x1 < x2 and y1 < y2`,
        `[${x1}, ${y1}, ${x2}, ${y2}]`,
      );
    }
    const label = entityLabels[i];
    if (!(label >= 0 && label < numClasses)) {
      fail(`label of entity ${i} must be in [0, ${numClasses})`, label);
    }
  }
  checkRows("relation", relations, n, vocabulary, fail);
}

/** Checks rows of subject, object and predicate. */
function checkRows(
  name: "relation" | "negative",
  rows: Int32Array,
  n: number,
  vocabulary: Vocabulary,
  fail: Fail,
): void {
  if (rows.length % 3 !== 0) {
    fail(`${name}s must be rows of 3 numbers`, `${rows.length} numbers`);
  }
  const inside = (i: number) => i >= 0 && i < n;
  for (let r = 0; r < rows.length; r += 3) {
    const [subject, object, predicate] = rows.subarray(r, r + 3);
    if (!inside(subject) || !inside(object) || subject === object) {
      fail(
        `${name} ${r / 3} must join two different entities in [0, ${n})`,
        `${subject} and ${object}`,
      );
    }
    if (!(predicate >= 0 && predicate < vocabulary.noRelation)) {
      fail(
        `predicate of ${name} ${r / 3} must be in [0, ${vocabulary.noRelation})`,
        predicate,
      );
    }
  }
}
