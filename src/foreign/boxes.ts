/**
 * The rules for boxes from outside, the same for every reader: what is cut, what is refused,
 * and when so much would be cut that the boxes must be something else.
 *
 * @module
 */

import {
  BOX_FORMS,
  BoxCauses,
  type BoxForm,
  type Corners,
  FRACTIONS,
  NEAR,
  scaled,
  type Size,
} from "./box_forms.ts";
import { cutBox } from "./cut_box.ts";
import type { Mended, Placed, RuleProblem } from "./mended.ts";
import { OtherReadings } from "./other_readings.ts";

/** More than this share of boxes that stick out far is no accident. */
const MOST_FAR = 0.05;
/** Of fewer boxes than this one alone is a larger share; then it must be most of them. */
const MANY = 20;
/** A number no greater than this may be a share of the image, a little beyond its edge. */
const GREATEST_SHARE = 1.1;

/** Percentages are no greater; images of at least three times as many pixels a side tell. */
const HUNDRED = 100, LARGE_SIDE = 300;

/** How to treat boxes. */
export interface BoxOptions {
  /** The form in which the numbers are read; default left, top, right, bottom. */
  form?: BoxForm;
  /** Cut boxes to their images however much is lost; default false. */
  cutBoxes?: boolean;
}

/** The fault of one box. */
export interface BoxRefusal {
  /** `left < right and top < bottom`. */
  must: string;
  suggestion?: string;
}

/** Boxes with the same fault: how many, and the first of them. */
class Fault {
  count = 0;
  first = "";
  place = "";

  add(numbers: readonly number[], { width, height }: Size, at: Placed): void {
    if (this.count++ > 0) return;
    this.place = at.place;
    const shown = numbers.map((number) => Number(number.toPrecision(7)));
    this.first = `[${shown.join(", ")}] in an image of ${width} x ${height}`;
  }
}

/** The boxes of one file, or of one call. */
export class BoxRules {
  /**
   * True for data that is known, as published: single boxes are cut, whatever is left of
   * them.
   */
  isPublished = false;
  /** In which other readings the boxes fit, too. */
  readonly others: OtherReadings = new OtherReadings();
  readonly #mended: Mended;
  readonly #options: BoxOptions;
  readonly #causes: { [form in BoxForm]?: BoxCauses } = {};
  readonly #shares = new Fault();
  readonly #outside = new Fault();
  readonly #mostlyGone = new Fault();
  readonly #far = new Fault();
  readonly #percentages = new Fault();
  #boxes = 0;
  #large = 0;

  constructor(mended: Mended, options: BoxOptions = {}) {
    this.#mended = mended;
    this.#options = options;
  }

  /**
   * Cuts a box to its image and counts it.
   *
   * @param numbers Its four finite numbers, in the form.
   * @param size Of its image.
   * @param at Its place.
   * @param options `form` of this box; `scale`: pixels of the image for 1 in the numbers;
   * `leastSide` in pixels, see `cutBox`.
   * @returns The corners in pixels, within the image; or why there are none.
   */
  take(
    numbers: readonly number[],
    size: Size,
    at: Placed,
    options: { form?: BoxForm; scale?: number; leastSide?: number } = {},
  ): Corners | BoxRefusal {
    const { form = this.#options.form ?? "corners", scale = 1, leastSide } = options;
    this.#boxes++;
    this.others.add(numbers, form, size, scale);
    const corners = scaled(BOX_FORMS[form].corners(numbers), scale);
    const isLarge = Math.min(size.width, size.height) > NEAR;
    const isShare = numbers.every((n) => n <= GREATEST_SHARE && n >= 1 - GREATEST_SHARE);
    if (isLarge && isShare) this.#shares.add(numbers, size, at);
    if (Math.min(size.width, size.height) >= LARGE_SIDE) {
      this.#large++;
      if (Math.max(...corners) <= HUNDRED) this.#percentages.add(numbers, size, at);
    }
    const [left, top, right, bottom] = corners;
    if (left > right || top > bottom) return reversed(numbers, size, form);
    const { box, overhang, left: rest, isWidened } = cutBox(corners, size, leastSide);
    if (!(box[0] < box[2] && box[1] < box[3])) {
      return { must: "a box with an area, as float32 holds it" };
    }
    if (overhang > 0) this.#mended.add("boxesCut", at);
    else if (isWidened) this.#mended.add("boxesWidened", at);
    if (overhang > NEAR) this.#far.add(numbers, size, at);
    if (rest === 0 && overhang > 0) this.#outside.add(numbers, size, at);
    else if (rest < 0.5) this.#mostlyGone.add(numbers, size, at);
    if (overhang > NEAR || rest < 0.5) {
      (this.#causes[form] ??= new BoxCauses(form)).add(numbers, size, scale);
    }
    return box;
  }

  /** Faults of the boxes as a whole; call it when all have been read. */
  problems(): RuleProblem[] {
    const found: RuleProblem[] = [];
    const tell = (fault: Fault, must: string, what: string, suggestion: string) =>
      found.push({
        place: fault.place,
        problem:
          `${must}: ${fault.count} of ${this.#boxes} boxes ${what}, first ${fault.first}`,
        suggestion,
      });
    if (this.#isMuch(this.#shares)) {
      tell(this.#shares, "must be in pixels", "lie within a single pixel", FRACTIONS);
      return found;
    }
    const guesses = Object.values(this.#causes).map((causes) => causes.guess());
    const cause = `the likely cause: ${guesses.join("; ")}`;
    const { cutBoxes } = this.#options;
    const wayOut = `${cause}; if they are right, cut them by --cut-boxes (cutBoxes)`;
    if (this.isPublished && !this.#isMuch(this.#far)) return found;
    const must = "must lie in the image";
    if (this.#outside.count > 0) {
      tell(this.#outside, must, "lie outside of it", cause);
    } else if (cutBoxes) {
      return found;
    } else if (this.#isMuch(this.#far)) {
      tell(this.#far, must, `stick out by more than ${NEAR} pixels`, wayOut);
    } else if (this.#mostlyGone.count > 0) {
      tell(this.#mostlyGone, must, "have most of their area outside", wayOut);
    }
    return found;
  }

  /** What looks wrong with the boxes as a whole, but may be right. */
  warnings(): RuleProblem[] {
    const { count, place, first } = this.#percentages;
    if (this.#large < MANY || count < this.#large) return [];
    return [{
      place,
      problem:
        `all ${count} boxes lie within ${HUNDRED} pixels of the upper left corner, first ${first}; if they are percentages of the image, multiply them by its width and height, divided by 100`,
    }];
  }

  /** {@linkcode warnings} of a single image, or nothing if there are none. */
  doubts(): { warnings?: string[] } {
    const warnings = this.warnings().map(({ problem }) => problem);
    return warnings.length > 0 ? { warnings } : {};
  }

  #isMuch({ count }: Fault): boolean {
    return count > (this.#boxes < MANY ? 0.5 : MOST_FAR) * this.#boxes;
  }
}

/** Refuses a box that ends before it begins. */
function reversed(numbers: readonly number[], size: Size, form: BoxForm): BoxRefusal {
  const must = `${BOX_FORMS[form].name} with ${
    form === "ranges"
      ? "ymin < ymax and xmin < xmax"
      : form === "corners"
      ? "left < right and top < bottom"
      : "width and height above 0"
  }`;
  if (form !== "corners") return { must };
  const sized = BOX_FORMS.sizes.corners(numbers);
  const fits = sized[2] <= size.width && sized[3] <= size.height && sized[2] > 0 &&
    sized[3] > 0;
  if (!fits) return { must };
  return {
    must,
    suggestion: `if it is [left, top, width, height], write [${sized.join(", ")}]`,
  };
}
