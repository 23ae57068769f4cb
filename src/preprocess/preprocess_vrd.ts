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
import { findSource } from "../download/sources.ts";
import { sha256 } from "../checksum.ts";
import { exists, readFile } from "../files.ts";
import { Random } from "../random.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { type ForeignOptions, ForeignRules } from "../foreign/rules.ts";
import {
  mendedDetails,
  preprocess,
  type PreprocessOptions,
  type SplitImages,
} from "./preprocess.ts";

/** Number of images of the publisher's training split that are for validation. */
export const VRD_VALIDATION_IMAGES = 400;

/** The files, in the order in which they are hashed. */
const FILES = [
  "annotations_train.json",
  "annotations_test.json",
  "train_image_metadata.json",
  "test_image_metadata.json",
  "objects.json",
  "predicates.json",
] as const;

/** Settings of {@linkcode preprocessVrd}. */
export interface PreprocessVrdOptions extends PreprocessOptions {
  /** Folder of the downloaded files. */
  raw: string;
  /** Name of the dataset; default `"vrd"`. */
  name?: string;
  /** Folder of the dataset. */
  out: string;
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
  const { raw, onWarning } = options;
  const { vocabulary, train, test, hash, rules } = await readVrd(raw, options);
  for (const { place, problem } of rules.warnings) onWarning?.(`${place} ${problem}`);
  const { title, publisher, licence } = findSource("vrd");
  return await preprocess(options.out, { ...splitTraining(train), test }, {
    name: options.name ?? "vrd",
    vocabulary: vocabulary.toJSON(),
    source: `${title}, ${publisher}`,
    licence,
    command: options.command,
    imagesHash: `${hash} ${VRD_VALIDATION_IMAGES}`,
    details: { entityLabels: "given", ...mendedDetails(rules.counts) },
  }, options);
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
    if (!await exists(path)) {
      throw new RangeError(
        `Cannot preprocess "vrd" as "${path}" is missing: run "deno task download vrd" first`,
      );
    }
    files[name] = { name: path, text: new TextDecoder().decode(await readFile(path)) };
  }
  return files as Record<typeof FILES[number], JsonFile>;
}
