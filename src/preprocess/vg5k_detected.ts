/**
 * `vg5k` as a Faster R-CNN sees it: the annotated boxes that it found, with its class and
 * confidence as logits.
 *
 * @module
 */

import {
  type BoxDetections,
  detectedEntities,
} from "../dataset/formats/box_detections.ts";
import { type SplitName, SPLITS } from "../dataset/manifest.ts";
import type { AnnotatedImage } from "../example.ts";
import { seedFrom } from "../random.ts";
import {
  beliefsOfDetections,
  crossFitDetectorDoubt,
  type DetectedLabels,
  type DetectorDoubt,
} from "./detector_doubt.ts";
import { withEntities } from "./image_forms.ts";

/** Number of parts of the training images; the beliefs of each are measured on the others. */
const PARTS = 5;

/** An image of the detected boxes. */
export interface DetectedImage extends AnnotatedImage {
  /** `[N, C]`: logarithms of the beliefs. */
  entityLogits: Float32Array;
  /** The image with all its annotated boxes. */
  whole: AnnotatedImage;
}

/** Counts of one split. */
export interface DetectedCounts {
  /** Images of which no box was found; they are left out. */
  imagesLeftOut: number;
  /** Annotated boxes, and how many of them were found. */
  annotated: number;
  found: number;
  /** Boxes that were found with the right class. */
  right: number;
}

/** All images of the detected boxes. */
export interface Vg5kDetected {
  images: Record<SplitName, DetectedImage[]>;
  counts: Record<SplitName, DetectedCounts>;
  /** The detector, as measured on all training images. */
  doubt: DetectorDoubt;
}

/**
 * Keeps the annotated boxes that were detected, with their relations, and makes entity
 * logits of the detections. The detector is measured on training images only; those of
 * each of five parts get the beliefs measured on the other four.
 *
 * @param images The annotated images.
 * @param detections Detections by the id of the image.
 * @param numClasses C.
 * @returns The images with a detected box.
 * @throws {RangeError} If too few training images have one.
 */
export function detectedImages(
  images: Readonly<Record<SplitName, readonly AnnotatedImage[]>>,
  detections: ReadonlyMap<string, BoxDetections>,
  numClasses: number,
): Vg5kDetected {
  const seen = (split: SplitName) =>
    images[split].map((image) => seenBy(image, detections.get(image.id)));
  const all = {
    train: seen("train"),
    validation: seen("validation"),
    test: seen("test"),
  };
  const used = (split: SplitName) =>
    all[split].filter(({ labels }) => labels.detected.length > 0);
  const training = used("train");
  const doubts = crossFitDetectorDoubt(
    training.map(({ labels }) => labels),
    training.map(({ image }) => seedFrom("part of vg5k", image.id) % PARTS),
    numClasses,
  );
  const made = (split: SplitName) =>
    used(split).map(({ image, whole, labels }, i): DetectedImage => {
      const doubt = split === "train" ? doubts.without(i) : doubts.all;
      const entityLogits = beliefsOfDetections(doubt, labels).map(Math.log);
      return { ...image, entityLogits, whole };
    });
  const counts = (split: SplitName): DetectedCounts => ({
    imagesLeftOut: images[split].length - used(split).length,
    annotated: total(images[split], ({ entityLabels }) => entityLabels.length),
    found: total(all[split], ({ labels }) => labels.detected.length),
    right: total(
      all[split],
      ({ labels: { detected, truths } }) =>
        detected.filter((label, i) => label === truths[i]).length,
    ),
  });
  const bySplit = <T>(make: (split: SplitName) => T) =>
    Object.fromEntries(SPLITS.map((split) => [split, make(split)])) as Record<
      SplitName,
      T
    >;
  return { images: bySplit(made), counts: bySplit(counts), doubt: doubts.all };
}

/** An image with the found boxes only, and their detections. */
interface Seen {
  image: AnnotatedImage;
  whole: AnnotatedImage;
  labels: DetectedLabels;
}

function seenBy(whole: AnnotatedImage, detections: BoxDetections | undefined): Seen {
  const { boxes, entityLabels } = whole;
  const detectionOf = detections
    ? detectedEntities(boxes, detections)
    : new Int32Array(entityLabels.length).fill(-1);
  const kept = [...entityLabels.keys()].filter((i) => detectionOf[i] >= 0);
  const image = withEntities(whole, kept);
  const labels = {
    detected: Int32Array.from(kept, (i) => detections!.classes[detectionOf[i]]),
    scores: Float32Array.from(kept, (i) => detections!.scores[detectionOf[i]]),
    truths: image.entityLabels,
  };
  return { image, whole, labels };
}

function total<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}
