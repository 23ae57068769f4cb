/**
 * Images whose entities are a detector's boxes, for SGDet.
 *
 * @module
 */

import { type BoxDetections, LEAST_OVERLAP } from "../dataset/formats/box_detections.ts";
import type { AnnotatedImage } from "../example.ts";
import { cutBox } from "../foreign/cut_box.ts";
import { intersectionOverUnion } from "../overlap.ts";

/**
 * Makes the detections the entities of an image. Each takes over the class and the
 * relations of the annotated box that it overlaps most, by a half or more; a detection
 * without such a box keeps the detector's class and has no relations. Two detections of one
 * box have the relations of this box twice over, but none with one another.
 *
 * @param image The annotated image.
 * @param detections The detections; boxes that stick out are cut to the image.
 * @returns The image of the detections, with what was annotated as `annotated`.
 */
export function withDetectedBoxes(
  image: AnnotatedImage,
  detections: BoxDetections,
): AnnotatedImage {
  const { entityLabels, relations } = image;
  const n = detections.classes.length;
  const corners = (d: number) =>
    detections.boxes.subarray(4 * d, 4 * d + 4) as unknown as Parameters<
      typeof cutBox
    >[0];
  const boxes = Float32Array.from(
    Array.from({ length: n }, (_, d) => cutBox(corners(d), image).box).flat(),
  );
  const matches = Array.from({ length: n }, (_, d) => mostOverlapping(boxes, d, image));
  const rows: number[] = [];
  for (let r = 0; r < relations.length; r += 3) {
    const [subject, object, predicate] = relations.subarray(r, r + 3);
    matches.forEach((from, i) => {
      if (from !== subject) return;
      matches.forEach((to, j) => {
        if (to === object) rows.push(i, j, predicate);
      });
    });
  }
  return {
    ...image,
    boxes,
    entityLabels: detections.classes.map((label, d) =>
      matches[d] < 0 ? label : entityLabels[matches[d]]
    ),
    relations: Int32Array.from(rows),
    annotated: { boxes: image.boxes, entityLabels, relations },
  };
}

/** The annotated box that a detection overlaps most; -1 if by less than a half. */
function mostOverlapping(
  boxes: Float32Array,
  d: number,
  image: AnnotatedImage,
): number {
  let best = -1, greatest = LEAST_OVERLAP;
  for (let i = 0; i < image.entityLabels.length; i++) {
    const overlap = intersectionOverUnion(boxes, d, image.boxes, i);
    if (overlap < greatest || (overlap === greatest && best >= 0)) continue;
    best = i;
    greatest = overlap;
  }
  return best;
}
