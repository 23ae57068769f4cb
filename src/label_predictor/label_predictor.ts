/**
 * A label predictor gives the first logits of pairs if no detector gives them. It judges
 * each pair of entities alone, by their labels and boxes.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";

/** Names of the label predictors that can be fitted. */
export const LABEL_PREDICTORS = ["frequency", "perceptron"] as const;

/** Name of a label predictor. */
export type LabelPredictorName = typeof LABEL_PREDICTORS[number];

/** The N entities of an image. */
export interface RelationInput {
  /** `[N, 4]`: left, top, right, bottom in pixels. */
  boxes: ArrayLike<number>;
  /** Width of the image in pixels. */
  width: number;
  /** Height of the image in pixels. */
  height: number;
  /** `[N, C]`: probability of each class; one-hot where the label is given. */
  entityProbabilities: Float32Array;
}

/** Gives logits of the relation of each ordered pair of entities. */
export interface LabelPredictor {
  /** Kind of the label predictor. */
  readonly name: LabelPredictorName;
  /**
   * Computes the logits of every ordered pair. The result is a promise if it is computed on
   * the current backend of TensorFlow.js.
   *
   * @param input The entities.
   * @returns `[N, N, P]`, subject first: log-probabilities, the last of them of "no
   * relation", which is certain on the diagonal.
   */
  predictRelations(input: RelationInput): Float32Array | Promise<Float32Array>;
  /** All learned numbers, for a file. */
  toArrays(): Record<string, NamedArray>;
}

/** Lower limit on probabilities, so that every logit is finite. */
export const LEAST_PROBABILITY = 1e-9;

/**
 * Makes "no relation" certain in the pairs of each entity with itself.
 *
 * @param logits `[N, N, P]`, changed in place.
 * @param numPredicates P.
 */
export function fillDiagonal(logits: Float32Array, numPredicates: number): void {
  const n = Math.sqrt(logits.length / numPredicates);
  for (let i = 0; i < n; i++) {
    const start = i * (n + 1) * numPredicates;
    logits.fill(Math.log(LEAST_PROBABILITY), start, start + numPredicates - 1);
    logits[start + numPredicates - 1] = 0;
  }
}
