/**
 * Preprocesses `vg5k`: images of Visual Genome from the files that `download vg5k` fetches.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { findSource } from "../download/sources.ts";
import { mendedDetails, preprocess, type PreprocessOptions } from "./preprocess.ts";
import { readVg5k, type Vg5k } from "./read_vg5k.ts";
import { detectedImages } from "./vg5k_detected.ts";
import { vg5kExternalCounts } from "./vg5k_external_counts.ts";

/** Whose labels the entities have. */
export const VG5K_DETECTIONS = ["none", "rcnn", "mixed"] as const;

/** Whose labels the entities have. */
export type Vg5kDetections = typeof VG5K_DETECTIONS[number];

/** Raise it when the same files give other entity logits. */
const VERSION = 1;

/** Settings of {@linkcode preprocessVg5k}. */
export interface PreprocessVg5kOptions extends PreprocessOptions {
  /** Folder of the downloaded files. */
  raw: string;
  /** Folder of the dataset. */
  out: string;
  /** Name of the dataset; default `"vg5k"`, with detections `"vg5k_rcnn"` or `"vg5k_mixed"`. */
  name?: string;
  /**
   * `"none"`: all annotated boxes, whose labels are given; `"rcnn"`: the annotated boxes
   * that the publishers' Faster R-CNN found, with its labels; `"mixed"`: training images
   * with labels from certain to doubtful, see {@linkcode mixedImages}. Default `"none"`.
   */
  detections?: Vg5kDetections;
  /** With `"mixed"`, uses the sampled beliefs of one half of the photographs. */
  half?: number;
  /** The command line, which the manifest records. */
  command: string;
}

/**
 * Makes the processed dataset.
 *
 * @param options Where to read and write, and how the label predictor is fitted. It is
 * fitted on all annotated boxes, also if only the detected ones become entities.
 * @returns The dataset, open for reading; an existing one if it was made from the same
 * inputs.
 * @throws {RangeError} If a file is missing or has impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function preprocessVg5k(options: PreprocessVg5kOptions): Promise<Dataset> {
  if (options.labelPredictor !== "frequency" && !options.counts) {
    options = { ...options, counts: await vg5kExternalCounts(options.raw) };
  }
  const { raw, out, command, detections = "none", onWarning } = options;
  const found = await readVg5k(raw, options);
  const { vocabulary, counts, hash, rules } = found;
  for (const { place, problem } of rules.warnings) onWarning?.(`${place} ${problem}`);
  const { images, name, entityLabels, measured } = detections === "rcnn"
    ? withDetections(found)
    : { images: found.images, name: "vg5k", entityLabels: "given", measured: {} };
  const { title, publisher, licence } = findSource("vg5k");
  return await preprocess(out, images, {
    name: options.name ?? name,
    vocabulary: vocabulary.toJSON(),
    source: `${title}, ${publisher}`,
    licence,
    command,
    imagesHash: `${hash} ${detections} ${VERSION}`,
    details: {
      entityLabels,
      annotated: { ...counts },
      ...measured,
      ...mendedDetails(rules.counts),
    },
  }, options);
}

/** The images of the detected boxes, and what the manifest says of them. */
function withDetections({ images, detections, vocabulary }: Vg5k) {
  const detected = detectedImages(images, detections, vocabulary.numEntityClasses);
  const { intercept, slope } = detected.doubt;
  const counts = Object.entries(detected.counts).map(([split, counts]) =>
    [split, { ...counts }] as const
  );
  return {
    images: detected.images,
    name: "vg5k_rcnn",
    entityLabels:
      "Faster R-CNN of the publishers; beliefs measured on training images, cross-fitted",
    measured: {
      detected: Object.fromEntries(counts),
      calibration: { intercept, slope },
    },
  };
}
