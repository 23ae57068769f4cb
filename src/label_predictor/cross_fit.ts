/**
 * Cross-fitting: logits of training images from a label predictor that has not seen
 * their annotations, so that what is trained on these logits does not learn from
 * over-confident ones.
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
import { PERCEPTRON_TRAINING, type PerceptronTraining } from "./fit_perceptron.ts";
import type { LabelPredictor, LabelPredictorName } from "./label_predictor.ts";
import { PerceptronPredictor } from "./perceptron.ts";
import { countRelations } from "./relation_counts.ts";

/** How many parts the images are divided into, as usual; each is left out once. */
const FOLDS = 5;

/** To be raised when the same settings come to fit another predictor. */
const VERSION = 1;

/** Settings of {@linkcode crossFit}. */
export interface CrossFitOptions {
  /** Which label predictor. */
  name: LabelPredictorName;
  /** Classes and predicates of the images. */
  vocabulary: Vocabulary;
  /** Decides the parts and whatever the fits leave to chance. */
  seed: number;
  /** How many fits run at a time; the result does not depend on it. Default: one a core. */
  workers?: number;
  /** Folder that keeps each finished fit, so that a second run need not repeat it. */
  cache?: string;
  /** Recipe of the perceptron; by default the one for VRD. */
  training?: PerceptronTraining;
  /** Called now and then with the images fitted so far, and in all. */
  onProgress?: (done: number, total: number) => void;
}

/** Label predictors that together have something honest to say of every image. */
export interface CrossFitted {
  /** Fitted on all images: for images that are none of them. */
  predictor: LabelPredictor;
  /** For image i of those given: fitted without it. */
  without: (i: number) => LabelPredictor;
}

/**
 * Fits a label predictor on all images, and once more without each of five parts.
 *
 * @param images The training images; their parts are drawn image by image.
 * @param options Which predictor, and how.
 * @returns The predictors.
 * @throws {RangeError} If there are too few images.
 */
export async function crossFit(
  images: readonly AnnotatedImage[],
  options: CrossFitOptions,
): Promise<CrossFitted> {
  if (images.length < FOLDS) {
    throw new RangeError(
      `Cannot fit a label predictor out of fold as ${FOLDS} images or more are needed: found ${images.length}; add some, or relationLogits of your own`,
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
  // All images first: it takes longest, and an idle core at the end costs most.
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
    abort.abort(); // if one has failed, the others must not go on
  }
  return fitted;
}

/** Names a fit by everything that decides its result. */
function hashOf(
  images: readonly AnnotatedImage[],
  { vocabulary, seed, training = PERCEPTRON_TRAINING }: CrossFitOptions,
): string {
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
  ]);
  return sha256(text).slice(0, 16);
}

/** A worker that fits one perceptron after another; it starts with the first. */
class FitThread implements Disposable {
  #worker?: Worker;

  constructor(readonly signal: AbortSignal) {}

  /** Fits one; rejects if the signal is given or the worker fails. */
  async fit(
    images: readonly AnnotatedImage[],
    { vocabulary, seed, training = PERCEPTRON_TRAINING }: CrossFitOptions,
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
      seed,
      training,
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
