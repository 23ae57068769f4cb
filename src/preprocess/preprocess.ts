/**
 * Makes a processed dataset from annotated images: fits a label predictor and writes its
 * logits of every pair beside the annotations.
 *
 * @module
 */

import { useBackend } from "../kernels/backend.ts";
import type { MendedCounts } from "../foreign/mended.ts";
import type { ForeignOptions } from "../foreign/rules.ts";
import type { AnnotatedImage, Example, Logits } from "../example.ts";
import { type Dataset, DatasetWriter } from "../dataset/dataset.ts";
import { type DatasetRecipe, makeDataset, WORK } from "../dataset/make.ts";
import {
  type DatasetInfo,
  LABEL_PREDICTOR_FILE,
  type SplitName,
  SPLITS,
} from "../dataset/manifest.ts";
import { sha256 } from "../checksum.ts";
import { exists, readFile, writeFileAtomically } from "../files.ts";
import { decodeSafetensors, encodeSafetensors } from "../io/safetensors.ts";
import { crossFit } from "../label_predictor/cross_fit.ts";
import { certainProfileLogits } from "../label_predictor/entity_profiles.ts";
import type { ExternalCounts } from "../label_predictor/external_counts.ts";
import {
  type PerceptronTraining,
  trainingFor,
} from "../label_predictor/fit_perceptron.ts";
import type {
  LabelPredictor,
  LabelPredictorName,
} from "../label_predictor/label_predictor.ts";
import { labelPredictorFrom } from "../label_predictor/load.ts";
import { softmaxRows } from "../softmax.ts";
import { Vocabulary } from "../vocabulary.ts";

/** Raise it when the same inputs give another dataset, so that old ones are made anew. */
const VERSION = 3;

/** An annotated image; entity logits from a detector are kept. */
export interface ImageOfSplit
  extends AnnotatedImage, Partial<Pick<Logits, "entityLogits">> {
  /** The annotated image that this is a form of; the label predictor is fitted on it. */
  whole?: AnnotatedImage;
}

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
   * Folder that keeps finished fits, for several datasets of the same images; default: one
   * that is removed with the dataset's other temporary files.
   */
  fits?: string;
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
 * @throws {RangeError} If `checkExample` refuses an image, or there are too few images.
 */
export async function preprocess(
  folder: string,
  images: SplitImages,
  info: PreprocessInfo,
  options: PreprocessOptions = {},
): Promise<Dataset> {
  const { labelPredictor: name = "perceptron", seed = 0, onProgress } = options;
  const counts = name === "perceptron" ? options.counts : undefined;
  const { training = trainingFor(counts), workers, onWait } = options;
  const { imagesHash, details, ...known } = info;
  const settings = name === "perceptron"
    ? { ...training, ...counts && { counts: describeCounts(counts) } }
    : {};
  const text = JSON.stringify([
    VERSION,
    imagesHash,
    info.vocabulary,
    name,
    seed,
    settings,
  ]);
  const recipe = {
    onWait,
    info: {
      ...known,
      inputsHash: sha256(text),
      seed,
      labelPredictor: { name, simulated: false, outOfFold: true, ...settings },
      ...(details ? { details } : {}),
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
  const vocabulary = new Vocabulary(info.vocabulary);
  const seen = options.fitOn ?? [...images.train, ...images.validation];
  const placeOf = new Map(seen.map((image, place) => [image, place]));
  const numImages = SPLITS.reduce((sum, split) => sum + images[split].length, 0);
  return await makeDataset(folder, recipe, async (aside) => {
    const cache = options.fits ?? `${aside}/${WORK}`;
    let fitted = 0, done = 0;
    const { predictor, without } = await crossFit(seen, {
      ...{ name, vocabulary, seed, workers, training, counts, cache },
      onProgress(done, total) {
        fitted = total;
        onProgress?.(done, total + numImages);
      },
    });
    await useBackend("wasm");
    const writer = await DatasetWriter.create(aside, recipe.info);
    for (const split of SPLITS) {
      for (const image of images[split]) {
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

/**
 * Adds logits to an image: its own entity logits, or else those of its annotated classes,
 * and a label predictor's relation logits.
 *
 * @param image The image.
 * @param predictor The label predictor.
 * @param vocabulary Classes and predicates.
 * @returns The example.
 */
export async function exampleOf(
  { whole: _, ...image }: ImageOfSplit,
  predictor: LabelPredictor,
  { numEntityClasses }: Vocabulary,
): Promise<Example> {
  const { boxes, width, height, entityLabels, entityLogits } = image;
  const entityProbabilities = entityLogits
    ? Float32Array.from(softmaxRows(entityLogits, numEntityClasses))
    : oneHotRows(entityLabels, numEntityClasses);
  return {
    ...image,
    entityLogits: entityLogits ?? certainProfileLogits(entityLabels, numEntityClasses),
    relationLogits: await predictor.predictRelations({
      ...{ boxes, width, height, entityProbabilities },
    }),
  };
}

function oneHotRows(labels: Int32Array, width: number): Float32Array {
  const rows = new Float32Array(labels.length * width);
  labels.forEach((label, i) => rows[i * width + label] = 1);
  return rows;
}
