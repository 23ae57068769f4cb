/**
 * Makes a processed dataset from annotated images: fits a label predictor and writes its
 * logits of every pair beside the annotations.
 *
 * @module
 */

import { useBackend } from "../kernels/backend.ts";
import type { MendedCounts } from "../foreign/mended.ts";
import type { ForeignOptions } from "../foreign/rules.ts";
import type { AnnotatedImage, Example } from "../example.ts";
import { type Dataset, DatasetWriter } from "../dataset/dataset.ts";
import { type DatasetRecipe, makeDataset, WORK } from "../dataset/make.ts";
import {
  type DatasetInfo,
  LABEL_PREDICTOR_FILE,
  type SplitName,
  SPLITS,
} from "../dataset/manifest.ts";
import { partOf } from "../dataset/part.ts";
import { folderOf, lastName } from "../address.ts";
import { sha256 } from "../checksum.ts";
import { exists, readFile, writeFileAtomically } from "../files.ts";
import { decodeSafetensors, encodeSafetensors } from "../io/safetensors.ts";
import {
  crossFit,
  type CrossFitOptions,
  keepFits,
} from "../label_predictor/cross_fit.ts";
import type { ExternalCounts } from "../label_predictor/external_counts.ts";
import {
  type PerceptronTraining,
  trainingFor,
} from "../label_predictor/fit_perceptron.ts";
import type { LabelPredictorName } from "../label_predictor/label_predictor.ts";
import { labelPredictorFrom } from "../label_predictor/load.ts";
import type { JobShard } from "../job_shard.ts";
import { Vocabulary } from "../vocabulary.ts";
import { exampleOf, type ImageOfSplit } from "./example_of.ts";

/** Raise it when the same inputs give another dataset, so that old ones are made anew. */
const VERSION = 3;

/** The annotated images of each split. */
export type SplitImages = Readonly<Record<SplitName, readonly ImageOfSplit[]>>;

/** Settings of {@linkcode preprocess}. */
export interface PreprocessOptions extends ForeignOptions, Pick<DatasetRecipe, "onWait"> {
  /** Kind of the label predictor that gives the relation logits; default `"perceptron"`. */
  labelPredictor?: LabelPredictorName;
  /** Seed of everything random; default 0. */
  seed?: number;
  /**
   * Number of fits that run at once; the result does not depend on it. Default: one for
   * each core.
   */
  workers?: number;
  /** Recipe of the perceptron; default: that of {@linkcode trainingFor}. */
  training?: PerceptronTraining;
  /** Images to fit on; default: those of training and validation. */
  fitOn?: readonly AnnotatedImage[];
  /**
   * Folder that keeps finished fits, for several datasets of the same images, and for
   * several jobs; default: one that is removed with the dataset's other temporary files, for
   * jobs `.fits_<name>` beside the dataset.
   */
  fits?: string;
  /** The part of the images to write, all of whose fits must be kept; default: all. */
  shard?: JobShard;
  /**
   * Counts of relations in other images, in the dataset's vocabulary, which the perceptron
   * takes as inputs; default: none. Class statistics do not use them.
   */
  counts?: SourcedCounts;
  /** Called with each thing that looks wrong or was mended, in one line. */
  onWarning?: (text: string) => void;
  /** Called from time to time with the number of images fitted and written. */
  onProgress?: (done: number, total: number) => void;
}

/** External counts and where they come from. */
export interface SourcedCounts extends ExternalCounts {
  /** Their publisher and file, for the manifest. */
  source: string;
}

/** Properties of a dataset that are known before it is made. */
export type PreprocessInfo =
  & Pick<DatasetInfo, "name" | "vocabulary" | "source" | "licence" | "command">
  & {
    /** Hash of everything that decides the images; if it changes, they are processed anew. */
    imagesHash: string;
    /** Further entries of the manifest. */
    details?: DatasetInfo["details"];
  };

/** An entry of the manifest for what was mended; none if nothing was. */
export function mendedDetails(
  ...all: (MendedCounts | undefined)[]
): { mended?: Record<string, number> } {
  const mended: Record<string, number> = {};
  for (const [kind, count] of all.flatMap((counts) => Object.entries(counts ?? {}))) {
    mended[kind] = (mended[kind] ?? 0) + count;
  }
  return Object.keys(mended).length > 0 ? { mended } : {};
}

/** What is made into a dataset: its folder, its images, what is known of it, and how. */
export type PreprocessInput = [
  folder: string,
  images: SplitImages,
  info: PreprocessInfo,
  options?: PreprocessOptions,
];

/**
 * Makes a dataset whose entity labels are given, as in PredCls and predicate detection:
 * entity logits are certain of the annotated class, unless an image has entity logits
 * of its own. Relation logits come from a label predictor that is fitted on the training and
 * validation images: each of these images gets the logits of a fit without it. The fit on
 * all of them gives the logits of the test images and is stored with the dataset, for
 * checkpoints.
 *
 * Finished fits are kept until the dataset is complete, so an interrupted run repeats at
 * most one fit for each core.
 *
 * @param folder Folder of the dataset.
 * @param images The annotated images.
 * @param info Entries of the manifest.
 * @param options Kind of the label predictor, and how it is fitted.
 * @returns The dataset, open for reading; an existing one if it was made from the same
 * inputs.
 * @throws {RangeError} If `checkExample` refuses an image, or there are too few images, or
 * fits are missing that several jobs share.
 */
export async function preprocess(
  ...[folder, images, info, options = {}]: PreprocessInput
): Promise<Dataset> {
  const { shard, onWait, onProgress } = options;
  const { seen, settings } = fitOf(images, info, options);
  const { name, seed, counts, training, vocabulary } = settings;
  const { imagesHash, details, ...known } = info;
  const described = name === "perceptron"
    ? { ...training, ...counts && { counts: describeCounts(counts) } }
    : {};
  const hashed = [VERSION, imagesHash, info.vocabulary, name, seed, described];
  const part = partOf(shard, {
    train: images.train.length,
    validation: images.validation.length,
    test: images.test.length,
  });
  const recipe = {
    onWait,
    info: {
      ...known,
      inputsHash: sha256(JSON.stringify(hashed)),
      seed,
      labelPredictor: { name, simulated: false, outOfFold: true, ...described },
      ...(details ? { details } : {}),
      ...part.info,
    },
    check: async ({ folder }: Dataset) => {
      const path = `${folder}/${LABEL_PREDICTOR_FILE}`;
      if (!await exists(path)) {
        throw new RangeError(`Cannot find "${path}"; preprocess again`);
      }
      const { arrays, metadata } = decodeSafetensors(await readFile(path), path);
      labelPredictorFrom(metadata.name, arrays);
    },
  };
  const { ranges, numImages } = part;
  const placeOf = new Map(seen.map((image, place) => [image, place]));
  return await makeDataset(folder, recipe, async (aside) => {
    const shared = options.fits ?? (shard && sharedFits(folder));
    let fitted = 0, done = 0;
    const { predictor, without } = await crossFit(seen, {
      ...settings,
      cache: shared ?? `${aside}/${WORK}`,
      mayFit: shard === undefined,
      onProgress(done, total) {
        fitted = total;
        onProgress?.(done, total + numImages);
      },
    });
    await useBackend("wasm");
    const writer = await DatasetWriter.create(aside, recipe.info);
    for (const split of SPLITS) {
      const { first, end } = ranges[split];
      for (const image of images[split].slice(first, end)) {
        const by = split === "test"
          ? predictor
          : without(placeOf.get(image.whole ?? image)!);
        await writer.add(split, await exampleOf(image, by, vocabulary));
        onProgress?.(fitted + ++done, fitted + numImages);
      }
    }
    await writeFileAtomically(
      `${aside}/${LABEL_PREDICTOR_FILE}`,
      encodeSafetensors(predictor.toArrays(), { name }),
    );
    await writer.close();
  });
}

/**
 * Makes only the fits of the label predictor that {@linkcode preprocess} needs for the parts
 * of several jobs, or those of one job, and keeps them.
 *
 * @returns Their folder, the number of fits of this job, and that of all jobs.
 */
export async function preprocessFits(
  ...[folder, images, info, options = {}]: PreprocessInput
): Promise<{ folder: string; mine: number; all: number }> {
  const { seen, settings } = fitOf(images, info, options);
  const cache = options.fits ?? sharedFits(folder);
  const { onProgress, shard } = options;
  return {
    folder: cache,
    ...await keepFits(seen, { ...settings, cache, onProgress }, shard),
  };
}

/** Makes the examples of {@linkcode preprocess} one at a time. */
export interface ExampleMaker {
  /** Split of each image, by id. */
  splits: ReadonlyMap<string, SplitName>;
  /**
   * Adds logits to an image: those of a fit without it, if the label predictor was fitted on
   * it, as its id says.
   */
  exampleOf(image: ImageOfSplit): Promise<Example>;
}

/**
 * Opens the kept fits of the label predictor.
 *
 * @throws {RangeError} If fits are missing.
 */
export async function openExampleMaker(
  ...[folder, images, info, options = {}]: PreprocessInput
): Promise<ExampleMaker> {
  const { seen, settings } = fitOf(images, info, options);
  const cache = options.fits ?? sharedFits(folder);
  const { predictor, without } = await crossFit(seen, {
    ...settings,
    ...{ cache, mayFit: false },
  });
  await useBackend("wasm");
  const places = new Map(seen.map(({ id }, place) => [id, place]));
  return {
    splits: new Map(
      SPLITS.flatMap((split) => images[split].map(({ id }) => [id, split] as const)),
    ),
    exampleOf(image) {
      const place = places.get(image.id);
      const by = place === undefined ? predictor : without(place);
      return exampleOf(image, by, settings.vocabulary);
    },
  };
}

/** What the label predictor is fitted on, and how. */
function fitOf(
  images: SplitImages,
  info: PreprocessInfo,
  options: PreprocessOptions,
): {
  seen: readonly AnnotatedImage[];
  settings: CrossFitOptions & { training: PerceptronTraining; counts?: SourcedCounts };
} {
  const { labelPredictor: name = "perceptron", seed = 0, workers } = options;
  const counts = name === "perceptron" ? options.counts : undefined;
  const { training = trainingFor(counts) } = options;
  const vocabulary = new Vocabulary(info.vocabulary);
  return {
    seen: options.fitOn ?? [...images.train, ...images.validation],
    settings: { name, vocabulary, seed, workers, training, counts },
  };
}

/** Folder of the fits that several jobs share. */
function sharedFits(folder: string): string {
  return `${folderOf(folder)}/.fits_${lastName(folder)}`;
}

/** What a manifest says about external counts. */
function describeCounts({ source, ...columns }: SourcedCounts) {
  const { subjects, objects, predicates, counts } = columns;
  const rows = [subjects, objects, predicates, counts].map((column) => [...column]);
  return {
    source,
    kinds: counts.filter((count) => count > 0).length,
    relations: counts.reduce((sum, count) => sum + count, 0),
    sha256: sha256(JSON.stringify(rows)),
  };
}
