/**
 * Checks the input of a prediction and completes it to the input of the model.
 *
 * @module
 */

import { profileLogits } from "../label_predictor/entity_profiles.ts";
import type { LabelPredictor } from "../label_predictor/label_predictor.ts";
import { softmaxRows } from "../softmax.ts";
import type { ModelInput } from "../model/batch.ts";
import type { Box } from "../scene_graph.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** One image with the output of a detector. */
export interface PredictInput {
  /** N boxes, or their 4 N numbers: left, top, right, bottom in pixels. */
  boxes: readonly Box[] | ArrayLike<number>;
  /** Width of the image in pixels. */
  imageWidth: number;
  /** Height of the image in pixels. */
  imageHeight: number;
  /** `[N, C]`, before the softmax; alternatively give labels and scores. */
  entityLogits?: ArrayLike<number>;
  /** N labels, by name or index, instead of logits. */
  entityLabels?: ArrayLike<string | number>;
  /** N probabilities of the labels, in (0, 1]; default 0.99. */
  entityScores?: ArrayLike<number>;
  /**
   * `[N, N, P]`, before the softmax, subject first, "no relation" last; default: those of
   * the checkpoint's label predictor.
   */
  relationLogits?: ArrayLike<number>;
}

/** The label predictor that a model was trained with, from its checkpoint. */
export interface Knowledge {
  /** Predicts missing relation logits. */
  labelPredictor?: LabelPredictor;
  /** `[C, C]`: completes a label and its score to a distribution over classes. */
  entityProfiles?: Float32Array;
}

/** Probability of a label without a score. */
const DEFAULT_SCORE = 0.99;

/** Greatest probability of a label; it leaves the other labels a finite logarithm. */
const GREATEST_SCORE = 1 - 1e-6;

/**
 * Checks an image and completes its logits.
 *
 * @param input The image from the caller.
 * @param vocabulary The vocabulary of the model.
 * @param knowledge Completes missing logits.
 * @returns The input of the model.
 * @throws {RangeError | TypeError} If an argument is invalid or missing; the message names
 * it, the condition and the value found.
 */
export async function readInput(
  input: PredictInput,
  vocabulary: Vocabulary,
  { labelPredictor, entityProfiles }: Knowledge,
): Promise<ModelInput> {
  const { imageWidth: width, imageHeight: height } = input;
  for (
    const [name, value] of Object.entries({ imageWidth: width, imageHeight: height })
  ) {
    if (!(value > 0 && value < Infinity)) fail(`${name} must be above 0`, value);
  }
  const boxes = readBoxes(input, width, height);
  const n = boxes.length / 4;
  const entityLogits = input.entityLogits === undefined
    ? logitsOfLabels(input, n, vocabulary, entityProfiles)
    : readNumbers("entityLogits", input.entityLogits, n * vocabulary.numEntityClasses);
  if (input.relationLogits !== undefined) {
    const length = n * n * vocabulary.numPredicates;
    const relationLogits = readNumbers("relationLogits", input.relationLogits, length);
    return { boxes, width, height, entityLogits, relationLogits };
  }
  if (!labelPredictor) {
    throw new TypeError(
      "Cannot predict without relationLogits as this checkpoint has no label predictor",
    );
  }
  const entityProbabilities = Float32Array.from(
    softmaxRows(entityLogits, vocabulary.numEntityClasses),
  );
  const image = { boxes, width, height };
  const relationLogits = await labelPredictor.predictRelations({
    ...image,
    entityProbabilities,
  });
  return { ...image, entityLogits, relationLogits };
}

function fail(what: string, found: unknown): never {
  throw new RangeError(`Cannot predict as ${what}: found ${found}`);
}

function readBoxes({ boxes }: PredictInput, width: number, height: number): Float32Array {
  if (boxes === undefined) throw new TypeError("Cannot predict without boxes");
  const flat = Array.from(boxes as ArrayLike<Box | number>).flat();
  if (flat.length % 4 !== 0) {
    fail("boxes must be rows of 4 numbers", `${flat.length} numbers`);
  }
  for (let i = 0; i < flat.length; i += 4) {
    const [x1, y1, x2, y2] = flat.slice(i, i + 4);
    if (!(x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height && x1 < x2 && y1 < y2)) {
      fail(
        `box ${i / 4} must lie inside ${width} x ${height} with x1 < x2 and y1 < y2`,
        `[${x1}, ${y1}, ${x2}, ${y2}]`,
      );
    }
  }
  return Float32Array.from(flat);
}

function readNumbers(
  name: string,
  values: ArrayLike<number>,
  length: number,
): Float32Array {
  if (values.length !== length) {
    fail(`${name} must hold ${length} numbers`, values.length);
  }
  const numbers = Float32Array.from(values);
  const bad = numbers.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) fail(`${name} must be finite`, `${values[bad]} at ${bad}`);
  return numbers;
}

/** A label has its score as probability; profiles divide the rest among other classes. */
function logitsOfLabels(
  { entityLabels, entityScores }: PredictInput,
  n: number,
  vocabulary: Vocabulary,
  entityProfiles: Float32Array | undefined,
): Float32Array {
  if (entityLabels === undefined) {
    throw new TypeError("Cannot predict without entityLogits or entityLabels");
  }
  if (entityLabels.length !== n) {
    fail(`${n} boxes need ${n} entityLabels`, entityLabels.length);
  }
  if (entityScores !== undefined && entityScores.length !== n) {
    fail(`${n} boxes need ${n} entityScores`, entityScores.length);
  }
  const { numEntityClasses } = vocabulary;
  const logits = new Float32Array(n * numEntityClasses);
  for (let i = 0; i < n; i++) {
    const label = entityLabels[i];
    const index = typeof label === "string" ? vocabulary.entityIndex(label) : label;
    if (!(Number.isInteger(index) && index >= 0 && index < numEntityClasses)) {
      fail(
        `entityLabels[${i}] must be a name or an index in [0, ${numEntityClasses})`,
        label,
      );
    }
    const score = entityScores?.[i] ?? DEFAULT_SCORE;
    if (!(score > 0 && score <= 1)) fail(`entityScores[${i}] must be in (0, 1]`, score);
    const row = logits.subarray(i * numEntityClasses, (i + 1) * numEntityClasses);
    profileLogits(index, Math.min(score, GREATEST_SCORE), entityProfiles, row);
  }
  return logits;
}
