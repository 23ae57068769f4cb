/**
 * Checkpoints whose numbers have 16 bits: half as large, for prediction.
 *
 * @module
 */

import { Float16, widened } from "../float16.ts";
import type { NamedArray, Safetensors } from "../io/safetensors.ts";

/** Begins of the names of arrays that are stored in 16 bits, if they have float32. */
const HALVED = ["deep_graph/", "word_vectors/", "label_predictor/", "entity_profiles"];

/** The largest number of 16 bits. */
const LARGEST = 65504;

/**
 * Rounds parameters, word vectors and the label predictor to 16 bits. Calibration, ranges
 * and counts stay as they are: they are few, and counts may be too large.
 *
 * @param arrays The arrays of a checkpoint.
 * @returns The same, with `Float16Array` where float32 was rounded.
 * @throws {RangeError} If a number is too large; names the array.
 */
export function halved(
  arrays: Readonly<Record<string, NamedArray>>,
): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => {
      const isHalved = HALVED.some((prefix) => name.startsWith(prefix));
      if (!isHalved || !(data instanceof Float32Array)) return [name, { shape, data }];
      const large = data.findIndex((value) => Math.abs(value) > LARGEST);
      if (large >= 0) {
        throw new RangeError(
          `Cannot save a checkpoint in 16 bits as all numbers must lie within ${LARGEST}: "${name}" has ${
            data[large]
          } at ${large}; keep its 32 bits`,
        );
      }
      return [name, { shape, data: new Float16(data) }];
    }),
  );
}

/** The file with float32 in the place of 16 bits. */
export function withWideNumbers({ arrays, metadata }: Safetensors): Safetensors {
  return {
    metadata,
    arrays: Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, data }]) => [
        name,
        { shape, data: data instanceof Float16 ? widened(data) : data },
      ]),
    ),
  };
}
