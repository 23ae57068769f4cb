/**
 * The forms in which boxes are written, and how to guess that another one was meant.
 *
 * @module
 */

/** Left, top, right, bottom. */
export type Corners = readonly [left: number, top: number, right: number, bottom: number];

/** Width and height of an image in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A form of boxes: its name, and its four numbers as corners. */
interface Form {
  name: string;
  corners: (numbers: readonly number[]) => Corners;
}

/** The forms in which people write boxes. */
export const BOX_FORMS = {
  corners: {
    name: "[left, top, right, bottom]",
    corners: ([left, top, right, bottom]) => [left, top, right, bottom],
  },
  sizes: {
    name: "[left, top, width, height]",
    corners: ([left, top, width, height]) => [left, top, left + width, top + height],
  },
  centres: {
    name: "[centre x, centre y, width, height]",
    corners: ([x, y, width, height]) => [
      x - width / 2,
      y - height / 2,
      x + width / 2,
      y + height / 2,
    ],
  },
  /** VRD's. */
  ranges: {
    name: "[ymin, ymax, xmin, xmax]",
    corners: ([top, bottom, left, right]) => [left, top, right, bottom],
  },
  /** TensorFlow's. */
  rowsFirst: {
    name: "[top, left, bottom, right]",
    corners: ([top, left, bottom, right]) => [left, top, right, bottom],
  },
} as const satisfies Record<string, Form>;

/** Name of a form. */
export type BoxForm = keyof typeof BOX_FORMS;

/** A box that sticks out by no more pixels than this is as good as inside. */
export const NEAR = 2;

/** A cause must make all but so few of the boxes fit that do not. */
const UNEXPLAINED = 0.05;

/** What {@linkcode BoxCauses} has counted, as plain data. */
export interface BoxCausesState {
  boxes: number;
  fits: [cause: string, boxes: number][];
  scale: { x: number; y: number };
}

/** Counts, of boxes that do not fit, how many would fit for each possible cause. */
export class BoxCauses {
  readonly #form: BoxForm;
  readonly #fits = new Map<string, number>();
  #boxes = 0;
  #scale = { x: 1, y: 1 };

  /** @param form In which the boxes are read. */
  constructor(form: BoxForm) {
    this.#form = form;
  }

  /** Adds a box that does not fit; `scale` is the size of a pixel of its numbers. */
  add(numbers: readonly number[], size: Size, scale: number): void {
    this.#boxes++;
    const read = (form: BoxForm) => scaled(BOX_FORMS[form].corners(numbers), scale);
    const box = read(this.#form);
    const { width, height } = size;
    this.#scale.x = Math.max(this.#scale.x, box[2] / width);
    this.#scale.y = Math.max(this.#scale.y, box[3] / height);
    const swapped = { width: height, height: width };
    this.#count("width and height of the images are swapped", isInside(box, swapped));
    for (const form of Object.keys(BOX_FORMS) as BoxForm[]) {
      if (form === this.#form) continue;
      this.#count(
        `the boxes are ${BOX_FORMS[form].name} and were read as ${
          BOX_FORMS[this.#form].name
        }`,
        isInside(read(form), size),
      );
    }
  }

  /** The likeliest cause, or else how much larger the images would have to be. */
  guess(): string {
    const least = (1 - UNEXPLAINED) * this.#boxes;
    const [best] = [...this.#fits].filter(([, count]) => count >= least)
      .sort(([, a], [, b]) => b - a);
    if (best) return best[0];
    const { x, y } = this.#scale;
    return Math.max(x, y) > 1 ? resolutionText(x, y) : "the boxes are of other images";
  }

  /** The counts, for a file. */
  state(): BoxCausesState {
    return { boxes: this.#boxes, fits: [...this.#fits], scale: { ...this.#scale } };
  }

  /** Adds the counts of {@linkcode state}. */
  addState({ boxes, fits, scale }: BoxCausesState): void {
    const other = new BoxCauses(this.#form);
    other.#boxes = boxes;
    for (const [cause, count] of fits) other.#fits.set(cause, count);
    other.#scale = { ...scale };
    this.merge(other);
  }

  /** Adds the counts of another one. */
  merge(other: BoxCauses): void {
    this.#boxes += other.#boxes;
    for (const [cause, fits] of other.#fits) {
      this.#fits.set(cause, (this.#fits.get(cause) ?? 0) + fits);
    }
    this.#scale.x = Math.max(this.#scale.x, other.#scale.x);
    this.#scale.y = Math.max(this.#scale.y, other.#scale.y);
  }

  #count(cause: string, fits: boolean): void {
    this.#fits.set(cause, (this.#fits.get(cause) ?? 0) + Number(fits));
  }
}

/** What to do about boxes in fractions. */
export const FRACTIONS =
  "if they are fractions of the image (0 to 1), multiply them by its width and height";

/** Says how much larger than listed the images of the boxes seem to be. */
export function resolutionText(x: number, y: number): string {
  return `the boxes are of images of another resolution, ${
    x.toFixed(2)
  } times as wide and ${y.toFixed(2)} times as high`;
}

/** Corners times the size of a pixel. */
export function scaled(box: Corners, scale: number): Corners {
  const [left, top, right, bottom] = box;
  return [scale * left, scale * top, scale * right, scale * bottom];
}

/** Whether a box has an area and lies in an image, but for two pixels. */
export function isInside(
  [left, top, right, bottom]: Corners,
  { width, height }: Size,
): boolean {
  return left < right && top < bottom && left >= -NEAR && top >= -NEAR &&
    right <= width + NEAR && bottom <= height + NEAR;
}
