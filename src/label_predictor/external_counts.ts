/**
 * Counts of relations in other images, without boxes: for each pair of classes the
 * log-probability of each predicate, and how often the classes are related at all. They are
 * inputs of the perceptrons.
 *
 * The counts are of other images than those that a perceptron is fitted to, so a fit does
 * not see its own targets in them.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";
import { BACK_OFF, backedOff } from "./back_off.ts";
import { expectedRows } from "./class_pairs.ts";
import { LEAST_PROBABILITY } from "./label_predictor.ts";
import type { Sizes } from "./relation_counts.ts";

/** Counts of R kinds of triplets; a kind that is repeated counts as the sum. */
export interface ExternalCounts {
  /** `[R]`: class of the subject, in [0, C). */
  subjects: Int32Array;
  /** `[R]`: class of the object, in [0, C). */
  objects: Int32Array;
  /** `[R]`: predicate, in [0, P - 1). */
  predicates: Int32Array;
  /** `[R]`: how often the triplet was annotated, at least 0. */
  counts: Int32Array;
}

/** Columns of {@linkcode ExternalCounts} with the type that a file has. */
const COLUMNS = {
  subjects: Int16Array,
  objects: Int16Array,
  predicates: Int16Array,
  counts: Int32Array,
} as const;

/**
 * Number of likeliest classes of an uncertain entity whose counts are averaged. A detector's
 * long tail of classes hardly changes the average, and its cost grows with their square.
 */
const MOST_CLASSES = 16;

/** Prefix of the arrays' names. */
const PREFIX = "counts/";

/**
 * The features of pairs of classes: P numbers, of which the first P - 1 are the
 * log-probabilities of the predicates of a related pair, backed off as in `back_off.ts`.
 * The last is the log of the ratio of two counts: the relations between the two classes,
 * and those that there were if subject and object were independent. {@linkcode BACK_OFF} is
 * added to both, so that the ratio is 1 for classes of which nothing is known.
 *
 * @example
 * ```ts
 * import { ExternalCountTable } from "./external_counts.ts";
 * const table = new ExternalCountTable({
 *   subjects: Int32Array.of(0),
 *   objects: Int32Array.of(1),
 *   predicates: Int32Array.of(1),
 *   counts: Int32Array.of(20),
 * }, { numEntityClasses: 2, numPredicates: 3 });
 * const [first, second] = table.expectedLogs(Float32Array.of(1, 0, 0, 1), 2).slice(3);
 * if (!(second > first)) throw new Error("predicate 1 was counted");
 * ```
 */
export class ExternalCountTable {
  /** P: number of features of a pair. */
  readonly width: number;
  /** C. */
  readonly numEntityClasses: number;
  /** `[C, C, P - 1]`: the counts by class of subject, of object, predicate. */
  readonly relations: Float64Array;
  /** `[C, C, P]`: the features before the logarithm. */
  readonly #table: Float32Array;
  /** `[C, C, P]`: the features; only fits need those of all pairs of classes. */
  #logs?: Float32Array;

  /**
   * @param counts The counts.
   * @param sizes Sizes of the vocabulary.
   * @throws {RangeError} If columns differ in length, or a number is outside its range.
   */
  constructor(counts: ExternalCounts, sizes: Sizes) {
    this.width = sizes.numPredicates;
    this.numEntityClasses = sizes.numEntityClasses;
    this.relations = denseCounts(counts, sizes);
    this.#table = featureTable(this.relations, sizes);
  }

  /**
   * Writes the features of a pair whose classes are given.
   *
   * @param subject Class of the subject.
   * @param object Class of the object.
   * @param out Array to write to.
   * @param start Index of the first of the P numbers.
   */
  write(subject: number, object: number, out: Float32Array, start: number): void {
    const logs = this.#logs ??= this.#table.map(logarithm);
    const from = (subject * this.numEntityClasses + object) * this.width;
    for (let k = 0; k < this.width; k++) out[start + k] = logs[from + k];
  }

  /**
   * Computes the features of every ordered pair of entities. Where classes are uncertain,
   * they are the logarithms of the expected values, as if the classes of subject and object
   * were independent; of each entity the 16 likeliest classes count.
   *
   * @param entityProbabilities `[N, C]`.
   * @param n N.
   * @returns `[N, N, P]`, subject first.
   * @throws {RangeError} If there are not C probabilities for each entity.
   */
  expectedLogs(entityProbabilities: Float32Array, n: number): Float32Array {
    const { numEntityClasses, width } = this;
    const sizes = { numEntityClasses, width, mostClasses: MOST_CLASSES };
    return expectedRows(this.#table, sizes, entityProbabilities, n).map(logarithm);
  }

  /**
   * The counts above zero as arrays for a file, sorted by subject, object and predicate:
   * the columns of {@linkcode ExternalCounts}, in int16 but for the counts, and the sizes.
   */
  toArrays(): Record<string, NamedArray> {
    const p = this.width - 1, c = this.numEntityClasses;
    const cells = Array.from(this.relations.keys()).filter((cell) =>
      this.relations[cell]
    );
    const column = (name: keyof typeof COLUMNS, value: (cell: number) => number) => {
      const data = new COLUMNS[name](cells.length);
      cells.forEach((cell, r) => data[r] = value(cell));
      return { [PREFIX + name]: { shape: [cells.length], data } };
    };
    return {
      ...column("subjects", (cell) => Math.floor(cell / (p * c))),
      ...column("objects", (cell) => Math.floor(cell / p) % c),
      ...column("predicates", (cell) => cell % p),
      ...column("counts", (cell) => this.relations[cell]),
      [`${PREFIX}sizes`]: { shape: [2], data: Int32Array.of(c, p + 1) },
    };
  }

  /**
   * The sizes of the table in the result of {@linkcode toArrays}.
   *
   * @param arrays The arrays by name; others are ignored.
   * @returns C and P; undefined if there is no table among the arrays.
   * @throws {RangeError} If there are counts without sizes.
   */
  static sizesIn(arrays: Record<string, NamedArray>): Sizes | undefined {
    if (!Object.keys(arrays).some((name) => name.startsWith(PREFIX))) return undefined;
    const sizes = readColumn(arrays, "sizes", Int32Array);
    if (sizes.length !== 2 || sizes.some((size) => size < 1)) {
      throw new RangeError(
        `Cannot read external counts as "${PREFIX}sizes" must be 2 numbers above 0: found [${sizes}]`,
      );
    }
    return { numEntityClasses: sizes[0], numPredicates: sizes[1] };
  }

  /**
   * Makes the table from the result of {@linkcode toArrays}.
   *
   * @param arrays The arrays by name; others are ignored.
   * @returns The table; undefined if the arrays do not have it.
   * @throws {RangeError} If an array is missing or of another type, or does not fit.
   */
  static fromArrays(arrays: Record<string, NamedArray>): ExternalCountTable | undefined {
    const sizes = ExternalCountTable.sizesIn(arrays);
    const column = (name: keyof typeof COLUMNS) =>
      readColumn(arrays, name, COLUMNS[name]);
    return sizes && new ExternalCountTable({
      subjects: column("subjects"),
      objects: column("objects"),
      predicates: column("predicates"),
      counts: column("counts"),
    }, sizes);
  }
}

function readColumn(
  arrays: Record<string, NamedArray>,
  name: string,
  type: Int16ArrayConstructor | Int32ArrayConstructor,
): Int32Array {
  const data = arrays[PREFIX + name]?.data;
  if (data instanceof type) return Int32Array.from(data);
  throw new RangeError(
    `Cannot read external counts as "${PREFIX}${name}" must be of ${type.name}: found ${
      data ? data.constructor.name : "no such array"
    }`,
  );
}

function logarithm(value: number): number {
  return Math.log(Math.max(value, LEAST_PROBABILITY));
}

/** Adds up the counts: `[C, C, P - 1]`. */
function denseCounts(rows: ExternalCounts, sizes: Sizes): Float64Array {
  const { numEntityClasses: c, numPredicates } = sizes;
  const { subjects, objects, predicates, counts } = rows;
  const p = numPredicates - 1;
  const dense = new Float64Array(c * c * p);
  const bounds = { subjects: c, objects: c, predicates: p, counts: Infinity };
  for (const [name, bound] of Object.entries(bounds)) {
    const column = rows[name as keyof ExternalCounts];
    if (column.length !== subjects.length) {
      throw new RangeError(
        `Cannot use external counts as "${name}" must have ${subjects.length} numbers, like "subjects": found ${column.length}`,
      );
    }
    const at = column.findIndex((value) => !(value >= 0 && value < bound));
    if (at >= 0) {
      throw new RangeError(
        `Cannot use external counts as "${name}" must be in [0, ${bound}): found ${
          column[at]
        } in row ${at}`,
      );
    }
  }
  for (let r = 0; r < counts.length; r++) {
    dense[(subjects[r] * c + objects[r]) * p + predicates[r]] += counts[r];
  }
  return dense;
}

/** The features before the logarithm: `[C, C, P]`. */
function featureTable(
  counts: Float64Array,
  { numEntityClasses: c, numPredicates }: Sizes,
): Float32Array {
  const p = numPredicates - 1;
  const predicates = backedOff(c, p, counts);
  const pairs = new Float64Array(c * c);
  const subjects = new Float64Array(c), objects = new Float64Array(c);
  let total = 0;
  for (let subject = 0, cell = 0; subject < c; subject++) {
    for (let object = 0; object < c; object++, cell++) {
      for (let k = 0; k < p; k++) pairs[cell] += counts[cell * p + k];
      subjects[subject] += pairs[cell];
      objects[object] += pairs[cell];
      total += pairs[cell];
    }
  }
  const table = new Float32Array(c * c * numPredicates);
  for (let subject = 0, cell = 0; subject < c; subject++) {
    for (let object = 0; object < c; object++, cell++) {
      const row = cell * numPredicates;
      for (let k = 0; k < p; k++) table[row + k] = predicates[cell * p + k];
      const independent = subjects[subject] * objects[object] / (total || 1);
      table[row + p] = (pairs[cell] + BACK_OFF) / (independent + BACK_OFF);
    }
  }
  return table;
}
