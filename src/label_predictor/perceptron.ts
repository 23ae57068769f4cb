/**
 * The strong label predictor: two perceptrons over labels and boxes of a pair. One tells
 * whether the two entities are related, the other which predicates hold if they are.
 *
 * `fit_perceptron.ts` fits it; this file runs it, on the current backend.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";
import { ExternalCountTable } from "./external_counts.ts";
import {
  fillDiagonal,
  type LabelPredictor,
  LEAST_PROBABILITY,
  type RelationInput,
} from "./label_predictor.ts";
import { type PairNetwork, runPairNetworks, sizesOf } from "./pair_network.ts";
import { networkFromArrays, networkToArrays } from "./pair_network_arrays.ts";
import { logSumExp } from "../softmax.ts";
import { NUM_SPATIAL_FEATURES } from "./spatial_features.ts";

/** The label predictor of two perceptrons. */
export class PerceptronPredictor implements LabelPredictor {
  /** `"perceptron"`. */
  readonly name = "perceptron";

  /**
   * @param predicates Network with the logits of the P - 1 predicates of a related pair.
   * @param relatedness Network with the logits of "not related" and "related".
   * @param counts The external counts that both were fitted with, if any.
   */
  constructor(
    readonly predicates: PairNetwork,
    readonly relatedness: PairNetwork,
    readonly counts?: ExternalCountTable,
  ) {}

  /**
   * Computes the logits of every ordered pair: log p(predicate | related) + log p(related)
   * and, last, log p(not related).
   *
   * @param input The entities.
   * @returns `[N, N, P]`.
   * @throws {RangeError} If there are not C probabilities for each box.
   */
  async predictRelations(input: RelationInput): Promise<Float32Array> {
    const n = input.boxes.length / 4;
    const extra = this.counts && {
      width: this.counts.width,
      values: this.counts.expectedLogs(input.entityProbabilities, n),
    };
    const [predicates, relatedness] = await runPairNetworks(
      [this.predicates, this.relatedness],
      input,
      extra,
    );
    const p = this.predicates.bias3.length, numPairs = relatedness.length / 2;
    const logits = new Float32Array(numPairs * (p + 1));
    const least = Math.log(LEAST_PROBABILITY);
    for (let pair = 0; pair < numPairs; pair++) {
      const from = pair * p, start = pair * (p + 1);
      const [no, yes] = [relatedness[2 * pair], relatedness[2 * pair + 1]];
      const either = logSumExp(relatedness, 2 * pair, 2 * pair + 2);
      const related = yes - either - logSumExp(predicates, from, from + p);
      for (let k = 0; k < p; k++) {
        logits[start + k] = Math.max(predicates[from + k] + related, least);
      }
      logits[start + p] = Math.max(no - either, least);
    }
    fillDiagonal(logits, p + 1);
    return logits;
  }

  /** The parameters of both networks, as `predicates/...` and `relatedness/...`. */
  toArrays(): Record<string, NamedArray> {
    return {
      ...networkToArrays(this.predicates, "predicates/"),
      ...networkToArrays(this.relatedness, "relatedness/"),
      ...this.counts?.toArrays(),
    };
  }

  /**
   * Makes the label predictor from the result of {@linkcode toArrays}.
   *
   * @param arrays The arrays by name.
   * @returns The label predictor.
   * @throws {RangeError} If an array is missing, or sizes contradict each other.
   */
  static fromArrays(arrays: Record<string, NamedArray>): PerceptronPredictor {
    const sizes = ExternalCountTable.sizesIn(arrays);
    const numFeatures = NUM_SPATIAL_FEATURES + (sizes?.numPredicates ?? 0);
    const predicates = networkFromArrays(arrays, "predicates/", numFeatures);
    const relatedness = networkFromArrays(arrays, "relatedness/", numFeatures);
    // Before the table is made, whose size is that of all pairs of classes.
    if (sizes) {
      const { numClasses, numOutputs } = sizesOf(predicates);
      const found = [sizes.numEntityClasses, sizes.numPredicates - 1];
      if (found[0] !== numClasses || found[1] !== numOutputs) {
        throw new RangeError(
          `Cannot read the label predictor "perceptron" as its external counts must be of ${numClasses} classes and ${numOutputs} predicates: found ${
            found.join(" and ")
          }`,
        );
      }
    }
    const counts = ExternalCountTable.fromArrays(arrays);
    return new PerceptronPredictor(predicates, relatedness, counts);
  }
}
