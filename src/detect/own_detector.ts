/**
 * Detectors that users write: an object or a function, in a program or in a module.
 *
 * @module
 */

import { urlOf } from "../address.ts";
import type { Detections } from "../detections.ts";
import { showValue } from "../show_value.ts";
import { checkDetections } from "../foreign/detections/check_detections.ts";
import type { Detector, Picture } from "./detector.ts";

/** A detector as a function. */
export type DetectFunction = (picture: Picture) => Detections | Promise<Detections>;

/**
 * Makes a detector of an object or a function, and checks what it returns.
 *
 * @param value A {@linkcode Detector} (`name` and `dispose` may be left out), or a
 * {@linkcode DetectFunction}.
 * @param name Its name if it has none, for messages.
 * @returns The detector. Its numbers may be plain lists, and boxes and beliefs lists of rows.
 * @throws {TypeError} If the value is neither.
 */
export function asDetector(value: unknown, name: string): Detector {
  const own = (typeof value === "function" ? { detect: value } : value ?? {}) as Partial<
    Detector
  >;
  if (typeof own.detect !== "function") {
    throw new TypeError(
      `Cannot use "${name}" as a detector: it must be a function, or an object with a function "detect": found ${
        showValue(value)
      }`,
    );
  }
  const dispose = () => own.dispose?.(), shown = own.name || name;
  return {
    name: shown,
    detect: async (picture) =>
      checkDetections(
        await detectBy(own as Detector, picture, shown),
        `what the detector "${shown}" returns`,
      ),
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/**
 * Loads a module whose default export is a detector.
 *
 * @param path Path or URL of the module.
 * @returns The detector.
 * @throws {TypeError} If it cannot be imported, or exports none; the message names it.
 */
export async function loadDetectorModule(path: string): Promise<Detector> {
  const { href } = urlOf(path);
  let module: { default?: unknown };
  try {
    module = await import(href);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Cannot load the detector "${path}": ${why}`, { cause });
  }
  if (module.default === undefined) {
    throw new TypeError(
      `Cannot use "${path}" as a detector: its default export must be one: it has ${
        Object.keys(module).join(", ") || "no export"
      }; write "export default ..."`,
    );
  }
  return asDetector(module.default, path);
}

/** Calls a detector; says which one has failed, unless it says so itself. */
async function detectBy(detector: Detector, picture: Picture, name: string) {
  try {
    return await detector.detect(picture);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message || cause.name : showValue(cause);
    if (why.startsWith("Cannot ")) throw cause;
    throw new Error(`Cannot detect entities as the detector "${name}" fails: ${why}`, {
      cause,
    });
  }
}
