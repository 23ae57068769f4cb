/**
 * The output of a detector for one image, before its classes are matched to those of a
 * model: what `src/detect/` and the readers of other programs' results make, and what a
 * prediction starts from.
 *
 * @module
 */

/** N detected boxes, and what the detector believes of each. */
export interface Detections {
  /** Width of the image in pixels. */
  imageWidth: number;
  /** Height of the image in pixels. */
  imageHeight: number;
  /** Names of the detector's K classes. */
  classes: readonly string[];
  /** `[N, 4]`: left, top, right, bottom in pixels; they may stick out of the image. */
  boxes: Float32Array;
  /**
   * `[N, K]`: belief in each class, 0 to 1. A row need not sum to 1. A row with a single
   * number above 0 is a label with its score, of whose other classes nothing is known.
   */
  beliefs: Float32Array;
  /**
   * Power of the beliefs of a box that makes them probabilities, as measured for this
   * detector: above 1 if it is surer than its beliefs say. Default 1.
   */
  power?: number;
}
