/**
 * Names of the classes that detectors trained on COCO have.
 *
 * @module
 */

import { COCO_CLASSES } from "../foreign/detections/coco_classes.ts";

/** The 80 names in the order of their ids. */
export const COCO_NAMES: readonly string[] = Object.freeze(
  COCO_CLASSES.map(({ name }) => name),
);
