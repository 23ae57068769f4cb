/**
 * Opens a detector by what a user calls it.
 *
 * @module
 */

import { lastName, urlOf } from "../address.ts";
import { nearestName } from "../nearest.ts";
import { CenterNet, type CenterNetOptions } from "./centernet.ts";
import type { Detector } from "./detector.ts";
import { loadDetectorModule } from "./own_detector.ts";

/** Settings of a detector; one that the user wrote has its own. */
export interface DetectorOptions extends CenterNetOptions {
  /** Names of the classes of an ONNX model that does not name them itself. */
  classes?: readonly string[];
}

/** How weights of other programs end. */
const WEIGHTS = /\.(pt|pth|ckpt|engine|tflite|torchscript|mlmodel|pb|h5|safetensors)$/i;

/** Begins the name of a model of the package `@huggingface/transformers`. */
const TRANSFORMERS = "transformers:";

/**
 * Loads a detector, and the packages that it needs, but no others.
 *
 * @param name `centernet`; a module (`.ts`, `.js`, `.mjs`) whose default export is a
 * detector; a YOLO model (`.onnx`); or `transformers:` and the name or folder of a model.
 * @param options Threshold, backend, where files lie.
 * @returns The detector, which the caller disposes.
 * @throws {RangeError} If the name is none of these.
 * @throws {TypeError | SyntaxError | RangeError} If it cannot be loaded; the message says why.
 */
export async function openDetector(
  name: string,
  options: DetectorOptions = {},
): Promise<Detector> {
  if (name === "centernet") return await CenterNet.load(options);
  if (name.startsWith(TRANSFORMERS)) {
    const { loadTransformersDetector } = await import("./transformers.ts");
    return await loadTransformersDetector(name.slice(TRANSFORMERS.length), options);
  }
  const { pathname } = urlOf(name);
  if (/\.onnx$/i.test(pathname)) {
    const { loadYolo } = await import("./yolo.ts");
    return await loadYolo(name, options);
  }
  if (/\.[mc]?[jt]s$/i.test(pathname)) return await loadDetectorModule(name);
  if (WEIGHTS.test(pathname)) {
    throw new RangeError(
      `Cannot use the detector "${name}" as it must be an ONNX file: found weights of another program; export them, with Ultralytics' by "yolo export model=${
        lastName(name)
      } format=onnx"`,
    );
  }
  const nearest = nearestName(name, ["centernet", "transformers:<model>"]);
  throw new RangeError(
    `Cannot find the detector "${name}": it must be centernet, a module (.ts, .js), a YOLO model (.onnx) or transformers:<model>; the nearest is "${nearest}"`,
  );
}
