/**
 * Makes a fitted label predictor from the arrays of a file.
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
 * Makes a label predictor from the result of its `toArrays`.
 *
 * @param name Kind of the label predictor.
 * @param arrays Its learned numbers.
 * @returns The label predictor, ready to predict.
 * @throws {RangeError} If the kind is unknown, or an array is missing or misshapen.
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
