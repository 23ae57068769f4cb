/**
 * VRD as the publishers' R-CNN sees it. Its detections are known of the test images only,
 * so these are divided into halves: one is scored, the other tells how the detector errs.
 * Training and validation images get simulated detections that err alike.
 *
 * @module
 */

import type { BoxDetections } from "../dataset/formats/box_detections.ts";
import type { AnnotatedImage } from "../example.ts";
import { Random, seedFrom } from "../random.ts";
import { withDetectedBoxes } from "./detected_nodes.ts";
import type { ImageOfSplit } from "./example_of.ts";
import { detectedBy, MeasuredDetector } from "./measured_detector.ts";
import type { SplitImages } from "./preprocess.ts";
import type { Detected, DrawnDetections } from "./simulated_detections.ts";

/** Number of halves of the test images. */
const HALVES = 2;

/** Settings of {@linkcode vrdDetectedImages}. */
export interface VrdDetectedOptions {
  /** C, number of classes. */
  numClasses: number;
  /** The half of the test images that is scored, 0 or 1. */
  half: number;
  /** Times that each training image is drawn. */
  versions: number;
  /** Seed of everything drawn. */
  seed: number;
  /**
   * Entities of the test images: `"annotated"`, the annotated boxes; `"detections"`, the
   * detector's own, beside which the image keeps what was annotated. Default `"annotated"`.
   */
  nodes?: VrdNodes;
}

/** Entities of the test images. */
export const VRD_NODES = ["annotated", "detections"] as const;

/** Entities of the test images. */
export type VrdNodes = typeof VRD_NODES[number];

/** Counts of the boxes of some images. */
export interface BoxCounts {
  images: number;
  boxes: number;
  /** Boxes that have a detection. */
  found: number;
  /** Boxes whose detection has the right class. */
  right: number;
}

/** All images, with entity logits. */
export interface VrdDetected {
  images: SplitImages;
  /** The half that was measured, the half that is scored, and the training images as drawn. */
  counts: { measured: BoxCounts; scored: BoxCounts; drawn: BoxCounts };
  /** Share of the boxes beside a found one that take its detection. */
  sharing: number;
}

/**
 * Gives every annotated box beliefs about its class. A box with a detection (the most
 * confident of those that overlap it by a half or more) gets the detected class with the
 * calibrated confidence, and the other classes by the confusions of the detected one; a box
 * without a detection gets the classes of such boxes.
 *
 * @param images The annotated images of each split.
 * @param detections Real detections of the test images, by id.
 * @param options Half, versions, seed.
 * @returns One half of the test images with real detections, the other images with
 * simulated ones. Ids of further versions of a training image end in `~1`, `~2`, ...
 * @throws {RangeError} If a test image has no entry among the detections, or none of the
 * measured boxes was found.
 */
export function vrdDetectedImages(
  images: Readonly<Record<"train" | "validation" | "test", readonly AnnotatedImage[]>>,
  detections: ReadonlyMap<string, BoxDetections>,
  { numClasses, half, versions, seed, nodes = "annotated" }: VrdDetectedOptions,
): VrdDetected {
  const seen = images.test.map((image) => ({ image, ...detectedOf(image, detections) }));
  const scored = seen.filter(({ image }) => halfOf(image.id) === half);
  const measured = seen.filter(({ image }) => halfOf(image.id) !== half);
  const detector = new MeasuredDetector(measured, numClasses);
  const draw = (whole: AnnotatedImage, id: string) => {
    const drawn = detector.draw(whole, new Random(seed, "detections", half, id));
    const image: ImageOfSplit = { ...whole, id, whole };
    return { ...drawn, image: { ...image, entityLogits: detector.logitsOf(drawn) } };
  };
  const train = Array.from({ length: versions }, (_, version) => version)
    .flatMap((version) =>
      images.train.map((whole) =>
        draw(whole, version === 0 ? whole.id : `${whole.id}~${version}`)
      )
    );
  return {
    images: {
      train: train.map(({ image }) => image),
      validation: images.validation.map((whole) => draw(whole, whole.id).image),
      test: scored.map(({ image, ...of }) => {
        if (nodes === "annotated") {
          return { ...image, entityLogits: detector.logitsOf(of) };
        }
        const found = detections.get(image.id)!;
        const entityLogits = detector.logitsOf({ ...found, detected: found.classes });
        return { ...withDetectedBoxes(image, found), entityLogits };
      }),
    },
    counts: {
      measured: countBoxes(measured),
      scored: countBoxes(scored),
      drawn: countBoxes(train),
    },
    sharing: detector.sharing,
  };
}

/** The half that a test image belongs to, by its name: 0 or 1. */
export function halfOf(id: string): number {
  return seedFrom("half of vrd", id) % HALVES;
}

function detectedOf(
  image: AnnotatedImage,
  all: ReadonlyMap<string, BoxDetections>,
): Detected {
  const found = all.get(image.id);
  if (found) return detectedBy(image, found);
  throw new RangeError(
    `Cannot use the detections of "vrd" as there must be an entry for each test image: found none for "${image.id}"`,
  );
}

function countBoxes(
  images: readonly (DrawnDetections & { image: AnnotatedImage })[],
): BoxCounts {
  const count = (isCounted: (label: number, truth: number) => boolean) =>
    images.reduce(
      (sum, { detected, image }) =>
        sum + detected.reduce((number, label, i) =>
          number + Number(isCounted(label, image.entityLabels[i])), 0),
      0,
    );
  return {
    images: images.length,
    boxes: count(() => true),
    found: count((label) => label >= 0),
    right: count((label, truth) => label === truth),
  };
}
