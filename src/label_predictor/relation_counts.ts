/**
 * Counts how often each predicate is annotated between two classes, and how many pairs of
 * entities of these classes there are.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import type { NamedArray } from "../io/safetensors.ts";

/** Sizes of a vocabulary. */
export interface Sizes {
  /** C. */
  numEntityClasses: number;
  /** P, including "no relation". */
  numPredicates: number;
}

/** Counts over the training images. */
export interface RelationCounts extends Sizes {
  /** `[C, C, P - 1]`: annotated relations by class of subject, of object, predicate. */
  relations: Float64Array;
  /** `[C, C]`: ordered pairs of entities. */
  pairs: Float64Array;
  /** `[C, C]`: ordered pairs of entities with at least one relation. */
  relatedPairs: Float64Array;
}

/**
 * Counts relations and pairs.
 *
 * @param images The training images; a repeated relation counts each time.
 * @param sizes Sizes of the vocabulary.
 * @returns The counts.
 */
export function countRelations(
  images: Iterable<AnnotatedImage>,
  sizes: Sizes,
): RelationCounts {
  const counts = zeroCounts(sizes);
  for (const image of images) addRelations(counts, image);
  return counts;
}

/** Makes counts that are all zero. */
export function zeroCounts({ numEntityClasses, numPredicates }: Sizes): RelationCounts {
  const cells = numEntityClasses * numEntityClasses;
  return {
    numEntityClasses,
    numPredicates,
    relations: new Float64Array(cells * (numPredicates - 1)),
    pairs: new Float64Array(cells),
    relatedPairs: new Float64Array(cells),
  };
}

/** Adds the relations and pairs of one image to counts. */
export function addRelations(
  counts: RelationCounts,
  { entityLabels, relations: rows }: Pick<AnnotatedImage, "entityLabels" | "relations">,
): void {
  const { numEntityClasses: c, numPredicates, relations, pairs, relatedPairs } = counts;
  const n = entityLabels.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i !== j) pairs[entityLabels[i] * c + entityLabels[j]]++;
    }
  }
  const related = new Set<number>();
  for (let r = 0; r < rows.length; r += 3) {
    const cell = entityLabels[rows[r]] * c + entityLabels[rows[r + 1]];
    relations[cell * (numPredicates - 1) + rows[r + 2]]++;
    const pair = rows[r] * n + rows[r + 1];
    if (!related.has(pair)) relatedPairs[cell]++;
    related.add(pair);
  }
}

/**
 * Encodes the counts above zero as arrays for a file.
 *
 * @param counts The counts.
 * @returns `relations` `[rows, 4]` with class of subject, class of object, predicate,
 * count; `pairs` `[rows, 4]` with class of subject, class of object, pairs, related
 * pairs; `sizes` `[2]` with C and P.
 */
export function countsToArrays(counts: RelationCounts): Record<string, NamedArray> {
  const { numEntityClasses: c, numPredicates, relations, pairs, relatedPairs } = counts;
  const p = numPredicates - 1;
  const relationRows: number[] = [], pairRows: number[] = [];
  for (let cell = 0; cell < c * c; cell++) {
    const classes = [Math.floor(cell / c), cell % c];
    if (pairs[cell] > 0) pairRows.push(...classes, pairs[cell], relatedPairs[cell]);
    for (let k = 0; k < p; k++) {
      const count = relations[cell * p + k];
      if (count > 0) relationRows.push(...classes, k, count);
    }
  }
  const rows = (data: number[]) => ({
    shape: [data.length / 4, 4],
    data: Int32Array.from(data),
  });
  return {
    pairs: rows(pairRows),
    relations: rows(relationRows),
    sizes: { shape: [2], data: Int32Array.of(c, numPredicates) },
  };
}

/**
 * Decodes the result of {@linkcode countsToArrays}.
 *
 * @param arrays The arrays by name.
 * @returns The counts.
 * @throws {RangeError} If an array is missing or misshapen, or a number in it is outside
 * the sizes.
 */
export function countsFromArrays(arrays: Record<string, NamedArray>): RelationCounts {
  const [c, numPredicates] = readRows(arrays, "sizes", 2);
  const p = numPredicates - 1;
  const counts: RelationCounts = {
    numEntityClasses: c,
    numPredicates,
    relations: new Float64Array(c * c * p),
    pairs: new Float64Array(c * c),
    relatedPairs: new Float64Array(c * c),
  };
  const pairs = readRows(arrays, "pairs", 4);
  for (let r = 0; r < pairs.length; r += 4) {
    const [subject, object, all, related] = pairs.subarray(r, r + 4);
    check("pairs", [subject, object, related], [c, c, all + 1]);
    counts.pairs[subject * c + object] = all;
    counts.relatedPairs[subject * c + object] = related;
  }
  const relations = readRows(arrays, "relations", 4);
  for (let r = 0; r < relations.length; r += 4) {
    const [subject, object, predicate, count] = relations.subarray(r, r + 4);
    check("relations", [subject, object, predicate, count], [c, c, p, Infinity]);
    counts.relations[(subject * c + object) * p + predicate] = count;
  }
  return counts;
}

function readRows(
  arrays: Record<string, NamedArray>,
  name: string,
  columns: number,
): Int32Array {
  const data = arrays[name]?.data;
  if (data instanceof Int32Array && data.length % columns === 0) return data;
  throw new RangeError(
    `Cannot read class statistics as "${name}" must be rows of ${columns} int32 numbers: found ${
      data ? `${data.length} numbers in ${data.constructor.name}` : "no such array"
    }`,
  );
}

function check(name: string, row: readonly number[], bounds: readonly number[]): void {
  const bad = row.findIndex((value, at) => !(value >= 0 && value < bounds[at]));
  if (bad < 0) return;
  throw new RangeError(
    `Cannot read class statistics as column ${bad} of "${name}" must be in [0, ${
      bounds[bad]
    }): found ${row[bad]}`,
  );
}
