/**
 * Checks the numbers that a caller gives: flat, or as lists in lists.
 *
 * @module
 */

import { Float16 } from "../float16.ts";
import { isListLike, shapeOf, shapeSuggestion, shapeText } from "../foreign/shapes.ts";
import { showValue } from "../show_value.ts";

/** Numbers one after another, or lists of them, or lists of lists. */
export type Numbers =
  | ArrayLike<number>
  | readonly ArrayLike<number>[]
  | readonly (readonly ArrayLike<number>[])[];

/** What a refusal says: what must hold, and what was found. */
export function fail(what: string, found: unknown, suggestion?: string): never {
  throw new RangeError(
    `Cannot predict as ${what}: found ${found}${suggestion ? `; ${suggestion}` : ""}`,
  );
}

/** Refuses a width or height of an image that is no number above 0. */
export function checkSize(name: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && value < Infinity) return;
  fail(`${name} must be above 0`, typeof value === "number" ? value : showValue(value));
}

/**
 * Reads logits.
 *
 * @param name Of the argument.
 * @param values The numbers, flat or in lists of the shape.
 * @param shape Their shape.
 * @returns The numbers in float32, each finite.
 * @throws {RangeError} If there are others; the message has the name.
 */
export function readLogits(
  name: string,
  values: Numbers,
  shape: readonly number[],
): Float32Array {
  checkFloats(name, values);
  const flat = flatten(name, values, shape);
  const numbers = new Float32Array(flat.length);
  for (let i = 0; i < flat.length; i++) {
    if (typeof flat[i] !== "number" || !Number.isFinite(Math.fround(flat[i] as number))) {
      fail(`${name} must be finite`, `${showValue(flat[i])} at ${i}`);
    }
    numbers[i] = flat[i] as number;
  }
  return numbers;
}

/** Refuses typed arrays of whole numbers, which would be the bits of other numbers. */
export function checkFloats(name: string, values: unknown): void {
  const isWhole = ArrayBuffer.isView(values) &&
    !(values instanceof Float16 || values instanceof Float32Array ||
      values instanceof Float64Array);
  if (!isWhole) return;
  const { constructor } = values;
  fail(
    `${name} must be a Float16Array, Float32Array, Float64Array or a list`,
    `a ${constructor.name}`,
    values instanceof Uint16Array
      ? "if it holds the bits of float16, give new Float16Array(array.buffer, array.byteOffset, array.length)"
      : undefined,
  );
}

/** The numbers of lists in lists, whose lengths must be those of the shape. */
function flatten(
  name: string,
  values: Numbers,
  shape: readonly number[],
): ArrayLike<unknown> {
  if (!isListLike(values)) fail(`${name} must be a list of numbers`, showValue(values));
  const length = shape.reduce((product, size) => product * size, 1);
  if (values.length === 0 || !isListLike(values[0])) {
    if (values.length !== length) {
      fail(`${name} must hold ${length} numbers`, values.length);
    }
    return values;
  }
  const flat: unknown[] = [];
  const add = (list: unknown, [size, ...rest]: readonly number[], place: string) => {
    if (!isListLike(list) || list.length !== size) {
      const first = shapeText(shapeOf(values, shape.length));
      const found = !isListLike(list)
        ? showValue(list)
        : first === shapeText(shape)
        ? `${list.length}` // the first list is right, and this one is not
        : first;
      const at = place === name ? "" : `, at ${place}`;
      const suggestion = shapeSuggestion(values, shape);
      fail(`${name} must be ${shapeText(shape)} numbers`, `${found}${at}`, suggestion);
    }
    checkFloats(place, list);
    if (rest.length === 0) { for (let i = 0; i < size; i++) flat.push(list[i]); }
    else for (let i = 0; i < size; i++) add(list[i], rest, `${place}[${i}]`);
  };
  add(values, shape, name);
  return flat;
}
