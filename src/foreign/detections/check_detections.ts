/**
 * Checks the output of a detector that somebody else has written.
 *
 * @module
 */

import type { Detections } from "../../detections.ts";
import { showValue } from "../../show_value.ts";

/**
 * Checks kinds and sizes; the values are checked where they are used.
 *
 * @param value Detections, in which numbers may be plain lists, and boxes and beliefs lists
 * of rows.
 * @param name What it is, for messages.
 * @returns The same with typed arrays.
 * @throws {TypeError} If it has another form; the message says where.
 */
export function checkDetections(value: unknown, name: string): Detections {
  const fail = (must: string, found: unknown): never => {
    throw new TypeError(`Cannot use ${name}: ${must}: found ${showValue(found)}`);
  };
  if (typeof value !== "object" || value === null) {
    return fail(
      "it must be an object with imageWidth, imageHeight, classes, boxes and beliefs",
      value,
    );
  }
  const { imageWidth, imageHeight, classes, power, ...given } = value as Detections;
  for (const [key, size] of Object.entries({ imageWidth, imageHeight })) {
    const isSize = typeof size === "number" && size > 0 && size < Infinity;
    if (!isSize) fail(`${key} must be above 0`, size);
  }
  const isNames = Array.isArray(classes) &&
    classes.every((name) => typeof name === "string");
  if (!isNames) fail("classes must be a list of names", classes);
  const boxes = numbersIn(given.boxes, "boxes", fail);
  const beliefs = numbersIn(given.beliefs, "beliefs", fail);
  if (classes.length === 0 && boxes.length > 0) {
    fail("classes must be a list of names", classes);
  }
  if (boxes.length % 4 !== 0) {
    fail("boxes must have 4 numbers each", `${boxes.length} numbers`);
  }
  const n = boxes.length / 4, k = classes.length;
  if (beliefs.length !== n * k) {
    fail(
      `${n} boxes and ${k} classes need ${n * k} beliefs`,
      `${beliefs.length} numbers`,
    );
  }
  const isPower = typeof power === "number" && power > 0 && power < Infinity;
  if (power !== undefined && !isPower) fail("power must be above 0", power);
  return {
    ...{ imageWidth, imageHeight, classes, boxes, beliefs },
    ...(power !== undefined && { power }),
  };
}

/** Numbers in a list, or in a list of rows. */
function numbersIn(
  list: unknown,
  key: string,
  fail: (must: string, found: unknown) => never,
): Float32Array {
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) {
    return fail(`${key} must be a list of numbers`, list);
  }
  const flat = list instanceof Float32Array
    ? list
    : Array.from(list as unknown as ArrayLike<unknown>).flatMap((row) =>
      typeof row === "object" && row ? Array.from(row as ArrayLike<unknown>) : row
    );
  for (const number of flat) {
    if (!Number.isFinite(number)) fail(`${key} must have finite numbers`, number);
  }
  return list instanceof Float32Array ? list : Float32Array.from(flat as number[]);
}
