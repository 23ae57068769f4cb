/**
 * What every detector is: a decoded photograph in, boxes and beliefs out.
 *
 * @module
 */

import type { Detections } from "../detections.ts";

/** A decoded photograph, upright. The `ImageData` of a browser is one. */
export interface Picture {
  /** Width in pixels. */
  width: number;
  /** Height in pixels. */
  height: number;
  /** `[height, width, 4]`: red, green, blue, alpha, 0 to 255; alpha is not multiplied in. */
  data: Uint8ClampedArray | Uint8Array;
}

/** Finds the entities of photographs. It may own memory: dispose it, or use `using`. */
export interface Detector extends Disposable {
  /** Its name, for messages. */
  readonly name: string;
  /**
   * Finds the entities of one photograph.
   *
   * @param picture The photograph.
   * @returns Boxes in pixels, likeliest first, and what is believed of each.
   */
  detect(picture: Picture): Promise<Detections>;
  /** Frees its memory, as `using` does. */
  dispose(): void;
}
