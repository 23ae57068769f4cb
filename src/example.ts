/**
 * One image as typed arrays: what an annotator said of it and what a label predictor
 * believes.
 *
 * @module
 */

import type { Vocabulary } from "./vocabulary.ts";

/** What annotators said of one image: N boxes, their labels and R relations. */
export interface AnnotatedImage {
  /** Name of the image, not empty, unique in its dataset. */
  id: string;
  /** Width in pixels. */
  width: number;
  /** Height in pixels. */
  height: number;
  /** `[N, 4]`: left, top, right, bottom in pixels. */
  boxes: Float32Array;
  /** `[N]`: index of each entity's class. */
  entityLabels: Int32Array;
  /**
   * `[R, 3]`: subject, object, predicate. A pair may have several predicates, and a row
   * may be repeated; both are kept as annotated.
   */
  relations: Int32Array;
}

/** What a label predictor or a model says of the N boxes of one image. */
export interface Logits {
  /** `[N, C]`: before the softmax. */
  entityLogits: Float32Array;
  /**
   * `[N, N, P]`, subject first: before the softmax; the last of the P classes is "no
   * relation". The diagonal means nothing.
   */
  relationLogits: Float32Array;
}

/** An annotated image with the logits of a label predictor. */
export interface Example extends AnnotatedImage, Logits {}

/** Number of entities, N. */
export function numEntities(image: Pick<AnnotatedImage, "entityLabels">): number {
  return image.entityLabels.length;
}

/**
 * Checks everything that an example promises.
 *
 * @param example The example to check.
 * @param vocabulary Gives the number of classes.
 * @throws {RangeError} Names the image, what must hold and what was found: counts,
 * finite numbers, boxes inside the image with an area, labels in the vocabulary.
 */
export function checkExample(
  example: AnnotatedImage & Partial<Logits>,
  vocabulary: Vocabulary,
): void {
  const fail = (what: string, found: unknown) => {
    throw new RangeError(`Cannot use image "${example.id}" as ${what}: found ${found}`);
  };
  const { width, height, boxes, entityLabels, relations } = example;
  const n = entityLabels.length;
  const numClasses = vocabulary.numEntityClasses;
  if (example.id === "" || !example.id.isWellFormed()) {
    fail("an id must be well-formed text that is not empty", JSON.stringify(example.id));
  }
  if (!(width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height))) {
    fail("its width and height must be above 0", `${width} x ${height}`);
  }
  if (boxes.length !== 4 * n) {
    fail(`${n} entities need ${4 * n} box numbers`, boxes.length);
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
  if (relations.length % 3 !== 0) {
    fail("relations must be rows of 3 numbers", `${relations.length} numbers`);
  }
  for (let r = 0; r < relations.length; r += 3) {
    const [subject, object, predicate] = relations.subarray(r, r + 3);
    const inside = (i: number) => i >= 0 && i < n;
    if (!inside(subject) || !inside(object) || subject === object) {
      fail(
        `relation ${r / 3} must join two different entities in [0, ${n})`,
        `${subject} and ${object}`,
      );
    }
    if (!(predicate >= 0 && predicate < vocabulary.noRelation)) {
      fail(
        `predicate of relation ${r / 3} must be in [0, ${vocabulary.noRelation})`,
        predicate,
      );
    }
  }
  checkLogits("entityLogits", example.entityLogits, n * numClasses);
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
