/**
 * Cross-fitting: gives each training image logits of a label predictor that was fitted
 * without its annotations, since a model trained on over-confident logits learns from them
 * wrongly.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import { sha256 } from "../checksum.ts";
import { exists, readFile, writeFileAtomically } from "../files.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
} from "../io/safetensors.ts";
import { Random } from "../random.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { CrossFitMessage, CrossFitReport } from "./cross_fit_worker.ts";
import { FrequencyPredictor } from "./frequency.ts";
import type { ExternalCounts } from "./external_counts.ts";
import { type PerceptronTraining, trainingFor } from "./fit_perceptron.ts";
import type { LabelPredictor, LabelPredictorName } from "./label_predictor.ts";
import { PerceptronPredictor } from "./perceptron.ts";
import { countRelations } from "./relation_counts.ts";

/** Number of parts that the images are divided into; each is left out of one fit. */
const FOLDS = 5;

/** Raise it when the same settings give another fit, so that cached fits are not used. */
const VERSION = 1;

/** Settings of {@linkcode crossFit}. */
export interface CrossFitOptions {
  /** Kind of the label predictor. */
  name: LabelPredictorName;
  /** Classes and predicates of the images. */
  vocabulary: Vocabulary;
  /** Seed of the parts and of the fits. */
  seed: number;
  /**
   * Number of fits that run at once; the result does not depend on it. Default: one for
   * each core.
   */
  workers?: number;
  /** Folder that keeps finished fits, so that a second run does not repeat them. */
  cache?: string;
  /** Recipe of the perceptron; default: that of {@linkcode trainingFor}. */
  training?: PerceptronTraining;
  /**
   * Counts of relations in other images than these, which the perceptron takes as inputs;
   * default: none. Class statistics do not use them.
   */
  counts?: ExternalCounts;
  /** Called from time to time with the number of images fitted so far, and in all. */
  onProgress?: (done: number, total: number) => void;
}

/** Result of {@linkcode crossFit}. */
export interface CrossFitted {
  /** Fitted on all images; for other images than these. */
  predictor: LabelPredictor;
  /** The label predictor that was fitted without image i. */
  without: (i: number) => LabelPredictor;
}

/**
 * Fits a label predictor on all images, and once more without each of five parts.
 *
 * @param images The training images; each is drawn into one of the parts.
 * @param options Kind of the label predictor, and how it is fitted.
 * @returns The label predictors.
 * @throws {RangeError} If there are fewer than five images.
 */
export async function crossFit(
  images: readonly AnnotatedImage[],
  options: CrossFitOptions,
): Promise<CrossFitted> {
  if (images.length < FOLDS) {
    throw new RangeError(
      `Cannot fit a label predictor out of fold as there must be ${FOLDS} or more images: found ${images.length}; add images, or give relationLogits of your own`,
    );
  }
  const order = Int32Array.from(images, (_, i) => i);
  new Random(options.seed, "folds").shuffle(order);
  const foldOf = new Int32Array(images.length);
  order.forEach((image, place) => foldOf[image] = place % FOLDS);
  const parts = Array.from(
    { length: FOLDS },
    (_, fold) => images.filter((_, i) => foldOf[i] !== fold),
  );
  const fit = options.name === "frequency" ? fitFrequencies : fitPerceptrons;
  // The fit on all images takes longest, so it starts first: fewer cores idle at the end.
  const [predictor, ...outOfFold] = await fit([images, ...parts], options);
  return { predictor, without: (i) => outOfFold[foldOf[i]] };
}

type Sets = readonly (readonly AnnotatedImage[])[];

function fitFrequencies(sets: Sets, { vocabulary }: CrossFitOptions): LabelPredictor[] {
  return sets.map((images) => new FrequencyPredictor(countRelations(images, vocabulary)));
}

/** Fits a perceptron on each set of images, on several cores. */
async function fitPerceptrons(
  sets: Sets,
  options: CrossFitOptions,
): Promise<LabelPredictor[]> {
  const { cache, workers = navigator.hardwareConcurrency, onProgress } = options;
  const shares = sets.map(() => 0);
  const total = sets.reduce((sum, images) => sum + images.length, 0);
  const report = (set: number, share: number) => {
    shares[set] = share;
    const done = sets.reduce((sum, images, s) => sum + shares[s] * images.length, 0);
    onProgress?.(Math.floor(done), total);
  };
  const fitted: PerceptronPredictor[] = [];
  let next = 0;
  const abort = new AbortController();
  const work = async () => {
    using thread = new FitThread(abort.signal);
    while (next < sets.length && !abort.signal.aborted) {
      const set = next++;
      const path = cache && `${cache}/${hashOf(sets[set], options)}.safetensors`;
      let arrays = path && await exists(path)
        ? decodeSafetensors(await readFile(path), path).arrays
        : undefined;
      if (!arrays) {
        const onShare = (share: number) => report(set, share);
        arrays = await thread.fit(sets[set], options, onShare);
        if (path) await writeFileAtomically(path, encodeSafetensors(arrays, {}));
      }
      fitted[set] = PerceptronPredictor.fromArrays(arrays);
      report(set, 1);
    }
  };
  try {
    const length = Math.min(Math.max(1, workers), sets.length);
    await Promise.all(Array.from({ length }, work));
  } finally {
    abort.abort(); // if a fit has failed, the others must stop
  }
  return fitted;
}

/** Hashes everything that decides the result of a fit. */
function hashOf(
  images: readonly AnnotatedImage[],
  { vocabulary, seed, counts, training = trainingFor(counts) }: CrossFitOptions,
): string {
  const external = counts &&
    [counts.subjects, counts.objects, counts.predicates, counts.counts].map((column) =>
      Array.from(column)
    );
  const text = JSON.stringify([
    VERSION,
    vocabulary,
    seed,
    training,
    images.map(({ width, height, boxes, entityLabels, relations }) => [
      width,
      height,
      ...[boxes, entityLabels, relations].map((values) => Array.from(values)),
    ]),
    ...external ? [external] : [],
  ]);
  return sha256(text).slice(0, 16);
}

/** Fits one perceptron after another in a worker, which starts with the first fit. */
class FitThread implements Disposable {
  #worker?: Worker;

  constructor(readonly signal: AbortSignal) {}

  /** Fits a perceptron; rejects if the signal aborts or the worker fails. */
  async fit(
    images: readonly AnnotatedImage[],
    { vocabulary, seed, counts, training }: CrossFitOptions,
    onShare: (share: number) => void,
  ): Promise<Record<string, NamedArray>> {
    const worker = this.#worker ??= new Worker(
      new URL("./cross_fit_worker.ts", import.meta.url),
      { type: "module" },
    );
    const { promise, resolve, reject } = Promise.withResolvers<
      Record<string, NamedArray>
    >();
    const stop = () => reject(this.signal.reason);
    this.signal.addEventListener("abort", stop);
    worker.onmessage = ({ data }: MessageEvent<CrossFitReport>) => {
      try {
        if ("share" in data) onShare(data.share);
        else if ("arrays" in data) resolve(data.arrays);
        else reject(data.error);
      } catch (error) {
        reject(error);
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`Cannot fit a perceptron in a worker: ${event.message}`));
    };
    const message: CrossFitMessage = {
      images,
      vocabulary: vocabulary.toJSON(),
      ...{ seed, training, counts },
    };
    worker.postMessage(message);
    try {
      return await promise;
    } finally {
      this.signal.removeEventListener("abort", stop);
    }
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
  }
}
