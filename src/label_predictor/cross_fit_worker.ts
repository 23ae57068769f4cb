/**
 * Fits perceptrons in a worker, on a WASM backend of its own.
 *
 * @module
 */

import { useBackend } from "../kernels/backend.ts";
import type { AnnotatedImage } from "../example.ts";
import type { NamedArray } from "../io/safetensors.ts";
import { Vocabulary, type VocabularyData } from "../vocabulary.ts";
import type { ExternalCounts } from "./external_counts.ts";
import { fitPerceptron, type PerceptronTraining } from "./fit_perceptron.ts";

/** A message to the worker: what to fit. */
export interface CrossFitMessage {
  images: readonly AnnotatedImage[];
  vocabulary: VocabularyData;
  seed: number;
  /** Default: that of `fitPerceptron()`. */
  training?: PerceptronTraining;
  counts?: ExternalCounts;
}

/** A message from the worker: progress, the result, or an error. */
export type CrossFitReport =
  | { share: number }
  | { arrays: Record<string, NamedArray> }
  | { error: Error };

/** Updates between two messages of progress. */
const REPORT_EVERY = 20;

const thread = globalThis as unknown as {
  postMessage(report: CrossFitReport): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<CrossFitMessage>) => void,
  ): void;
};

thread.addEventListener("message", async ({ data }) => {
  try {
    await useBackend("wasm");
    let updates = 0;
    const predictor = await fitPerceptron(data.images, {
      vocabulary: new Vocabulary(data.vocabulary),
      seed: data.seed,
      training: data.training,
      counts: data.counts,
      onProgress(share) {
        if (++updates % REPORT_EVERY === 0) thread.postMessage({ share });
      },
    });
    thread.postMessage({ arrays: predictor.toArrays() });
  } catch (error) {
    thread.postMessage({ error: error as Error });
  }
});
