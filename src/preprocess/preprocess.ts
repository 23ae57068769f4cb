/**
 * From annotated images to a processed dataset: fits a label predictor and writes what
 * it says of every pair beside the annotations.
 *
 * @module
 */

import { useBackend } from "../kernels/backend.ts";
import type { AnnotatedImage, Example, Logits } from "../example.ts";
import { Dataset, DatasetWriter } from "../dataset/dataset.ts";
import {
  type DatasetInfo,
  LABEL_PREDICTOR_FILE,
  type SplitName,
  SPLITS,
} from "../dataset/manifest.ts";
import { sha256 } from "../checksum.ts";
import { listFiles, removeFile, writeFileAtomically } from "../files.ts";
import { encodeSafetensors } from "../io/safetensors.ts";
import { crossFit } from "../label_predictor/cross_fit.ts";
import {
  PERCEPTRON_TRAINING,
  type PerceptronTraining,
} from "../label_predictor/fit_perceptron.ts";
import type {
  LabelPredictor,
  LabelPredictorName,
} from "../label_predictor/label_predictor.ts";
import { softmaxRows } from "../softmax.ts";
import { Vocabulary } from "../vocabulary.ts";

/** Probability that the logits of an entity give to its annotated class. */
const GIVEN_PROBABILITY = 0.999;

/** Folder of finished fits, in that of the dataset, until the dataset is whole. */
const CACHE = ".folds";

/** To be raised when the same inputs come to give another dataset. */
const VERSION = 2;

/** The annotated images of each split; entity logits, if a detector gave some, are kept. */
export type SplitImages = Readonly<
  Record<SplitName, readonly (AnnotatedImage & Partial<Pick<Logits, "entityLogits">>)[]>
>;

/** Settings of {@linkcode preprocess}. */
export interface PreprocessOptions {
  /** Which label predictor gives the relation logits; default `"perceptron"`. */
  labelPredictor?: LabelPredictorName;
  /** Seed of everything that chance decides; default 0. */
  seed?: number;
  /** How many fits run at a time; the result does not depend on it. Default: one a core. */
  workers?: number;
  /** Recipe of the perceptron; by default the one for VRD. */
  training?: PerceptronTraining;
  /** Called now and then with how many images have been fitted and written. */
  onProgress?: (done: number, total: number) => void;
}

/** What is known of a dataset before it is made. */
export type PreprocessInfo =
  & Pick<DatasetInfo, "name" | "vocabulary" | "source" | "licence" | "command">
  & {
    /** Hash of whatever decided the images: another one, and they are processed anew. */
    imagesHash: string;
    /** Whatever else the manifest should say. */
    details?: DatasetInfo["details"];
  };

/**
 * Makes a dataset whose entity labels are given, as PredCls and predicate detection have
 * it: entity logits are sure of the annotated class, unless an image brings its own.
 * Relation logits come from a label predictor fitted on the images of train and
 * validation, for each of these from a fit without it. A fit on all of them is used for
 * the test images and lies beside the data, for checkpoints.
 *
 * Finished fits are kept until the dataset is whole, so that a run that was cut off
 * repeats at most one of them a core.
 *
 * @param folder Where the dataset will lie.
 * @param images The annotated images.
 * @param info What the manifest will say.
 * @param options Which label predictor, and how it is fitted.
 * @returns The dataset, open for reading; the one that was there if it is the same.
 * @throws {RangeError} If an image is refused by `checkExample`, or there are too few.
 */
export async function preprocess(
  folder: string,
  images: SplitImages,
  info: PreprocessInfo,
  options: PreprocessOptions = {},
): Promise<Dataset> {
  const { labelPredictor: name = "perceptron", seed = 0, onProgress } = options;
  const { training = PERCEPTRON_TRAINING, workers } = options;
  const { imagesHash, details, ...known } = info;
  const settings = name === "perceptron" ? { ...training } : {};
  const text = JSON.stringify([
    VERSION,
    imagesHash,
    info.vocabulary,
    name,
    seed,
    settings,
  ]);
  const inputsHash = sha256(text);
  const present = await Dataset.openIfMadeFrom(folder, inputsHash);
  if (present) return present;

  const vocabulary = new Vocabulary(info.vocabulary);
  const seen = [...images.train, ...images.validation];
  const numImages = seen.length + images.test.length;
  const cache = `${folder}/${CACHE}`;
  let fitted = 0;
  const { predictor, without } = await crossFit(seen, {
    ...{ name, vocabulary, seed, workers, training, cache },
    onProgress(done, total) {
      fitted = total;
      onProgress?.(done, total + numImages);
    },
  });

  await useBackend("wasm");
  const writer = await DatasetWriter.create(folder, {
    ...known,
    inputsHash,
    seed,
    labelPredictor: { name, simulated: false, outOfFold: true, ...settings },
    ...(details ? { details } : {}),
  });
  let done = 0;
  try {
    for (const split of SPLITS) {
      const first = split === "validation" ? images.train.length : 0;
      for (const [i, image] of images[split].entries()) {
        const by = split === "test" ? predictor : without(first + i);
        await writer.add(split, await exampleOf(image, by, vocabulary));
        onProgress?.(fitted + ++done, fitted + numImages);
      }
    }
    await writeFileAtomically(
      `${folder}/${LABEL_PREDICTOR_FILE}`,
      encodeSafetensors(predictor.toArrays(), { name }),
    );
    await writer.close();
  } catch (error) {
    await writer.discard().catch(() => {}); // if a file has failed, it is closed already
    throw error;
  }
  for (const file of await listFiles(cache)) await removeFile(`${cache}/${file}`);
  await removeFile(cache);
  return await Dataset.open(folder);
}

/**
 * Logits of entities whose classes are given: as good as certain.
 *
 * @param labels The N classes.
 * @param numEntityClasses C.
 * @returns `[N, C]`.
 */
export function certainLogits(
  labels: Int32Array,
  numEntityClasses: number,
): Float32Array {
  const unlikely = Math.log((1 - GIVEN_PROBABILITY) / Math.max(1, numEntityClasses - 1));
  const logits = new Float32Array(labels.length * numEntityClasses).fill(unlikely);
  const certain = Math.log(GIVEN_PROBABILITY);
  labels.forEach((label, i) => logits[i * numEntityClasses + label] = certain);
  return logits;
}

/**
 * An image with the entity logits that it came with, or else those of its annotated
 * classes, and with a label predictor's relation logits.
 *
 * @param image The image.
 * @param predictor Gives the relation logits.
 * @param vocabulary Gives the number of classes.
 * @returns The example.
 */
export async function exampleOf(
  image: SplitImages[SplitName][number],
  predictor: LabelPredictor,
  { numEntityClasses }: Vocabulary,
): Promise<Example> {
  const { boxes, width, height, entityLabels, entityLogits } = image;
  const entityProbabilities = entityLogits
    ? Float32Array.from(softmaxRows(entityLogits, numEntityClasses))
    : oneHotRows(entityLabels, numEntityClasses);
  return {
    ...image,
    entityLogits: entityLogits ?? certainLogits(entityLabels, numEntityClasses),
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
