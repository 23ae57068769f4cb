/**
 * The arrays of a `VG-SGG.h5` file, checked once so that other code can trust them.
 *
 * @module
 */

import type { Hdf5Reader } from "../../io/hdf5.ts";
import type { NamedArray } from "../../io/safetensors.ts";
import type { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage } from "../../example.ts";
import { BOX_FORMS, type BoxForm, type Corners } from "../../foreign/box_forms.ts";
import type { ForeignRules } from "../../foreign/rules.ts";
import type { VgImageSize } from "./_vg_json.ts";

/** Length of the longer side of an image in `boxes_1024`. */
const SCALE = 1024;
/** Largest value in `split`. */
const LARGEST_SPLIT = 2;
/** The layout's whole numbers cannot say a side thinner than a pixel. */
const LEAST_SIDE = 1;

/** A kind of rows that belong to an image. */
type Kind = "box" | "rel";

/** The arrays of a file. */
export class VgTables {
  /** Number of images. */
  readonly images: number;
  /** The split of each image: 0 training, 1 validation, 2 test. */
  readonly split: Int32Array;
  readonly #boxes: Float32Array;
  readonly #labels: Int32Array;
  readonly #predicates: Int32Array;
  readonly #relationships: Int32Array;
  readonly #ranges: Record<Kind, { first: Int32Array; last: Int32Array }>;
  readonly #name: string;
  readonly #form: BoxForm;

  private constructor(
    arrays: Record<string, NamedArray>,
    name: string,
    { numEntityClasses, numPredicates }: Vocabulary,
    form: BoxForm,
  ) {
    this.#name = name;
    this.#form = form;
    const refuse: Refuse = (problem) => {
      throw new RangeError(`Cannot use "${name}": ${problem}`);
    };
    const column = (key: string, least: number, most: number, length?: number) =>
      wholeNumbers(key, arrays[key], least, most, refuse, length);
    this.split = column("split", 0, LARGEST_SPLIT);
    this.images = this.split.length;
    this.#labels = column("labels", 1, numEntityClasses);
    this.#predicates = column("predicates", 1, numPredicates - 1);
    const numBoxes = this.#labels.length;
    const numRelations = this.#predicates.length;
    this.#boxes = boxNumbers(arrays.boxes_1024, numBoxes, form, refuse);
    this.#relationships = column("relationships", 0, numBoxes - 1, 2 * numRelations);
    const range = (kind: Kind, count: number) => {
      const [first, last] = ["first", "last"].map((end) =>
        column(`img_to_${end}_${kind}`, -1, count - 1, this.images)
      );
      checkRanges(`img_to_first_${kind}`, first, last, count, refuse);
      return { first, last };
    };
    this.#ranges = { box: range("box", numBoxes), rel: range("rel", numRelations) };
    for (let image = 0; image < this.images; image++) {
      const boxes = this.#ranges.box;
      for (const row of this.rows("rel", image)) {
        for (const end of this.#ends(row)) {
          if (end < boxes.first[image] || end > boxes.last[image]) {
            refuse(
              `relation ${row} of image ${image} has a box of another image, ${end}`,
            );
          }
        }
      }
    }
  }

  /**
   * Reads the arrays of a file, with its boxes in a form.
   *
   * @throws {SyntaxError} If it is not an HDF5 file or lacks an array.
   * @throws {RangeError} If arrays contradict each other or the vocabulary.
   */
  static async read(
    { name, bytes }: { name: string; bytes: Uint8Array },
    vocabulary: Vocabulary,
    reader: Hdf5Reader,
    form: BoxForm,
  ): Promise<VgTables> {
    const arrays = await reader.read(bytes, name, {
      names: [
        "boxes_1024",
        "labels",
        "relationships",
        "predicates",
        "img_to_first_box",
        "img_to_last_box",
        "img_to_first_rel",
        "img_to_last_rel",
        "split",
      ],
    });
    return new VgTables(arrays, name, vocabulary, form);
  }

  /** Numbers of images, entities and relations in the file. */
  get counts(): { images: number; entities: number; relations: number } {
    return {
      images: this.images,
      entities: this.#labels.length,
      relations: this.#predicates.length,
    };
  }

  /** Indices of the rows of an image's boxes or relations. */
  rows(kind: Kind, image: number): number[] {
    const { first, last } = this.#ranges[kind];
    const start = first[image];
    return start < 0
      ? []
      : Array.from({ length: last[image] - start + 1 }, (_, i) => start + i);
  }

  /** Whether a relation joins an entity with itself. */
  isOfOneself(relation: number): boolean {
    const [subject, object] = this.#ends(relation);
    return subject === object;
  }

  /** Whether the two boxes of a relation overlap, counting the last pixel (the "+1" rule). */
  isOverlapping(relation: number): boolean {
    const [a, b] = this.#ends(relation).map((row) => this.#corners(row));
    return Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 1 > 0 &&
      Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 1 > 0;
  }

  /**
   * Builds an image with some of its relations.
   *
   * @param index Index of the image.
   * @param size Its id and size in pixels.
   * @param relations Rows of the relations to include.
   * @param rules The rules for foreign data.
   */
  image(
    index: number,
    size: VgImageSize,
    relations: readonly number[],
    rules: ForeignRules,
  ): AnnotatedImage {
    const entities = this.rows("box", index);
    const first = entities[0];
    const scale = Math.max(size.width, size.height) / SCALE;
    const boxes = new Float32Array(4 * entities.length);
    entities.forEach((row, i) => {
      const numbers = Array.from(this.#boxes.subarray(4 * row, 4 * row + 4));
      const place = `"${this.#name}": boxes_1024[${row}] of image "${size.id}"`;
      const options = { scale, leastSide: LEAST_SIDE };
      const taken = rules.boxes.take(numbers, size, { place }, options);
      if ("must" in taken) throw new RangeError(`Cannot use ${place}: ${taken.must}`);
      boxes.set(taken, 4 * i);
    });
    return {
      ...size,
      boxes,
      entityLabels: Int32Array.from(entities, (row) => this.#labels[row] - 1),
      relations: Int32Array.from(relations.flatMap((row) => {
        const [subject, object] = this.#ends(row);
        return [subject - first, object - first, this.#predicates[row] - 1];
      })),
    };
  }

  #ends(relation: number): [subject: number, object: number] {
    return [this.#relationships[2 * relation], this.#relationships[2 * relation + 1]];
  }

  #corners(row: number): Corners {
    const numbers = Array.from(this.#boxes.subarray(4 * row, 4 * row + 4));
    return BOX_FORMS[this.#form].corners(numbers);
  }
}

type Refuse = (problem: string) => never;

function wholeNumbers(
  key: string,
  { data }: NamedArray,
  least: number,
  most: number,
  refuse: Refuse,
  length = data.length,
): Int32Array {
  if (data.length !== length) {
    refuse(`"${key}" has ${data.length} numbers, not ${length}`);
  }
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const value = Number(data[i]);
    if (!(Number.isInteger(value) && value >= least && value <= most)) {
      refuse(
        `"${key}" must hold whole numbers in [${least}, ${most}]: found ${value} at ${i}`,
      );
    }
    numbers[i] = value;
  }
  return numbers;
}

function boxNumbers(
  { data }: NamedArray,
  count: number,
  form: BoxForm,
  refuse: Refuse,
): Float32Array {
  if (data.length !== 4 * count) {
    refuse(`"boxes_1024" has ${data.length} numbers for ${count} labels`);
  }
  const boxes = Float32Array.from(data as ArrayLike<number | bigint>, Number);
  for (let i = 0; i < boxes.length; i += 4) {
    const numbers = Array.from(boxes.subarray(i, i + 4));
    const [left, top, right, bottom] = BOX_FORMS[form].corners(numbers);
    const isSound = Number.isFinite(right - left + bottom - top) && right >= left &&
      bottom >= top;
    if (!isSound) {
      refuse(
        `box ${i / 4} must be ${
          BOX_FORMS[form].name
        } without a negative side: found [${numbers}]`,
      );
    }
  }
  return boxes;
}

/** Checks that each range is in order, and that all together have at most `count` rows. */
function checkRanges(
  key: string,
  first: Int32Array,
  last: Int32Array,
  count: number,
  refuse: Refuse,
): void {
  let total = 0;
  first.forEach((start, i) => {
    const end = last[i];
    if ((start < 0) !== (end < 0) || end < start) {
      refuse(`"${key}" of image ${i} is ${start}, its last ${end}`);
    }
    total += start < 0 ? 0 : end - start + 1;
  });
  if (total > count) refuse(`the ranges of "${key}" overlap: ${total} rows of ${count}`);
}
