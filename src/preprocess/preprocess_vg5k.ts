/**
 * Preprocesses `vg5k`: images of Visual Genome from the files that `download vg5k` fetches.
 *
 * @module
 */

import { folderOf } from "../address.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { findSource } from "../download/sources.ts";
import type { Json } from "../dataset/manifest.ts";
import {
  mendedDetails,
  preprocess,
  type PreprocessInput,
  type PreprocessOptions,
  type SplitImages,
} from "./preprocess.ts";
import { readVg5k, type Vg5k } from "./read_vg5k.ts";
import { detectedImages, type Vg5kDetected } from "./vg5k_detected.ts";
import { mixedImages } from "./vg5k_mixed.ts";
import { vg5kExternalCounts } from "./vg5k_external_counts.ts";

/** Whose labels the entities have. */
export const VG5K_DETECTIONS = ["none", "rcnn", "mixed"] as const;

/** Whose labels the entities have. */
export type Vg5kDetections = typeof VG5K_DETECTIONS[number];

/** Default names of the datasets. */
const NAMES: Record<Vg5kDetections, string> = {
  none: "vg5k",
  rcnn: "vg5k_rcnn",
  mixed: "vg5k_mixed",
};

/** Raise it when the same files give other entity logits. */
const VERSION = 4;

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
  return await preprocess(...await prepareVg5k(options));
}

/** Reads the images for {@linkcode preprocessVg5k}, and says how they are made into a dataset. */
export async function prepareVg5k(
  options: PreprocessVg5kOptions,
): Promise<PreprocessInput> {
  if (options.labelPredictor !== "frequency" && !options.counts) {
    options = { ...options, counts: await vg5kExternalCounts(options.raw) };
  }
  const { raw, out, command, detections = "none", onWarning } = options;
  const found = await readVg5k(raw, options);
  const { vocabulary, counts, hash, rules } = found;
  for (const { place, problem } of rules.warnings) onWarning?.(`${place} ${problem}`);
  const { images, entityLabels, measured } = await FORMS[detections](found, options);
  const { title, publisher, licence } = findSource("vg5k");
  return [out, images, {
    name: options.name ?? NAMES[detections],
    vocabulary: vocabulary.toJSON(),
    source: `${title}, ${publisher}`,
    licence,
    command,
    imagesHash: [hash, detections, options.half ?? "", VERSION].join(" "),
    details: {
      entityLabels,
      annotated: { ...counts },
      ...measured,
      ...mendedDetails(rules.counts),
    },
  }, {
    ...options,
    // The same label predictor for the same images, whatever their labels.
    fitOn: [...found.images.train, ...found.images.validation],
    fits: options.fits ?? `${folderOf(out)}/.fits_vg5k`,
  }];
}

/** The images in the forms of a dataset, and what the manifest says of them. */
interface Forms {
  images: SplitImages;
  entityLabels: string;
  measured: Record<string, Json>;
}

const FORMS: Record<
  Vg5kDetections,
  (found: Vg5k, options: PreprocessVg5kOptions) => Forms | Promise<Forms>
> = {
  none: ({ images }) => ({ images, entityLabels: "given", measured: {} }),
  rcnn({ images, detections, vocabulary }) {
    const detected = detectedImages(images, detections, vocabulary.numEntityClasses);
    return {
      images: detected.images,
      entityLabels:
        "Faster R-CNN of the publishers; beliefs measured on training images, cross-fitted",
      measured: measuredBy(detected),
    };
  },
  async mixed({ images, detections, vocabulary }, { seed = 0, half }) {
    const mixed = await mixedImages(images, detections, { vocabulary, seed, half });
    const borrowed = mixed.sampled.borrowed.map(({ name, from }) => `${name}: ${from}`);
    return {
      images: mixed.images,
      entityLabels:
        "training: stated with calibrated scores, of the Faster R-CNN, and sampled from CenterNet's beliefs; validation: given, and of the Faster R-CNN; test: given",
      measured: {
        ...measuredBy(mixed.detected),
        sampled: { ...mixed.sampled, borrowed, ...half !== undefined && { half } },
      },
    };
  },
};

/** What was measured of the Faster R-CNN. */
function measuredBy({ doubt, counts }: Vg5kDetected): Record<string, Json> {
  const { intercept, slope } = doubt;
  const bySplit = Object.entries(counts).map(([split, of]) =>
    [split, { ...of }] as const
  );
  return {
    detected: Object.fromEntries(bySplit),
    calibration: { intercept, slope },
  };
}
