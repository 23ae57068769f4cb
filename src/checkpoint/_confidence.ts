/**
 * The measurements of a network's probabilities in a checkpoint.
 *
 * @module
 */

import type { Confidence } from "../confidence/confidence.ts";
import type { Platt } from "../confidence/platt.ts";
import type { SgpConfig } from "../config.ts";
import type { NamedArray, Safetensors } from "../io/safetensors.ts";
import type { JsonValue } from "../json_value.ts";

/** Prefix of the arrays. */
const PREFIX = "confidence/";

/** The part of the measurements that is text. */
export function confidenceText({ entities, relations }: Confidence): string {
  return JSON.stringify({ entities, relations });
}

/** Adds the other part to the arrays of a checkpoint. */
export function writeConfidence(
  { labelSets, thresholds, hasOwnThreshold }: Confidence,
  arrays: Record<string, NamedArray>,
): void {
  const { groups, starts, probabilities } = labelSets;
  const all = { groups, starts, probabilities, thresholds, hasOwnThreshold };
  for (const [key, data] of Object.entries(all)) {
    arrays[PREFIX + key] = { shape: [data.length], data };
  }
}

/**
 * Reads the measurements.
 *
 * @param file The file.
 * @param text The part that is text.
 * @param config Has the sizes of the vocabulary.
 * @param name Name of the file, for errors.
 * @throws {RangeError} If an array is missing, or sizes or indices contradict each other.
 */
export function readConfidence(
  file: Safetensors,
  text: JsonValue,
  { numEntityClasses, numPredicates }: SgpConfig,
  name: string,
): Confidence {
  const array = <T extends Float32Array | Int32Array>(
    key: string,
    type: new (length: number) => T,
    length?: number,
  ): T => {
    const data = file.arrays[PREFIX + key]?.data;
    if (!(data instanceof type)) {
      return fail(key, `be ${type.name}`, data?.constructor.name);
    }
    if (length !== undefined && data.length !== length) {
      fail(key, `have ${length} numbers`, data.length);
    }
    return data as T;
  };
  const fail = (key: string, must: string, found: unknown): never => {
    throw new RangeError(
      `Cannot read the checkpoint "${name}" as "${PREFIX}${key}" must ${must}: found ${found}`,
    );
  };
  const groups = array("groups", Int32Array, numEntityClasses);
  const starts = array("starts", Int32Array);
  const probabilities = array("probabilities", Float32Array);
  const isOrdered = starts[0] === 0 && starts.at(-1) === probabilities.length &&
    starts.every((start, g) => g === 0 || start >= starts[g - 1]);
  if (!isOrdered) fail("starts", `rise from 0 to ${probabilities.length}`, starts);
  const bad = groups.find((group) => !(group >= 0 && group < starts.length - 1));
  if (bad !== undefined) fail("groups", `be in [0, ${starts.length - 1})`, bad);
  return {
    entities: readPlatt(text.at("entities")),
    relations: readPlatt(text.at("relations")),
    labelSets: { groups, starts, probabilities },
    thresholds: array("thresholds", Float32Array, numPredicates - 1),
    hasOwnThreshold: array("hasOwnThreshold", Int32Array, numPredicates - 1),
  };
}

function readPlatt(value: JsonValue): Platt {
  return {
    intercept: value.at("intercept").number(),
    slope: value.at("slope").number({ min: 0 }),
  };
}
