/**
 * Simulates a detector that gives each box one class and one confidence, on annotated boxes
 * that it has not seen. All statistics are measured on boxes that it has seen:
 *
 * - whether a box is found, given its class and size: a logistic curve of the size with an
 *   offset for each class (`detector_doubt.ts`);
 * - whether the label of a found box is right, given class and size: another such curve;
 * - a wrong label, given the class: smoothed counts of confusions;
 * - the confidence: that of a real detection whose label is the same and as right;
 * - detections that two boxes share: a box that overlaps one that is found takes its
 *   detection as often as in the measured images.
 *
 * @module
 */

import { intersectionOverUnion } from "../overlap.ts";
import type { Random } from "../random.ts";
import {
  chanceOfRight,
  type DetectedLabels,
  type DetectorDoubt,
  fitDetectorDoubt,
} from "./detector_doubt.ts";

/** Boxes that overlap by this much may share a detection. */
const SHARED_OVERLAP = 0.4;
/** Weight of the confidences of all classes, as a number of detections of one class. */
const POOLED_COUNT = 10;

/** The annotated boxes of one image. */
export interface SeenBoxes {
  /** `[N, 4]`: left, top, right, bottom in pixels. */
  boxes: Float32Array;
  /** `[N]`: the true classes. */
  entityLabels: Int32Array;
  /** Width of the image in pixels. */
  width: number;
  /** Height of the image in pixels. */
  height: number;
}

/** The annotated boxes of one image and what the detector says of them. */
export interface Detected extends SeenBoxes {
  /** `[N]`: index of each box's detection, -1 if it was missed; boxes may share one. */
  detections: Int32Array;
  /** `[N]`: the detector's class, -1 if it was missed. */
  detected: Int32Array;
  /** `[N]`: its confidence, 0 if it was missed. */
  scores: Float32Array;
}

/** What {@linkcode DetectionSimulator.draw} makes of the N boxes of an image. */
export type DrawnDetections = Pick<Detected, "detected" | "scores">;

/** Draws detections of annotated boxes. */
export class DetectionSimulator {
  /** Probability that a box with a found neighbour takes its detection. */
  readonly sharing: number;
  readonly #found: DetectorDoubt;
  readonly #label: DetectorDoubt;
  /** `[C, 2]`: confidences of detections of each class, wrong ones first; then of all. */
  readonly #scores: readonly (readonly number[])[];

  /**
   * @param images Images that the detector has seen.
   * @param numClasses C, 2 or more.
   * @throws {RangeError} If no box was found, or there are fewer than two classes.
   */
  constructor(images: readonly Detected[], numClasses: number) {
    const scores: number[][] = Array.from({ length: 2 * numClasses + 2 }, () => []);
    // Of a box: its class, its size and whether it was found; of a found one: its label.
    const boxes: [number, number, number][] = [], labels: [number, number, number][] = [];
    let shared = 0, tried = 0;
    for (const image of images) {
      const { detected, entityLabels, detections } = image;
      const owners: number[] = [], sizes = sizesOf(image);
      for (const i of ownersFirst(image)) {
        const truth = entityLabels[i];
        if (detected[i] >= 0) {
          const isRight = Number(detected[i] === truth);
          scores[2 * detected[i] + isRight].push(image.scores[i]);
          scores[2 * numClasses + isRight].push(image.scores[i]);
        }
        const neighbours = owners.filter((j) => mayShare(image, i, j));
        if (neighbours.length > 0) tried++;
        if (neighbours.some((j) => detections[j] === detections[i])) {
          shared++;
          continue;
        }
        boxes.push([truth, sizes[i], detected[i] >= 0 ? truth : otherThan(truth)]);
        if (detected[i] < 0) continue;
        owners.push(i);
        labels.push([truth, sizes[i], detected[i]]);
      }
    }
    this.sharing = tried === 0 ? 0 : shared / tried;
    // In both the true class stands where a detector's label does, and the size for its
    // confidence.
    this.#found = fitDetectorDoubt(columns(boxes), numClasses);
    this.#label = fitDetectorDoubt(columns(labels), numClasses);
    this.#scores = scores;
  }

  /**
   * Draws the detections of an image's boxes.
   *
   * @param image The annotated boxes.
   * @param random Decides.
   * @returns Classes, -1 for boxes that are missed, and confidences.
   */
  draw(image: SeenBoxes, random: Random): DrawnDetections {
    const { entityLabels } = image, n = entityLabels.length;
    const detected = new Int32Array(n).fill(-1), scores = new Float32Array(n);
    const sizes = sizesOf(image);
    const order = Int32Array.from({ length: n }, (_, i) => i);
    random.shuffle(order);
    const owners: number[] = [];
    for (const i of order) {
      const neighbours = owners.filter((j) => mayShare(image, i, j));
      if (neighbours.length > 0 && random.chance(this.sharing)) {
        const from = neighbours[random.below(neighbours.length)];
        detected[i] = detected[from];
        scores[i] = scores[from];
        continue;
      }
      const truth = entityLabels[i];
      if (!random.chance(chanceOfRight(this.#found, truth, sizes[i]))) continue;
      owners.push(i);
      const { numClasses, confusions } = this.#label;
      const isRight = random.chance(chanceOfRight(this.#label, truth, sizes[i]));
      detected[i] = isRight ? truth : random.weighted(
        confusions.subarray(truth * numClasses, (truth + 1) * numClasses),
      );
      scores[i] = this.#score(detected[i], isRight, random);
    }
    return { detected, scores };
  }

  #score(label: number, isRight: boolean, random: Random): number {
    const own = this.#scores[2 * label + Number(isRight)];
    const all = this.#scores[2 * this.#label.numClasses + Number(isRight)];
    const isOwn = random.chance(own.length / (own.length + POOLED_COUNT));
    const pool = isOwn || all.length === 0 ? own : all;
    return pool.length === 0 ? 0.5 : pool[random.below(pool.length)];
  }
}

/** Whether two boxes of an image overlap by enough to share a detection. */
function mayShare({ boxes }: SeenBoxes, i: number, j: number): boolean {
  return intersectionOverUnion(boxes, i, boxes, j) >= SHARED_OVERLAP;
}

/** Any class but this one. */
function otherThan(label: number): number {
  return label === 0 ? 1 : 0;
}

/** Square roots of the boxes' shares of the image: logistic curves take them as inputs. */
function sizesOf({ boxes, width, height }: SeenBoxes): Float64Array {
  return Float64Array.from({ length: boxes.length / 4 }, (_, i) => {
    const [left, top, right, bottom] = boxes.subarray(4 * i, 4 * i + 4);
    return Math.sqrt((right - left) * (bottom - top) / (width * height));
  });
}

/** Indices of the boxes; of those that share a detection, first the one of its class. */
function ownersFirst({ entityLabels, detected }: Detected): number[] {
  const isRight = (i: number) => Number(detected[i] === entityLabels[i]);
  return [...entityLabels.keys()].sort((i, j) => isRight(j) - isRight(i));
}

function columns(rows: readonly [number, number, number][]): DetectedLabels {
  return {
    detected: Int32Array.from(rows, ([label]) => label),
    scores: Float32Array.from(rows, ([, input]) => input),
    truths: Int32Array.from(rows, ([, , outcome]) => outcome),
  };
}
