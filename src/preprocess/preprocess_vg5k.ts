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
import { detectedImages, type Vg5kDetected, type Vg5kNodes } from "./vg5k_detected.ts";
import { DETECTED_VERSIONS } from "./measured_detector.ts";
import { mixedImages, statedImages } from "./vg5k_mixed.ts";
import { vg5kExternalCounts } from "./vg5k_external_counts.ts";

/** Whose labels the entities have. */
export const VG5K_DETECTIONS = ["none", "rcnn", "stated", "mixed"] as const;

/** Whose labels the entities have. */
export type Vg5kDetections = typeof VG5K_DETECTIONS[number];

/** Raise it when the same files give other entity logits. */
const VERSION = 4;

/** Settings of {@linkcode preprocessVg5k}. */
export interface PreprocessVg5kOptions extends PreprocessOptions {
  /** Folder of the downloaded files. */
  raw: string;
  /** Folder of the dataset. */
  out: string;
  /** Name of the dataset; default: that of {@linkcode vg5kName}. */
  name?: string;
  /**
   * `"none"`: labels are given; `"rcnn"`: they are those of the publishers' Faster R-CNN, see
   * {@linkcode detectedImages}; `"stated"`: they are simulated, with calibrated scores;
   * `"mixed"`: training images with labels from certain to doubtful, see
   * {@linkcode mixedImages}. Default `"none"`.
   */
  detections?: Vg5kDetections;
  /** With `"rcnn"`, which boxes become entities; default `"found"`. */
  nodes?: Vg5kNodes;
  /**
   * With `"rcnn"`, forms of each training image: one with its real detections, the others
   * with simulated ones; default {@linkcode DETECTED_VERSIONS}.
   */
  versions?: number;
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
  const { images, entityLabels, measured, form = [] } = await FORMS[detections](
    found,
    options,
  );
  const { title, publisher, licence } = findSource("vg5k");
  return [out, images, {
    name: options.name ?? vg5kName(detections, options.nodes),
    vocabulary: vocabulary.toJSON(),
    source: `${title}, ${publisher}`,
    licence,
    command,
    imagesHash: [hash, detections, options.half ?? "", VERSION, ...form].join(" "),
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

/**
 * The name of a dataset.
 *
 * @param detections Whose labels the entities have.
 * @param nodes Which boxes become entities.
 * @returns `vg5k`, `vg5k_mixed`, or `vg5k_rcnn` with `_all` if all annotated boxes are
 * entities and `_boxes` if the detector's are.
 */
export function vg5kName(detections: Vg5kDetections, nodes?: Vg5kNodes): string {
  if (detections === "none") return "vg5k";
  const ending = nodes && detections === "rcnn" ? NAME_ENDINGS[nodes] : "";
  return `vg5k_${detections}${ending}`;
}

const NAME_ENDINGS: Record<Vg5kNodes, string> = {
  found: "",
  annotated: "_all",
  detections: "_boxes",
};

/** The images in the forms of a dataset, and what the manifest says of them. */
interface Forms {
  images: SplitImages;
  entityLabels: string;
  measured: Record<string, Json>;
  /** Further settings that decide the images. */
  form?: readonly (string | number)[];
}

const FORMS: Record<
  Vg5kDetections,
  (found: Vg5k, options: PreprocessVg5kOptions) => Forms | Promise<Forms>
> = {
  none: ({ images }) => ({ images, entityLabels: "given", measured: {} }),
  rcnn(
    { images, detections, vocabulary },
    { nodes = "found", versions = DETECTED_VERSIONS, seed = 0 },
  ) {
    const numClasses = vocabulary.numEntityClasses;
    const options = { numClasses, nodes, versions, seed };
    const detected = detectedImages(images, detections, options);
    return {
      images: detected.images,
      entityLabels:
        "Faster R-CNN of the publishers; beliefs measured on training images, cross-fitted",
      measured: {
        ...measuredBy(detected),
        ...{ nodes, versions, sharing: detected.detector.sharing },
        ...nodes === "detections" && { boxes: "detected" },
      },
      form: [nodes, versions],
    };
  },
  stated({ images, detections, vocabulary }, { seed = 0 }) {
    const numClasses = vocabulary.numEntityClasses;
    const detected = detectedImages(images, detections, { numClasses });
    return {
      images: statedImages(images, detected.detector.doubt, seed),
      entityLabels:
        "stated: simulated, with calibrated scores; wrong as the Faster R-CNN is wrong",
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
function measuredBy({ detector, counts }: Vg5kDetected): Record<string, Json> {
  const { intercept, slope } = detector.doubt;
  const bySplit = Object.entries(counts).map(([split, of]) =>
    [split, { ...of }] as const
  );
  return {
    detected: Object.fromEntries(bySplit),
    calibration: { intercept, slope },
  };
}
