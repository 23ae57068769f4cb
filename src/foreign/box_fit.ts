/**
 * Notices predicted boxes that are not in pixels of their image: fractions of it, or pixels
 * of a resized image.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import {
  BoxCauses,
  type BoxCausesState,
  FRACTIONS,
  resolutionText,
} from "./box_forms.ts";

/** Boxes `[N, 4]` in pixels and classes `[N]` of the entities of one image. */
interface Labelled {
  boxes: ArrayLike<number>;
  labels: ArrayLike<number>;
}

/** Boxes may stick out of their image by this share of its side, and by two pixels. */
const SLACK = 0.01, PIXELS = 2;
/** If more boxes than this share stick out, the boxes are of another image size. */
const OUTSIDE = 0.05;
/** From this many pairs of boxes on, a common scale of boxes is no coincidence. */
const MANY = 6;
/** Scales within this factor of each other are equal; the middle half must be. */
const NEAR = 1.1;
/** Scales are counted in steps of a thousandth. */
const STEPS = 1000;

/** Counts of scales, which are ratios of a predicted coordinate to the true one. */
type Scales = Map<number, number>;

/** The images that are large enough to tell pixels from fractions. */
const isLarge = ({ width, height }: AnnotatedImage) => Math.min(width, height) > PIXELS;

/** What {@linkcode BoxFit} has counted, as plain data. */
export interface BoxFitState {
  images: number;
  boxes: number;
  outside: number;
  largest: number;
  first: string;
  causes: BoxCausesState;
  x: [step: number, times: number][];
  y: [step: number, times: number][];
}

/** Compares predicted boxes with the sizes of images and with annotated boxes. */
export class BoxFit {
  #images = 0;
  #boxes = 0;
  #outside = 0;
  #largest = 0;
  #first = "";
  readonly #causes = new BoxCauses("corners");
  readonly #scales: { x: Scales; y: Scales } = { x: new Map(), y: new Map() };

  /**
   * Adds the boxes of one image. Scales come from classes that the image has once.
   *
   * @param truth The annotated image.
   * @param predicted The predicted boxes and labels.
   * @returns This.
   */
  add(truth: AnnotatedImage, predicted: Labelled): this {
    const { boxes } = predicted, numBoxes = boxes.length / 4;
    if (numBoxes === 0 || !isLarge(truth)) return this;
    if (this.#images++ === 0) this.#first = truth.id;
    this.#boxes += numBoxes;
    for (let i = 0; i < numBoxes; i++) {
      const x = boxes[4 * i + 2], y = boxes[4 * i + 3];
      const isOutside = x > truth.width * (1 + SLACK) + PIXELS ||
        y > truth.height * (1 + SLACK) + PIXELS;
      if (isOutside) {
        this.#outside++;
        this.#causes.add(Array.from({ length: 4 }, (_, k) => boxes[4 * i + k]), truth, 1);
      }
      this.#largest = Math.max(this.#largest, x, y);
    }
    const mine = once(predicted.labels), theirs = once(truth.entityLabels);
    for (const [label, i] of mine) {
      const j = theirs.get(label);
      if (j === undefined) continue;
      count(this.#scales.x, boxes[4 * i + 2] / truth.boxes[4 * j + 2]);
      count(this.#scales.y, boxes[4 * i + 3] / truth.boxes[4 * j + 3]);
    }
    return this;
  }

  /** The counts, for a file. */
  state(): BoxFitState {
    return {
      ...{ images: this.#images, boxes: this.#boxes, outside: this.#outside },
      ...{ largest: this.#largest, first: this.#first, causes: this.#causes.state() },
      ...{ x: [...this.#scales.x], y: [...this.#scales.y] },
    };
  }

  /** Adds the counts of {@linkcode state}. */
  addState(state: BoxFitState): void {
    const other = new BoxFit();
    other.#images = state.images;
    other.#boxes = state.boxes;
    other.#outside = state.outside;
    other.#largest = state.largest;
    other.#first = state.first;
    other.#causes.addState(state.causes);
    for (const axis of ["x", "y"] as const) other.#scales[axis] = new Map(state[axis]);
    this.merge(other);
  }

  /** Adds the counts of another one. */
  merge(other: BoxFit): void {
    if (this.#images === 0) this.#first = other.#first;
    this.#images += other.#images;
    this.#boxes += other.#boxes;
    this.#outside += other.#outside;
    this.#largest = Math.max(this.#largest, other.#largest);
    this.#causes.merge(other.#causes);
    for (const axis of ["x", "y"] as const) {
      for (const [step, times] of other.#scales[axis]) {
        const scales = this.#scales[axis];
        scales.set(step, (scales.get(step) ?? 0) + times);
      }
    }
  }

  /** What the boxes seem to be, if they do not fit, in the words of every reader. */
  guess(): string | undefined {
    if (this.#images === 0) return undefined;
    if (this.#largest <= 1 + SLACK) return FRACTIONS;
    const { x, y } = this.#scales;
    const isOther = [x, y].some((scales) => !isNear(quantile(scales, 0.5), 1));
    const isAgreed = [x, y].every((scales) =>
      sum(scales) >= MANY && isNear(quantile(scales, 0.25), quantile(scales, 0.75))
    );
    const areOutside = this.#outside > OUTSIDE * this.#boxes;
    if (!areOutside && !(isOther && isAgreed)) return undefined;
    const cause = isOther
      ? resolutionText(quantile(x, 0.5), quantile(y, 0.5))
      : this.#causes.guess();
    return `the likely cause: ${cause} (see --test-size and --box-scale for KaihuaTang's and neural-motifs' files)`;
  }

  /** The warning, if the boxes do not fit. */
  warning(): string | undefined {
    const guess = this.guess();
    return guess &&
      `Boxes do not fit their images (${this.#boxes} boxes of ${this.#images} images, first "${this.#first}"): ${guess}; they were scored as they are`;
  }
}

/** The classes that stand once in a list, with their place. */
function once(labels: ArrayLike<number>): Map<number, number> {
  const places = new Map<number, number>(), repeated = new Set<number>();
  for (let i = 0; i < labels.length; i++) {
    if (places.has(labels[i])) repeated.add(labels[i]);
    places.set(labels[i], i);
  }
  for (const label of repeated) places.delete(label);
  return places;
}

function count(scales: Scales, scale: number): void {
  if (!(scale > 0 && scale < Infinity)) return;
  const step = Math.round(STEPS * Math.log(scale));
  scales.set(step, (scales.get(step) ?? 0) + 1);
}

function sum(scales: Scales): number {
  return [...scales.values()].reduce((total, times) => total + times, 0);
}

/** The scale below which a share of all scales lies; 1 without any scale. */
function quantile(scales: Scales, share: number): number {
  let left = share * sum(scales);
  for (const [step, times] of [...scales].sort(([a], [b]) => a - b)) {
    left -= times;
    if (left <= 0) return Math.exp(step / STEPS);
  }
  return 1;
}

function isNear(a: number, b: number): boolean {
  return Math.max(a / b, b / a) <= NEAR;
}
