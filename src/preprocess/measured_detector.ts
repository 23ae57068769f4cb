/**
 * A detector as measured on images whose classes are known: what to believe of its boxes,
 * and simulated detections that err alike.
 *
 * @module
 */

import {
  type BoxDetections,
  detectedEntities,
} from "../dataset/formats/box_detections.ts";
import type { AnnotatedImage } from "../example.ts";
import type { Random } from "../random.ts";
import {
  beliefsOfDetections,
  type DetectorDoubt,
  fitDetectorDoubt,
  joinDetectedLabels,
} from "./detector_doubt.ts";
import { beliefsOfMissed } from "./missed_boxes.ts";
import {
  type Detected,
  DetectionSimulator,
  type DrawnDetections,
  type SeenBoxes,
} from "./simulated_detections.ts";

/** Default number of forms of each training image, each with other detections. */
export const DETECTED_VERSIONS = 4;

/**
 * Gives each annotated box the most confident detection that overlaps it by a half or more.
 *
 * @param image The annotated image.
 * @param found Its detections; none if it was not looked at.
 * @returns What the detector says of the annotated boxes.
 */
export function detectedBy(
  image: AnnotatedImage,
  found: BoxDetections | undefined,
): Detected {
  const detections = found
    ? detectedEntities(image.boxes, found)
    : new Int32Array(image.entityLabels.length).fill(-1);
  return {
    ...image,
    detections,
    detected: detections.map((d) => d < 0 ? -1 : found!.classes[d]),
    scores: Float32Array.from(detections, (d) => d < 0 ? 0 : found!.scores[d]),
  };
}

/** A detector, measured. */
export class MeasuredDetector {
  /** Calibration and confusions of its labels. */
  readonly doubt: DetectorDoubt;
  readonly #missed: Float32Array;
  readonly #images: readonly Detected[];
  #simulator?: DetectionSimulator;

  /**
   * @param images Annotated boxes and what the detector says of them.
   * @param numClasses C, 2 or more.
   * @throws {RangeError} If no box was found, or there are fewer than two classes.
   */
  constructor(images: readonly Detected[], numClasses: number) {
    const found = images.map(({ detected, scores, entityLabels }) => {
      const kept = (_: number, i: number) => detected[i] >= 0;
      return {
        detected: detected.filter(kept),
        scores: scores.filter(kept),
        truths: entityLabels.filter(kept),
      };
    });
    this.doubt = fitDetectorDoubt(joinDetectedLabels(found), numClasses);
    const missed = images.flatMap(({ detected, entityLabels }) => [
      ...entityLabels.filter((_, i) => detected[i] < 0),
    ]);
    const all = images.flatMap(({ entityLabels }) => [...entityLabels]);
    this.#missed = beliefsOfMissed(missed, all, numClasses);
    this.#images = images;
  }

  /** Probability that a box with a found neighbour takes its detection. */
  get sharing(): number {
    return this.#simulated().sharing;
  }

  /**
   * What to believe of boxes. A found one has the detected class with the calibrated
   * confidence, and the other classes by the confusions of the detected one; a missed one
   * has the classes of such boxes.
   *
   * @param drawn What the detector says of N boxes.
   * @returns `[N, C]`: logarithms of the probabilities.
   */
  logitsOf({ detected, scores }: DrawnDetections): Float32Array {
    const c = this.#missed.length;
    const beliefs = new Float32Array(detected.length * c);
    detected.forEach((label, i) => {
      const one = { detected: Int32Array.of(label), scores: scores.subarray(i, i + 1) };
      beliefs.set(
        label < 0 ? this.#missed : beliefsOfDetections(this.doubt, one),
        i * c,
      );
    });
    return beliefs.map(Math.log);
  }

  /** Simulates what the detector would say of an image's boxes. */
  draw(image: SeenBoxes, random: Random): DrawnDetections {
    return this.#simulated().draw(image, random);
  }

  /** Measured when it is first needed: real detections alone need no simulation. */
  #simulated(): DetectionSimulator {
    return this.#simulator ??= new DetectionSimulator(
      this.#images,
      this.doubt.numClasses,
    );
  }
}

/** Several measurements of a detector, each without a part of the images. */
export interface CrossMeasured {
  /** Measured on all images; for other images than these. */
  all: MeasuredDetector;
  /** Measured without image i and those of its part. */
  without: (i: number) => MeasuredDetector;
}

/**
 * Measures a detector on all images, and once more without each of several parts, so that
 * no image's beliefs come from its own labels.
 *
 * @param images Annotated boxes and what the detector says of them.
 * @param partOf `[images]`: the part of each image, from 0.
 * @param numClasses C.
 * @returns The measurements.
 * @throws {RangeError} If no box was found without one of the parts.
 */
export function crossMeasure(
  images: readonly Detected[],
  partOf: readonly number[],
  numClasses: number,
): CrossMeasured {
  const parts = [...new Set(partOf)];
  const outOfPart = new Map(
    parts.map((part) => {
      const others = images.filter((_, i) => partOf[i] !== part);
      return [part, new MeasuredDetector(others, numClasses)];
    }),
  );
  return {
    all: new MeasuredDetector(images, numClasses),
    without: (i) => outOfPart.get(partOf[i])!,
  };
}
