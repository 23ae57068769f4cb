/**
 * The detections of an image, and which of them are of its annotated boxes.
 *
 * @module
 */

import { intersectionOverUnion } from "../../overlap.ts";

/** A detection is of a box if their intersection over union is no less. */
export const LEAST_OVERLAP = 0.5;

/** The D detections of one image, a class and a confidence each. */
export interface BoxDetections {
  /** `[D, 4]`: left, top, right, bottom in pixels; they may stick out of the image. */
  boxes: Float32Array;
  /** `[D]`: indices of classes. */
  classes: Int32Array;
  /** `[D]`: confidences, 0 to 1. */
  scores: Float32Array;
}

/**
 * Finds the detection of each annotated box: the most confident one with an intersection
 * over union of {@linkcode LEAST_OVERLAP} or more. Two boxes may have the same.
 *
 * @param boxes `[N, 4]`: the annotated boxes, left, top, right, bottom.
 * @param detections The detections in the same image.
 * @returns `[N]`: index of each box's detection, -1 if it has none.
 */
export function detectedEntities(
  boxes: Float32Array,
  detections: Pick<BoxDetections, "boxes" | "scores">,
): Int32Array {
  return Int32Array.from({ length: boxes.length / 4 }, (_, i) => {
    let best = -1;
    detections.scores.forEach((score, d) => {
      if (best >= 0 && score <= detections.scores[best]) return;
      if (intersectionOverUnion(boxes, i, detections.boxes, d) >= LEAST_OVERLAP) best = d;
    });
    return best;
  });
}

/**
 * Checks the detections of an image, and leaves out those without an area or with a class
 * that is not wanted.
 *
 * @param found Boxes `[n, 4]`, classes and scores as they stand in a file.
 * @param classes For each class of the file its index in the vocabulary; -1: not wanted.
 * @param where The place, for errors.
 * @param first The least class of the file.
 * @throws {SyntaxError} If there are not as many boxes as classes and scores.
 * @throws {RangeError} If a class or a score is out of range.
 */
export function selectDetections(
  found: { boxes: number[]; classes: number[]; scores: number[] },
  classes: readonly number[],
  where: string,
  first = 0,
): BoxDetections {
  const n = found.classes.length;
  if (found.boxes.length !== 4 * n || found.scores.length !== n) {
    throw new SyntaxError(
      `Cannot read ${where} must have as many boxes as classes and confidences: found ${
        found.boxes.length / 4
      }, ${n} and ${found.scores.length}`,
    );
  }
  const kept: { boxes: number[]; classes: number[]; scores: number[] } = {
    boxes: [],
    classes: [],
    scores: [],
  };
  found.classes.forEach((raw, d) => {
    const score = found.scores[d];
    if (!(Number.isInteger(raw) && raw >= first && raw < classes.length)) {
      throw new RangeError(
        `Cannot use ${where}: a class must be in [${first}, ${classes.length}): found ${raw}`,
      );
    }
    if (!(score >= 0 && score <= 1)) {
      throw new RangeError(
        `Cannot use ${where}: a confidence must be in [0, 1]: found ${score}`,
      );
    }
    const [left, top, right, bottom] = found.boxes.slice(4 * d, 4 * d + 4);
    if (classes[raw] < 0 || !(left < right && top < bottom)) return;
    kept.boxes.push(left, top, right, bottom);
    kept.classes.push(classes[raw]);
    kept.scores.push(score);
  });
  return {
    boxes: Float32Array.from(kept.boxes),
    classes: Int32Array.from(kept.classes),
    scores: Float32Array.from(kept.scores),
  };
}
