/**
 * Gathers the detections of one image, under the rules for data from outside.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import { JsonValue, parseJson } from "../../json_value.ts";
import { BOX_FORMS, type BoxForm, type Corners, scaled } from "../box_forms.ts";
import { readId } from "../ids.ts";
import { type ForeignOptions, ForeignRules } from "../rules.ts";
import { isListLike } from "../shapes.ts";

/** The size of the image in which a detector has searched. */
export interface ImageSize {
  /** Width of the image in pixels. */
  imageWidth: number;
  /** Height of the image in pixels. */
  imageHeight: number;
}

/** A file of any number of images lacks what a user must say of all of them at once. */
export class UnsaidError extends TypeError {}

/** How to read results. */
export interface ResultOptions extends Pick<ForeignOptions, "strict"> {
  /** Name of the program, or of the file in quotes, for messages. */
  name?: string;
}

/** A belief in a class, or in all of them. */
type Belief = { label: number; score: number } | { scores: readonly number[] };

/**
 * The detections of one image. Boxes are checked, not cut: the prediction cuts them and
 * counts that.
 */
export class DetectionList {
  readonly rules: ForeignRules;
  readonly #size: ImageSize;
  readonly #boxes: number[] = [];
  readonly #beliefs: Belief[] = [];

  /**
   * @param size Of the image; anything but numbers above 0 is refused.
   * @param name For messages.
   * @param options Whether what would be mended is refused.
   */
  constructor(size: Partial<ImageSize>, name: string, { strict = false }: ResultOptions) {
    this.#size = checkedSize(size, name);
    this.rules = new ForeignRules({ strict, cutBoxes: !strict });
  }

  /**
   * Adds a box.
   *
   * @param field Its place.
   * @param numbers Its four numbers.
   * @param options Their form, and whether they are shares of the image's sides.
   * @param belief In one class, or in each.
   */
  add(
    field: JsonValue,
    numbers: readonly number[],
    { form, areShares = false }: { form: BoxForm; areShares?: boolean },
    belief: Belief,
  ): void {
    const { imageWidth: width, imageHeight: height } = this.#size;
    const inPixels = areShares
      ? numbers.map((number, i) => number * (isAcross(i, form) ? width : height))
      : numbers;
    if (!inPixels.every((number) => Number.isFinite(Math.fround(number)))) {
      field.refuse("finite numbers, as float32 holds them");
    }
    const taken = this.rules.boxes.take(inPixels, { width, height }, field, { form });
    if ("must" in taken) field.refuse(taken.must, taken.suggestion);
    this.#boxes.push(...cornersOf(inPixels, form));
    this.#beliefs.push(belief);
  }

  /** The beliefs of one box in all classes; those of 0 stay 0. */
  beliefsOf(fields: readonly JsonValue[]): number[] {
    return fields.map((field) => field.value === 0 ? 0 : this.rules.score(field));
  }

  /**
   * The detections.
   *
   * @param classes The K classes that the beliefs count.
   * @throws {RangeError} If the boxes as a whole cannot be right.
   */
  result(classes: readonly string[]): Detections {
    this.rules.throwProblems();
    const k = classes.length;
    const beliefs = new Float32Array(this.#beliefs.length * k);
    for (const [i, belief] of this.#beliefs.entries()) {
      if ("scores" in belief) beliefs.set(belief.scores, i * k);
      else beliefs[i * k + belief.label] = belief.score;
    }
    return {
      ...this.#size,
      classes: [...classes],
      boxes: Float32Array.from(this.#boxes),
      beliefs,
    };
  }
}

/**
 * Wraps a caller's value, which may be JSON as text, and in which typed arrays count as
 * lists.
 *
 * @throws {SyntaxError} If a text is not JSON.
 */
export function jsonOf(value: unknown, name: string): JsonValue {
  return typeof value === "string"
    ? parseJson(value, name)
    : new JsonValue(listed(value), name);
}

/** The options of a reader; a program without types may have forgotten them. */
export function optionsOf<Options extends object>(options: Options): Options {
  const given: unknown = options;
  if (typeof given !== "object" || given === null) return {} as Options;
  const root = new JsonValue(given, "the options");
  for (const name of ["strict", "normalized", "percentage"]) {
    root.at(name).optional?.boolean();
  }
  root.at("name").optional?.string();
  const { imageId } = given as { imageId?: unknown };
  if (imageId !== undefined) readId(root.at("imageId"));
  return options;
}

/** Lists in lists that are deeper are no numbers, and may hold themselves. */
const MOST_DEPTH = 8;

function listed(value: unknown, depth = MOST_DEPTH): unknown {
  if (ArrayBuffer.isView(value) && isListLike(value)) return Array.from(value, Number);
  if (Array.isArray(value) && value.some(ArrayBuffer.isView)) {
    return value.map((item) => listed(item));
  }
  const isOther = typeof value !== "object" || value === null || Array.isArray(value);
  if (isOther || depth === 0) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, listed(item, depth - 1)]),
  );
}

function checkedSize(size: Partial<ImageSize>, name: string): ImageSize {
  for (const key of ["imageWidth", "imageHeight"] as const) {
    const value: unknown = size[key];
    if (typeof value === "number" && value > 0 && value < Infinity) continue;
    if (value !== undefined) new JsonValue(size, name).at(key).refuse("a number above 0");
    throw new UnsaidError(
      `Cannot use ${name}: it does not have the size of its image, give imageWidth and imageHeight (--image-size 640x480)`,
    );
  }
  return { imageWidth: size.imageWidth!, imageHeight: size.imageHeight! };
}

/** Whether one of four numbers of a box is along the width. */
function isAcross(i: number, form: BoxForm): boolean {
  if (form === "ranges") return i >= 2;
  return (i % 2 === 0) !== (form === "rowsFirst");
}

function cornersOf(numbers: readonly number[], form: BoxForm): Corners {
  return scaled(BOX_FORMS[form].corners(numbers), 1);
}
