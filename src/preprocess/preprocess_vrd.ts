/**
 * Preprocesses VRD (Visual Relationship Detection), from the files that `download vrd`
 * fetches.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import type { AnnotatedImage } from "../example.ts";
import {
  type JsonFile,
  readVrdImages,
  readVrdVocabulary,
} from "../dataset/formats/vrd_json.ts";
import { readVrdDetections } from "../dataset/formats/vrd_detections.ts";
import type { Json } from "../dataset/manifest.ts";
import { findSource } from "../download/sources.ts";
import { folderOf } from "../address.ts";
import { sha256 } from "../checksum.ts";
import { exists, readFile } from "../files.ts";
import { Random } from "../random.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { type ForeignOptions, ForeignRules } from "../foreign/rules.ts";
import {
  mendedDetails,
  preprocess,
  type PreprocessInput,
  type PreprocessOptions,
  type SplitImages,
} from "./preprocess.ts";
import { DETECTED_VERSIONS } from "./measured_detector.ts";
import { vrdDetectedImages, type VrdNodes } from "./vrd_detected.ts";

/** Number of images of the publisher's training split that are for validation. */
const VRD_VALIDATION_IMAGES = 400;

/** The files, in the order in which they are hashed. */
const FILES = [
  "annotations_train.json",
  "annotations_test.json",
  "train_image_metadata.json",
  "test_image_metadata.json",
  "objects.json",
  "predicates.json",
] as const;

/** Whose labels the entities have. */
export const VRD_DETECTIONS = ["none", "rcnn"] as const;

/** Whose labels the entities have. */
export type VrdDetections = typeof VRD_DETECTIONS[number];

/** Raise it when the same files give other entity logits. */
const VERSION = 1;

/** Settings of {@linkcode preprocessVrd}. */
export interface PreprocessVrdOptions extends PreprocessOptions {
  /** Folder of the downloaded files. */
  raw: string;
  /** Name of the dataset; default `"vrd"`, with detections `"vrd_rcnn_half0"` or `..1`. */
  name?: string;
  /** Folder of the dataset. */
  out: string;
  /**
   * `"none"`: labels are given; `"rcnn"`: they are in doubt as those of the publishers'
   * detector are, see {@linkcode vrdDetectedImages}. Default `"none"`.
   */
  detections?: VrdDetections;
  /** With `"rcnn"`, the half of the test images that is scored, 0 or 1. */
  half?: number;
  /** With `"rcnn"`, entities of the test images; default `"annotated"`. */
  nodes?: VrdNodes;
  /**
   * With `"rcnn"`, times that each training image is drawn with other simulated detections;
   * default {@linkcode DETECTED_VERSIONS}.
   */
  versions?: number;
  /** The command line, which the manifest records. */
  command: string;
}

/**
 * Makes the processed dataset of VRD.
 *
 * The test split is the publisher's. Of the 4,000 training images 400 are for validation,
 * the same ones for every seed.
 *
 * @param options Where to read and write, and how the label predictor is fitted.
 * @returns The dataset, open for reading; an existing one if it was made from the same
 * inputs.
 * @throws {RangeError} If a file is missing or has impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function preprocessVrd(options: PreprocessVrdOptions): Promise<Dataset> {
  return await preprocess(...await prepareVrd(options));
}

/** Reads the images for {@linkcode preprocessVrd}, and says how they are made into a dataset. */
export async function prepareVrd(
  options: PreprocessVrdOptions,
): Promise<PreprocessInput> {
  const { raw, onWarning, detections = "none" } = options;
  const vrd = await readVrd(raw, options);
  const { vocabulary, hash, rules } = vrd;
  const given = { ...splitTraining(vrd.train), test: vrd.test };
  const form: VrdForm = detections === "none"
    ? { name: "vrd", images: given, hash: "", details: { entityLabels: "given" } }
    : await detectedForm(given, vocabulary, options);
  for (const { place, problem } of rules.warnings) onWarning?.(`${place} ${problem}`);
  const { title, publisher, licence } = findSource("vrd");
  return [options.out, form.images, {
    name: options.name ?? form.name,
    vocabulary: vocabulary.toJSON(),
    source: `${title}, ${publisher}`,
    licence: form.licence ?? licence,
    command: options.command,
    imagesHash: `${hash} ${VRD_VALIDATION_IMAGES}${form.hash}`,
    details: { ...form.details, ...mendedDetails(rules.counts) },
  }, {
    ...options,
    // The same label predictor for the same images, whatever their labels.
    fitOn: [...given.train, ...given.validation],
    fits: options.fits ?? `${folderOf(options.out)}/.fits_vrd`,
  }];
}

/**
 * The name of a dataset with detected labels.
 *
 * @param half Half of the test images that is scored.
 * @param nodes Entities of the test images.
 * @returns `vrd_rcnn_half0`, or `vrd_rcnn_half0_boxes` if they are detected boxes.
 */
export function vrdRcnnName(half: number | undefined, nodes: VrdNodes): string {
  return `vrd_rcnn_half${half ?? ""}${nodes === "detections" ? "_boxes" : ""}`;
}

/** The images of a dataset, and what the manifest says of them. */
interface VrdForm {
  name: string;
  images: SplitImages;
  /** Continues the hash of the images. */
  hash: string;
  licence?: string;
  details: { readonly [key: string]: Json };
}

async function detectedForm(
  given: ReturnType<typeof splitTraining> & { test: AnnotatedImage[] },
  vocabulary: Vocabulary,
  { raw, half, seed = 0, versions = DETECTED_VERSIONS, nodes = "annotated" }:
    PreprocessVrdOptions,
): Promise<VrdForm> {
  if (half !== 0 && half !== 1) {
    throw new RangeError(
      `Cannot preprocess "vrd" with detections as the half of the test images to score must be 0 or 1: found ${
        half ?? "none"
      }; add --half 0, and preprocess half 1 in another run`,
    );
  }
  const { licence, files: [found, paths] } = findSource("vrd_rcnn");
  const read = async ({ name }: { name: string }) => {
    const path = `${raw}/${name}`;
    await checkPresent(path, "vrd_rcnn");
    return { name: path, bytes: await readFile(path) };
  };
  const files = [await read(found), await read(paths)] as const;
  const numClasses = vocabulary.numEntityClasses;
  const detections = await readVrdDetections(...files, numClasses);
  const options = { numClasses, half, versions, seed, nodes };
  const { images, counts, sharing } = vrdDetectedImages(given, detections, options);
  const hashes = files.map(({ bytes }) => sha256(bytes));
  return {
    name: vrdRcnnName(half, nodes),
    images,
    hash: ` ${[...hashes, half, versions, VERSION].join(" ")}${
      nodes === "annotated" ? "" : ` ${nodes}`
    }`,
    licence: `annotations: ${findSource("vrd").licence}; detections: ${licence}`,
    details: {
      entityLabels:
        "test: R-CNN of the publishers; training and validation: simulated detections; beliefs and simulation measured on the half of the test images that is not scored",
      half,
      halves: "by a hash of the image's name",
      versions,
      sharing,
      ...nodes === "detections" && { boxes: "detected" },
      detected: Object.fromEntries(
        Object.entries(counts).map(([key, value]) => [key, { ...value }]),
      ),
    },
  };
}

/** VRD in the publisher's splits. */
export interface Vrd {
  vocabulary: Vocabulary;
  train: AnnotatedImage[];
  test: AnnotatedImage[];
  /** SHA-256 over the files. */
  hash: string;
  /** What was mended. */
  rules: ForeignRules;
}

/**
 * Reads the downloaded files.
 *
 * @param folder Folder of the files.
 * @param options What to do about boxes and names that can be mended.
 * @returns The annotated images.
 * @throws {RangeError} If a file is missing or has impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function readVrd(
  folder: string,
  { strict, cutBoxes }: ForeignOptions = {},
): Promise<Vrd> {
  const files = await readFiles(folder);
  const rules = new ForeignRules({ strict, cutBoxes });
  const vocabulary = readVrdVocabulary(
    files["objects.json"],
    files["predicates.json"],
    rules,
  );
  const read = (split: "train" | "test") =>
    readVrdImages(
      files[`annotations_${split}.json`],
      files[`${split}_image_metadata.json`],
      vocabulary,
      rules,
    );
  const texts = JSON.stringify(FILES.map((name) => files[name].text));
  return {
    vocabulary,
    train: read("train"),
    test: read("test"),
    hash: sha256(texts),
    rules,
  };
}

/**
 * Divides the publisher's training images into training and validation images.
 *
 * @param images All training images.
 * @returns `validation`: at most a tenth of the images, drawn by name, so that neither the
 * order of the file nor a seed matters; `train`: the others. Both keep the given order.
 */
export function splitTraining(
  images: readonly AnnotatedImage[],
): Pick<SplitImages, "train" | "validation"> {
  const names = images.map(({ id }) => id).sort();
  new Random("vrd validation").shuffle(names);
  const count = Math.min(VRD_VALIDATION_IMAGES, Math.floor(images.length / 10));
  const chosen = new Set(names.slice(0, count));
  return {
    train: images.filter(({ id }) => !chosen.has(id)),
    validation: images.filter(({ id }) => chosen.has(id)),
  };
}

async function readFiles(
  folder: string,
): Promise<Record<typeof FILES[number], JsonFile>> {
  const files: Partial<Record<typeof FILES[number], JsonFile>> = {};
  for (const name of FILES) {
    const path = `${folder}/${name}`;
    await checkPresent(path, "vrd");
    files[name] = { name: path, text: new TextDecoder().decode(await readFile(path)) };
  }
  return files as Record<typeof FILES[number], JsonFile>;
}

async function checkPresent(path: string, source: string): Promise<void> {
  if (await exists(path)) return;
  throw new RangeError(
    `Cannot preprocess "vrd" as "${path}" is missing: run "deno task download ${source}" first`,
  );
}
