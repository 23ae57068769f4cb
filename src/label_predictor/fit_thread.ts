/**
 * A thread that fits perceptrons.
 *
 * @module
 */

import type { AnnotatedImage } from "../example.ts";
import type { NamedArray } from "../io/safetensors.ts";
import type { CrossFitMessage, CrossFitReport } from "./cross_fit_worker.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { ExternalCounts } from "./external_counts.ts";
import type { PerceptronTraining } from "./fit_perceptron.ts";

/** How a perceptron is fitted. */
export interface FitOptions {
  /** Classes and predicates of the images. */
  vocabulary: Vocabulary;
  /** Seed of the fit. */
  seed: number;
  /** Recipe of the perceptron; default: that of `trainingFor()`. */
  training?: PerceptronTraining;
  /**
   * Counts of relations in other images than these, which the perceptron takes as inputs;
   * default: none.
   */
  counts?: ExternalCounts;
}

/** Fits one perceptron after another in a worker, which starts with the first fit. */
export class FitThread implements Disposable {
  #worker?: Worker;

  constructor(readonly signal: AbortSignal) {}

  /** Fits a perceptron; rejects if the signal aborts or the worker fails. */
  async fit(
    images: readonly AnnotatedImage[],
    { vocabulary, seed, counts, training }: FitOptions,
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
