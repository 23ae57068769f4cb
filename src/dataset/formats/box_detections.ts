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
