/**
 * The activation ranges in a checkpoint, for prediction in 8 bits.
 *
 * @module
 */

import type { SgpConfig } from "../config.ts";
import type { NamedArray, Safetensors } from "../io/safetensors.ts";
import type { RhoName } from "../model/gpi.ts";
import { type ActivationRanges, hiddenInputs, MOST_RANGE, RHO } from "../model/int8.ts";
import { floatArray, withPrefix } from "./_arrays.ts";

/** Prefix of the arrays. */
const PREFIX = "activation_ranges/";

/**
 * Adds the ranges to the arrays of a checkpoint.
 *
 * @throws {RangeError} If a number is out of range.
 */
export function writeRanges(
  ranges: ActivationRanges,
  arrays: Record<string, NamedArray>,
): void {
  for (const net of RHO) {
    for (const [i, data] of ranges[net].entries()) {
      const key = `${PREFIX}${net}/${i}`;
      arrays[key] = { shape: [data.length], data };
      checkRange(key, data, "Cannot save a checkpoint");
    }
  }
}

/**
 * Reads the ranges, if there are any.
 *
 * @param file The file.
 * @param config Has the layers.
 * @param name Name of the file, for errors.
 * @throws {RangeError} If a range is missing, of no layer, or a number out of range.
 */
export function readRanges(
  file: Safetensors,
  config: SgpConfig,
  name: string,
): ActivationRanges | undefined {
  const found = new Set(Object.keys(withPrefix(file, PREFIX)));
  if (found.size === 0) return undefined;
  const widths = hiddenInputs(config);
  const ofNet = (net: RhoName) =>
    widths[net].map((width, i) => {
      found.delete(`${net}/${i}`);
      const key = `${PREFIX}${net}/${i}`;
      const { data } = floatArray(file, key, [width], name);
      checkRange(key, data, `Cannot read the checkpoint "${name}"`);
      return data;
    });
  const ranges = { rhoRelation: ofNet("rhoRelation"), rhoEntity: ofNet("rhoEntity") };
  for (const key of found) {
    throw new RangeError(
      `Cannot read the checkpoint "${name}" as all its ranges must belong to its layers: found "${PREFIX}${key}"`,
    );
  }
  return ranges;
}

function checkRange(key: string, data: Float32Array, what: string): void {
  const bad = data.find((value) => !(value >= 0 && value <= MOST_RANGE));
  if (bad === undefined) return;
  throw new RangeError(`${what} as "${key}" must be numbers in [0, 2^99]: found ${bad}`);
}
