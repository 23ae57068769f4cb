/**
 * Annotations of all images of a shard as arrays, end to end.
 *
 * | array | shape | |
 * |---|---|---|
 * | `entity_offsets` | `[M + 1]` | first entity of each image |
 * | `relation_offsets` | `[M + 1]` | first relation of each image |
 * | `boxes`, `entity_labels` | `[sum N, 4]`, `[sum N]` | left, top, right, bottom in pixels; class |
 * | `relations` | `[sum R, 3]` | subject, object (within the image), predicate |
 *
 * @module
 */

import type { Annotation } from "../example.ts";
import type { NamedArray } from "../io/safetensors.ts";
import { checkOffsets, type Refuse, tableOf } from "./_shard_checks.ts";

/**
 * The arrays of annotations.
 *
 * @param annotations One an image.
 * @param prefix Begins the names of the arrays.
 */
export function annotationArrays(
  annotations: readonly Annotation[],
  prefix = "",
): Record<string, NamedArray> {
  const labels = annotations.map(({ entityLabels }) => entityLabels);
  const boxes = annotations.map(({ boxes }) => boxes);
  const numEntities = labels.reduce((sum, { length }) => sum + length, 0);
  return {
    [`${prefix}entity_offsets`]: vectorOf(offsetsOf(labels.map(({ length }) => length))),
    ...rowArrays(
      annotations.map(({ relations }) => relations),
      `${prefix}relations`,
      `${prefix}relation_offsets`,
    ),
    [`${prefix}boxes`]: {
      shape: [numEntities, 4],
      data: joined(new Float32Array(4 * numEntities), boxes),
    },
    [`${prefix}entity_labels`]: vectorOf(joined(new Int32Array(numEntities), labels)),
  };
}

/** Rows of three numbers of all images, and where those of each begin. */
export function rowArrays(
  rows: readonly Int32Array[],
  key: string,
  offsetsKey: string,
): Record<string, NamedArray> {
  const offsets = offsetsOf(rows.map(({ length }) => length / 3));
  const numRows = offsets.at(-1)!;
  return {
    [offsetsKey]: vectorOf(offsets),
    [key]: { shape: [numRows, 3], data: joined(new Int32Array(3 * numRows), rows) },
  };
}

/**
 * Reads what {@linkcode annotationArrays} wrote.
 *
 * @param arrays The arrays of the shard.
 * @param count Number of images.
 * @param refuse Called if an array is missing, misshapen or contradicts another.
 * @param prefix Begins the names of the arrays.
 * @returns Views of the arrays, one an image.
 */
export function readAnnotations(
  arrays: Record<string, NamedArray>,
  count: number,
  refuse: Refuse,
  prefix = "",
): Annotation[] {
  const key = (name: string) => `${prefix}${name}`;
  const boxes = tableOf(arrays, key("boxes"), [Float32Array], 4, refuse);
  const labels = tableOf(arrays, key("entity_labels"), [Int32Array], undefined, refuse);
  const entityAt = checkOffsets(
    key("entity_offsets"),
    tableOf(arrays, key("entity_offsets"), [Int32Array], undefined, refuse),
    count,
    labels.length,
    refuse,
  );
  const relations = readRows(
    arrays,
    count,
    refuse,
    key("relations"),
    key("relation_offsets"),
  );
  if (boxes.length !== 4 * labels.length) {
    refuse(
      `"${key("boxes")}" must have ${labels.length} rows, found ${boxes.length / 4}`,
    );
  }
  return relations.map((relations, i) => ({
    boxes: boxes.subarray(4 * entityAt[i], 4 * entityAt[i + 1]),
    entityLabels: labels.subarray(entityAt[i], entityAt[i + 1]),
    relations,
  }));
}

/** Reads what {@linkcode rowArrays} wrote. */
export function readRows(
  arrays: Record<string, NamedArray>,
  count: number,
  refuse: Refuse,
  key: string,
  offsetsKey: string,
): Int32Array[] {
  const rows = tableOf(arrays, key, [Int32Array], 3, refuse);
  const at = checkOffsets(
    offsetsKey,
    tableOf(arrays, offsetsKey, [Int32Array], undefined, refuse),
    count,
    rows.length / 3,
    refuse,
  );
  return Array.from({ length: count }, (_, i) => rows.subarray(3 * at[i], 3 * at[i + 1]));
}

/** Where each of some runs of numbers begins, and the end of the last. */
export function offsetsOf(counts: readonly number[]): Int32Array {
  const offsets = new Int32Array(counts.length + 1);
  for (const [i, count] of counts.entries()) offsets[i + 1] = offsets[i] + count;
  return offsets;
}

/** A vector for a file. */
export function vectorOf(data: Int32Array): NamedArray {
  return { shape: [data.length], data };
}

/** Writes arrays one after another into another, which it returns. */
export function joined<T extends { set(values: ArrayLike<number>, at: number): void }>(
  into: T,
  parts: readonly ArrayLike<number>[],
): T {
  let at = 0;
  for (const part of parts) {
    into.set(part, at);
    at += part.length;
  }
  return into;
}
