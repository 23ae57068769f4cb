/**
 * The arrays of a checkpoint, which must have the shapes of its configuration and finite
 * numbers.
 *
 * @module
 */

import type { NamedArray, Safetensors } from "../io/safetensors.ts";
import type { FloatArray } from "./_metadata.ts";

/** The arrays whose names begin with a prefix, by the rest of their names. */
export function withPrefix(
  file: Safetensors,
  prefix: string,
): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(file.arrays).filter(([key]) => key.startsWith(prefix))
      .map(([key, array]) => [key.slice(prefix.length), array]),
  );
}

/**
 * An array of a file.
 *
 * @param file The file.
 * @param key Name of the array.
 * @param shape The shape that it must have.
 * @param name Name of the file, for errors.
 * @throws {RangeError} If it is missing, not float32, or of another shape.
 */
export function floatArray(
  file: Safetensors,
  key: string,
  shape: number[],
  name: string,
): FloatArray {
  const array = file.arrays[key];
  const refuse = (found: string): never => {
    throw new RangeError(
      `Cannot read the checkpoint "${name}" as "${key}" must be float32 of shape [${shape}]: ${found}`,
    );
  };
  if (!array) return refuse("it is missing");
  const { data } = array;
  if (!(data instanceof Float32Array)) return refuse(`found ${data.constructor.name}`);
  if (`${array.shape}` !== `${shape}`) return refuse(`found shape [${array.shape}]`);
  return { shape: array.shape, data };
}

/**
 * Checks that all numbers are finite.
 *
 * @param arrays The arrays by name.
 * @param what Begin of the message, such as `Cannot save a checkpoint`.
 * @throws {RangeError} Names the array and the number.
 */
export function checkFinite(
  arrays: Readonly<Record<string, NamedArray>>,
  what: string,
): void {
  for (const [name, { data }] of Object.entries(arrays)) {
    if (!(data instanceof Float32Array)) continue;
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw new RangeError(
      `${what} as all numbers must be finite: "${name}" has ${data[bad]} at ${bad}`,
    );
  }
}
