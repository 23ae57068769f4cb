/**
 * Reads what a Faster R-CNN found in the images of `vg5k`.
 *
 * `det_res.pkl` is a pickled dict of three lists, `boxes` (int64 `[n, 4]`, x1, y1, x2, y2 in
 * pixels), `cls` (int64 `[n, 1]`, raw classes from 0) and `confs` (float64 `[n, 1]`), with
 * one entry for each image, at most 7 boxes each. It does not name the images. They are
 * those of the annotation file in its order, without the images that have no annotations
 * and without four more, which {@linkcode WITHOUT_DETECTIONS} lists. This was found by
 * matching boxes and labels: 17,516 of the 50,155 annotated boxes have a detection with an
 * intersection over union of a half or more. If one list is left out or put in, a seventh
 * of that remains.
 *
 * @module
 */

import { NumpyArray, unpickle } from "../../io/pickle/pickle.ts";
import type { AnnotatedImage } from "../../example.ts";
import { type BoxDetections, selectDetections } from "./box_detections.ts";

/** Ids of the four images with annotations that the detector has not seen. */
const WITHOUT_DETECTIONS: readonly string[] = [
  "2337869",
  "285840",
  "2386656",
  "2387801",
];

/**
 * Reads the detections.
 *
 * @param file `det_res.pkl`.
 * @param classes For each raw class, its index in the vocabulary; detections of a class
 * below 0 are left out, and so are boxes without an area.
 * @returns One entry for each list in the file.
 * @throws {SyntaxError} If the file is damaged or does not have the form above.
 * @throws {RangeError} If a class or a confidence is out of range.
 */
export function readVg5kDetections(
  file: { name: string; bytes: Uint8Array },
  classes: readonly number[],
): BoxDetections[] {
  const value = unpickle(file.bytes, file.name);
  const list = (key: string): unknown[] => {
    const found = value instanceof Map ? value.get(key) : undefined;
    if (Array.isArray(found)) return found;
    throw new SyntaxError(`Cannot read "${file.name}": it must have a list "${key}"`);
  };
  const boxes = list("boxes"), labels = list("cls"), scores = list("confs");
  if (boxes.length !== labels.length || boxes.length !== scores.length) {
    throw new SyntaxError(
      `Cannot read "${file.name}": its lists must be equally long: found ${boxes.length} of boxes, ${labels.length} of classes and ${scores.length} of confidences`,
    );
  }
  return boxes.map((_, i) => {
    const where = `"${file.name}": image ${i}`;
    const found = {
      boxes: numbersOf(boxes[i], 4, where),
      classes: numbersOf(labels[i], 1, where),
      scores: numbersOf(scores[i], 1, where),
    };
    return selectDetections(found, classes, where);
  });
}

/** The numbers of an array of `width` columns. */
function numbersOf(value: unknown, width: number, where: string): number[] {
  const isSound = value instanceof NumpyArray && value.shape.length === 2 &&
    value.shape[1] === width && /^(int|float)/.test(value.dtype);
  if (isSound) return Array.from(value.data as ArrayLike<number | bigint>, Number);
  const found = value instanceof NumpyArray
    ? `${value.dtype}[${value.shape}]`
    : "no array";
  throw new SyntaxError(
    `Cannot read ${where} must have arrays of numbers in ${width} columns: found ${found}`,
  );
}

/**
 * Gives each image its detections.
 *
 * @param images The images in the order of the annotation file, `undefined` for those
 * without annotations.
 * @param detections The lists of `det_res.pkl`.
 * @returns Detections by the id of the image.
 * @throws {RangeError} If there are more or fewer lists than images.
 */
export function alignVg5kDetections(
  images: readonly (Pick<AnnotatedImage, "id"> | undefined)[],
  detections: readonly BoxDetections[],
): Map<string, BoxDetections> {
  const ids = images.flatMap((image) => image?.id ?? [])
    .filter((id) => !WITHOUT_DETECTIONS.includes(id));
  if (ids.length !== detections.length) {
    throw new RangeError(
      `Cannot align detections with images as there must be a list for each of ${ids.length} images: found ${detections.length}`,
    );
  }
  return new Map(ids.map((id, i) => [id, detections[i]]));
}
