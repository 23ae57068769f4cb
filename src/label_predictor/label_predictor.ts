/**
 * Where the first logits of a pair come from when no detector gives them: what is said
 * of two entities by their labels and boxes alone, one pair at a time.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";

/** Names of the label predictors that can be fitted. */
export const LABEL_PREDICTORS = ["frequency", "perceptron"] as const;

/** Name of a label predictor. */
export type LabelPredictorName = typeof LABEL_PREDICTORS[number];

/** The N entities of one image, as far as they are known. */
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

/** Says how each ordered pair of entities may be related. */
export interface LabelPredictor {
  /** Which kind it is. */
  readonly name: LabelPredictorName;
  /**
   * Logits of every ordered pair; where they are computed on the current backend of
   * TensorFlow.js, they come later.
   *
   * @param input The entities.
   * @returns `[N, N, P]`, subject first: logarithms of probabilities, the last that of
   * "no relation". On the diagonal "no relation" is certain.
   */
  predictRelations(input: RelationInput): Float32Array | Promise<Float32Array>;
  /** All that it has learned, for a file. */
  toArrays(): Record<string, NamedArray>;
}

/** No probability is taken to be less, so that every logit is finite. */
export const LEAST_PROBABILITY = 1e-9;

/**
 * Fills the logits of the pairs of an entity with itself: "no relation" for certain.
 *
 * @param logits `[N, N, P]`, changed.
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
