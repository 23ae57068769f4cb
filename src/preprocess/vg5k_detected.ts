/**
 * `vg5k` as a Faster R-CNN sees it, with its classes and confidences as logits.
 *
 * @module
 */

import type { BoxDetections } from "../dataset/formats/box_detections.ts";
import { type SplitName, SPLITS } from "../dataset/manifest.ts";
import type { AnnotatedImage } from "../example.ts";
import { Random, seedFrom } from "../random.ts";
import { withDetectedBoxes } from "./detected_nodes.ts";
import type { ImageOfSplit } from "./example_of.ts";
import { withEntities } from "./image_forms.ts";
import { crossMeasure, detectedBy, type MeasuredDetector } from "./measured_detector.ts";
import type { Detected, DrawnDetections } from "./simulated_detections.ts";

/** Number of parts of the training images; the beliefs of each are measured on the others. */
const PARTS = 5;

/** Which boxes become entities. */
export const VG5K_NODES = ["found", "annotated", "detections"] as const;

/** Which boxes become entities. */
export type Vg5kNodes = typeof VG5K_NODES[number];

/** Settings of {@linkcode detectedImages}. */
export interface DetectedOptions {
  /** C, number of classes. */
  numClasses: number;
  /**
   * `"found"`: the annotated boxes that the detector found; `"annotated"`: all annotated
   * boxes; `"detections"`: as `"annotated"`, but in test images the detector's own boxes,
   * beside which the image keeps what was annotated. Default `"found"`.
   */
  nodes?: Vg5kNodes;
  /**
   * Forms of each training image: the first has the real detections, the others simulated
   * ones. Default 1.
   */
  versions?: number;
  /** Seed of what is simulated; default 0. */
  seed?: number;
}

/** An image with beliefs. */
export interface DetectedImage extends ImageOfSplit {
  /** `[N, C]`: logarithms of the beliefs. */
  entityLogits: Float32Array;
  /** The image with all its annotated boxes. */
  whole: AnnotatedImage;
}

/** Counts of one split, of real detections. */
export interface DetectedCounts {
  /** Images without an entity; they are left out. */
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
  detector: MeasuredDetector;
}

/**
 * Makes entity logits of detections. The detector is measured on training images only;
 * those of each of five parts get the beliefs measured on the other four.
 *
 * @param images The annotated images.
 * @param detections Detections by the id of the image.
 * @param options Classes, entities, simulated forms.
 * @returns The images with an entity. Ids of simulated forms end in `~1`, `~2`, ...
 * @throws {RangeError} If too few training images have a detected box.
 */
export function detectedImages(
  images: Readonly<Record<SplitName, readonly AnnotatedImage[]>>,
  detections: ReadonlyMap<string, BoxDetections>,
  { numClasses, nodes = "found", versions = 1, seed = 0 }: DetectedOptions,
): Vg5kDetected {
  const bySplit = <T>(make: (split: SplitName) => T) =>
    Object.fromEntries(SPLITS.map((split) => [split, make(split)])) as Record<
      SplitName,
      T
    >;
  const seen = bySplit((split) =>
    images[split].map((whole) => ({ whole, ...seenBy(whole, detections) }))
  );
  const { all, without } = crossMeasure(
    seen.train.map(({ boxes }) => boxes),
    images.train.map(({ id }) => seedFrom("part of vg5k", id) % PARTS),
    numClasses,
  );
  const entitiesOf = (
    id: string,
    whole: AnnotatedImage,
    drawn: DrawnDetections,
    detector: MeasuredDetector,
  ): DetectedImage => {
    const kept = [...whole.entityLabels.keys()]
      .filter((i) => nodes !== "found" || drawn.detected[i] >= 0);
    const entityLogits = detector.logitsOf({
      detected: Int32Array.from(kept, (i) => drawn.detected[i]),
      scores: Float32Array.from(kept, (i) => drawn.scores[i]),
    });
    return { ...withEntities(whole, kept), id, entityLogits, whole };
  };
  const real = (split: SplitName) =>
    seen[split].map(({ whole, boxes, found }, i): DetectedImage => {
      const detector = split === "train" ? without(i) : all;
      if (nodes !== "detections" || split !== "test") {
        return entitiesOf(whole.id, whole, boxes, detector);
      }
      const entityLogits = detector.logitsOf({ ...found, detected: found.classes });
      return { ...withDetectedBoxes(whole, found), entityLogits, whole };
    });
  const simulated = Array.from({ length: versions - 1 }, (_, k) => k + 1)
    .flatMap((version) =>
      images.train.map((whole, i) => {
        const random = new Random(seed, "detections", whole.id, version);
        const detector = without(i);
        return entitiesOf(
          `${whole.id}~${version}`,
          whole,
          detector.draw(whole, random),
          detector,
        );
      })
    );
  const every = bySplit((split) =>
    split === "train" ? [...real(split), ...simulated] : real(split)
  );
  const isUsed = ({ entityLabels, annotated }: DetectedImage) =>
    entityLabels.length > 0 || annotated !== undefined;
  return {
    images: bySplit((split) => every[split].filter(isUsed)),
    counts: bySplit((split) => ({
      imagesLeftOut: every[split].slice(0, images[split].length)
        .filter((image) => !isUsed(image)).length,
      ...countBoxes(seen[split].map(({ boxes }) => boxes)),
    })),
    detector: all,
  };
}

function seenBy(whole: AnnotatedImage, detections: ReadonlyMap<string, BoxDetections>) {
  const found = detections.get(whole.id);
  return { boxes: detectedBy(whole, found), found: found ?? NOTHING };
}

/** The detections of an image that the detector has not looked at. */
const NOTHING: BoxDetections = {
  boxes: new Float32Array(),
  classes: new Int32Array(),
  scores: new Float32Array(),
};

function countBoxes(
  images: readonly Detected[],
): Omit<DetectedCounts, "imagesLeftOut"> {
  const counts = { annotated: 0, found: 0, right: 0 };
  for (const { detected, entityLabels } of images) {
    counts.annotated += detected.length;
    counts.found += detected.filter((label) => label >= 0).length;
    counts.right += detected.filter((label, i) => label === entityLabels[i]).length;
  }
  return counts;
}
