/**
 * Tells when boxes would fit their images in another reading as well, so that nothing in a
 * file says which is meant.
 *
 * @module
 */

import {
  BOX_FORMS,
  type BoxForm,
  type Corners,
  isInside,
  scaled,
  type Size,
} from "./box_forms.ts";

/** The forms that files of one layout are mixed up in. */
const FORMS = ["corners", "sizes", "centres"] as const satisfies readonly BoxForm[];
/** All boxes but this share fit in a reading that is as good as another. */
const MOST_ODD = 0.05;

/** Another reading: a form, or images whose width and height are swapped. */
export type Reading = typeof FORMS[number] | "swappedSizes";

/** Counts the boxes that fit in each other reading. */
export class OtherReadings {
  readonly #counts = new Map<Reading, { boxes: number; fits: number }>();

  /**
   * Adds a box.
   *
   * @param numbers Its four numbers.
   * @param form In which they are read.
   * @param size Of its image.
   * @param scale Pixels of the image for 1 in the numbers.
   */
  add(numbers: readonly number[], form: BoxForm, size: Size, scale: number): void {
    const read = (form: BoxForm): Corners =>
      scaled(BOX_FORMS[form].corners(numbers), scale);
    const { width, height } = size;
    if (width !== height) {
      const swapped = { width: height, height: width };
      this.#count("swappedSizes", isInside(read(form), swapped));
    }
    for (const other of FORMS) {
      if (other !== form) this.#count(other, isInside(read(other), size));
    }
  }

  /** The readings in which nearly all boxes fit, too. */
  list(): Reading[] {
    return [...this.#counts]
      .filter(([, { boxes, fits }]) => fits >= (1 - MOST_ODD) * boxes)
      .map(([reading]) => reading);
  }

  #count(reading: Reading, fits: boolean): void {
    const { boxes, fits: before } = this.#counts.get(reading) ?? { boxes: 0, fits: 0 };
    this.#counts.set(reading, { boxes: boxes + 1, fits: before + Number(fits) });
  }
}

/**
 * Says what was assumed of boxes, and what they could be as well.
 *
 * @param form In which they were read.
 * @param others The readings in which they fit, too, without those that the user excludes.
 * @returns A clause with the options that change it; `undefined` without others.
 */
export function assumptionText(
  form: BoxForm,
  others: readonly Reading[],
): string | undefined {
  if (others.length === 0) return undefined;
  const also = others.map((reading) =>
    reading === "swappedSizes"
      ? "with width and height of the images swapped (--swap-sizes)"
      : `as ${BOX_FORMS[reading].name} (--box-form ${reading})`
  );
  return `boxes were read as ${
    BOX_FORMS[form].name
  } in images of the listed sizes; they fit ${
    also.join(" and ")
  }, too, and nothing tells which is meant`;
}
