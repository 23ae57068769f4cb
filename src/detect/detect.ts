/**
 * Detectors for programs. Nothing of a detector is loaded before one is asked for.
 *
 * @module
 */

import { BOOLEAN, checkOptions, NUMBER, TEXT } from "../check_options.ts";
import { showValue } from "../show_value.ts";
import type { Detections } from "../detections.ts";
import type { BackendName } from "../kernels/backend.ts";
import type { Detector, Picture } from "./detector.ts";
import type { DetectorOptions } from "./open_detector.ts";
import type { DetectFunction } from "./own_detector.ts";
import type { ImageSource } from "./picture.ts";

export type { DetectFunction, Detector, DetectorOptions, ImageSource, Picture };

/** Settings of {@linkcode detect}. */
export interface DetectOptions {
  /**
   * The detector: from {@linkcode loadDetector}, or your own, as an object or a function.
   * Default: CenterNet, which is loaded once and stays loaded.
   */
  detector?: Detector | DetectFunction;
  /** The backend of the default detector; default as in {@linkcode loadDetector}. */
  backend?: BackendName;
}

/** The default detectors by backend. */
const shared = new Map<BackendName | undefined, Promise<Detector>>();

/**
 * Loads a detector.
 *
 * @param name `centernet`, the default: 80 classes, 4 MB. A path or URL of a module (`.ts`,
 * `.js`, `.mjs`) whose default export is a detector, or of a YOLO model (`.onnx`). Or
 * `transformers:` and the name or folder of a model of `@huggingface/transformers`.
 * @param options Threshold, backend, and where files lie.
 * @returns The detector; dispose it, or declare it with `using`.
 * @throws {RangeError} If no detector is called so, or an option is out of its range.
 * @throws {TypeError | SyntaxError} If it cannot be fetched or is damaged.
 *
 * @example
 * ```ts
 * import { loadDetector } from "./detect.ts";
 * using detector = await loadDetector("centernet", { backend: "wasm", minBelief: 0.3 });
 * const black = { width: 64, height: 48, data: new Uint8ClampedArray(64 * 48 * 4) };
 * const { boxes, classes } = await detector.detect(black);
 * if (boxes.length % 4 !== 0 || classes[0] !== "person") throw new Error();
 * ```
 */
export async function loadDetector(
  name = "centernet",
  options: DetectorOptions = {},
): Promise<Detector> {
  if (typeof name !== "string") {
    throw new TypeError(
      `Cannot find the detector as its name must be a text: found ${showValue(name)}`,
    );
  }
  checkOptions(options, "loadDetector()", {
    ...{ minBelief: NUMBER, backend: TEXT, modelFolder: undefined },
    fit: (option) => option.oneOf(["stretch", "letterbox"]),
    ...{ onProgress: undefined, deterministic: BOOLEAN, wasmPath: undefined },
    classes: (option) => option.names(),
  });
  const { openDetector } = await import("./open_detector.ts");
  return await openDetector(name, options);
}

/**
 * Finds the entities of a photograph.
 *
 * @param image JPEG, PNG or WebP, and in a browser whatever it knows: the file as bytes or
 * as a `Blob`, its URL, in Deno its path, or pixels such as `ImageData`.
 * @param options The detector.
 * @returns Boxes in pixels of the upright photograph, likeliest first, and what is believed
 * of each.
 * @throws {TypeError} If the photograph or the detector cannot be fetched.
 * @throws {SyntaxError | RangeError} If it cannot be decoded, or is too large.
 *
 * @example
 * ```ts
 * import { detect } from "./detect.ts";
 * const image = { width: 2, height: 1, data: new Uint8ClampedArray(8) };
 * const { boxes, beliefs } = await detect(image, {
 *   detector: ({ width, height }) => ({
 *     imageWidth: width,
 *     imageHeight: height,
 *     classes: ["dog", "cat"],
 *     boxes: new Float32Array([0, 0, 1, 1]),
 *     beliefs: new Float32Array([0.7, 0.2]),
 *   }),
 * });
 * if (boxes.length !== 4 || beliefs.length !== 2) throw new Error();
 * ```
 */
export async function detect(
  image: ImageSource,
  options: DetectOptions = {},
): Promise<Detections> {
  checkOptions(options, "detect()", { detector: undefined, backend: TEXT });
  const { detector, backend } = options;
  const { readPicture } = await import("./picture.ts");
  const [picture, usable] = await Promise.all([
    readPicture(image),
    detector ? usableDetector(detector) : defaultDetector(backend),
  ]);
  return await usable.detect(picture);
}

async function usableDetector(
  detector: Detector | DetectFunction,
): Promise<Pick<Detector, "detect">> {
  const { asDetector } = await import("./own_detector.ts");
  return asDetector(detector, detector.name || "detector");
}

/** A failure, as without a network, is not kept. */
function defaultDetector(backend: BackendName | undefined): Promise<Detector> {
  const loading = shared.get(backend) ?? loadDetector("centernet", { backend });
  shared.set(backend, loading);
  loading.catch(() => shared.delete(backend));
  return loading;
}
