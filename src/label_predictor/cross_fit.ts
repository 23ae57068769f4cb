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
import { decodeSafetensors, encodeSafetensors } from "../io/safetensors.ts";
import type { JobShard } from "../job_shard.ts";
import { Random } from "../random.ts";
import { type FitOptions, FitThread } from "./fit_thread.ts";
import { FrequencyPredictor } from "./frequency.ts";
import { trainingFor } from "./fit_perceptron.ts";
import type { LabelPredictor, LabelPredictorName } from "./label_predictor.ts";
import { PerceptronPredictor } from "./perceptron.ts";
import { countRelations } from "./relation_counts.ts";

/** Number of parts that the images are divided into; each is left out of one fit. */
const FOLDS = 5;

/** Raise it when the same settings give another fit, so that cached fits are not used. */
const VERSION = 1;

/** Settings of {@linkcode crossFit}; the seed is that of the parts, too. */
export interface CrossFitOptions extends FitOptions {
  /** Kind of the label predictor; class statistics use neither recipe nor counts. */
  name: LabelPredictorName;
  /**
   * Number of fits that run at once; the result does not depend on it. Default: one for
   * each core.
   */
  workers?: number;
  /** Folder that keeps finished fits, so that a second run does not repeat them. */
  cache?: string;
  /** Whether a fit that the folder lacks is made (default) or refused. */
  mayFit?: boolean;
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
  const { sets, foldOf } = setsOf(images, options);
  if (options.name === "frequency") {
    const [predictor, ...outOfFold] = fitFrequencies(sets, options);
    return { predictor, without: (i) => outOfFold[foldOf[i]] };
  }
  if (options.mayFit === false) await checkKept(sets, options);
  const [predictor, ...outOfFold] = await fitPerceptrons(sets, options);
  return { predictor, without: (i) => outOfFold[foldOf[i]] };
}

/**
 * Makes the fits of one of several jobs, of the six that {@linkcode crossFit} takes. Class
 * statistics have none, as they take no time.
 *
 * @param images The training images.
 * @param options How the label predictor is fitted; `cache` is the folder for the fits.
 * @param shard The job; default: the only one.
 * @returns Number of fits of the job, and of all jobs.
 */
export async function keepFits(
  images: readonly AnnotatedImage[],
  options: CrossFitOptions & Required<Pick<CrossFitOptions, "cache">>,
  { index, count }: JobShard = { index: 1, count: 1 },
): Promise<{ mine: number; all: number }> {
  if (options.name === "frequency") return { mine: 0, all: 0 };
  const { sets } = setsOf(images, options);
  const mine = sets.filter((_, set) => set % count === index - 1);
  await fitPerceptrons(mine, options);
  return { mine: mine.length, all: sets.length };
}

/**
 * The images of each fit: all of them, and all without one part. The fit on all images takes
 * longest, so it comes first: fewer cores idle at the end.
 */
function setsOf(
  images: readonly AnnotatedImage[],
  { seed }: CrossFitOptions,
): { sets: Sets; foldOf: Int32Array } {
  if (images.length < FOLDS) {
    throw new RangeError(
      `Cannot fit a label predictor out of fold as there must be ${FOLDS} or more images: found ${images.length}; add images, or give relationLogits of your own`,
    );
  }
  const order = Int32Array.from(images, (_, i) => i);
  new Random(seed, "folds").shuffle(order);
  const foldOf = new Int32Array(images.length);
  order.forEach((image, place) => foldOf[image] = place % FOLDS);
  const parts = Array.from(
    { length: FOLDS },
    (_, fold) => images.filter((_, i) => foldOf[i] !== fold),
  );
  return { sets: [images, ...parts], foldOf };
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
      const path = cache && pathOf(cache, sets[set], options);
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

/** Refuses a folder that lacks fits. */
async function checkKept(sets: Sets, options: CrossFitOptions): Promise<void> {
  const { cache = "" } = options;
  const paths = sets.map((images) => pathOf(cache, images, options));
  const found = await Promise.all(paths.map(exists));
  const missing = paths.filter((_, set) => !found[set]);
  if (missing.length === 0) return;
  throw new RangeError(
    `Cannot preprocess a part as all ${sets.length} fits of the label predictor must be in "${cache}": missing ${missing.length}, such as "${
      missing[0]
    }"; run "deno task preprocess" with the same settings and --fits-only first`,
  );
}

function pathOf(
  cache: string,
  images: readonly AnnotatedImage[],
  options: CrossFitOptions,
): string {
  return `${cache}/${hashOf(images, options)}.safetensors`;
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
