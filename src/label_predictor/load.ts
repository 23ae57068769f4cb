/**
 * A fitted label predictor from the arrays of a file.
 *
 * @module
 */

import type { NamedArray } from "../io/safetensors.ts";
import { nearestName } from "../nearest.ts";
import { FrequencyPredictor } from "./frequency.ts";
import {
  LABEL_PREDICTORS,
  type LabelPredictor,
  type LabelPredictorName,
} from "./label_predictor.ts";
import { PerceptronPredictor } from "./perceptron.ts";

const READERS: Record<
  LabelPredictorName,
  (arrays: Record<string, NamedArray>) => LabelPredictor
> = {
  frequency: FrequencyPredictor.fromArrays,
  perceptron: PerceptronPredictor.fromArrays,
};

/**
 * Makes a label predictor from what its `toArrays` gave.
 *
 * @param name Which kind.
 * @param arrays What it has learned.
 * @returns Ready to predict.
 * @throws {RangeError} If there is no such kind, or an array is missing or misshapen.
 */
export function labelPredictorFrom(
  name: string,
  arrays: Record<string, NamedArray>,
): LabelPredictor {
  if (Object.hasOwn(READERS, name)) return READERS[name as LabelPredictorName](arrays);
  throw new RangeError(
    `Cannot find the label predictor "${name}": the nearest is "${
      nearestName(name, LABEL_PREDICTORS)
    }"`,
  );
}
