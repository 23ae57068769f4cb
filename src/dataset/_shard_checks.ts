/**
 * Checks of the arrays of a shard: types, shapes, offsets, finite logits, valid UTF-8.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";

/** Stored logits. */
export type StoredLogits = Float16Array | Float32Array;

/** Throws an error that names the shard and the rule it breaks. */
export type Refuse = (rule: string, cause?: unknown) => never;

/** The constructor of a typed array. */
export type Constructor<T> = new (length: number) => T;

/**
 * The numbers of an array, of shape `[*]` or, with a width, `[*, width]`.
 *
 * @param arrays The arrays of the shard.
 * @param key Name of the array.
 * @param types The allowed types.
 * @param width Length of a row; `undefined` for a vector.
 * @param refuse Called if the array is missing or has another type or shape.
 */
export function tableOf<T>(
  arrays: Record<string, NamedArray>,
  key: string,
  types: Constructor<T>[],
  width: number | undefined,
  refuse: Refuse,
): T {
  if (!Object.hasOwn(arrays, key)) return refuse(`it has no array "${key}"`);
  const { data, shape } = arrays[key];
  const isRightShape = width === undefined
    ? shape.length === 1
    : shape.length === 2 && shape[1] === width;
  if (!isRightShape) {
    refuse(
      `"${key}" must have the shape [*${
        width === undefined ? "" : `, ${width}`
      }], found [${shape.join(", ")}]`,
    );
  }
  if (!types.some((Type) => data instanceof Type)) {
    refuse(
      `"${key}" must be a ${
        types.map(({ name }) => name).join(" or ")
      }, found ${data.constructor.name}`,
    );
  }
  return data as T;
}

/**
 * Checks that the offsets of `count` images rise from 0 to `end`, the number of rows.
 *
 * @returns The offsets.
 */
export function checkOffsets(
  key: string,
  offsets: Int32Array,
  count: number,
  end: number,
  refuse: Refuse,
): Int32Array {
  if (offsets.length !== count + 1) {
    refuse(
      `"${key}" of ${count} images must have ${
        count + 1
      } numbers, found ${offsets.length}`,
    );
  }
  if (offsets[0] !== 0) refuse(`"${key}" must begin with 0, found ${offsets[0]}`);
  const down = offsets.findIndex((offset, i) => i > 0 && offset < offsets[i - 1]);
  if (down > 0) {
    refuse(
      `"${key}" must not decrease, found ${offsets[down - 1]}, ${
        offsets[down]
      } at ${down}`,
    );
  }
  if (offsets[count] !== end) {
    refuse(`"${key}" must end with ${end}, found ${offsets[count]}`);
  }
  return offsets;
}

/** Checks that all logits are finite. */
export function checkFinite(key: string, logits: StoredLogits, refuse: Refuse): void {
  for (let i = 0; i < logits.length; i++) {
    if (!Number.isFinite(logits[i])) {
      refuse(`"${key}" must be finite, found ${logits[i]} at ${i}`);
    }
  }
}

/** Decodes an id, which must be valid UTF-8. */
export function decodeText(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    return refuse("an id is not UTF-8", error);
  }
}
