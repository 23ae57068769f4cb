/**
 * What a checkpoint knows besides its network: the label predictor that the model was
 * trained with.
 *
 * @module
 */

import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { classFrequencies } from "../label_predictor/class_frequencies.ts";
import type { LabelPredictor } from "../label_predictor/label_predictor.ts";
import { labelPredictorFrom } from "../label_predictor/load.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** The label predictor that a model was trained with, from its checkpoint. */
export interface Knowledge {
  /** Predicts missing relation logits. */
  labelPredictor?: LabelPredictor;
  /** `[C, C]`: completes a label and its score to a distribution over classes. */
  entityProfiles?: Float32Array;
  /** `[C]`: how frequent each class is. */
  classWeights?: ArrayLike<number>;
}

/**
 * Loads the label predictor of a checkpoint, on the current backend, and tests it on an
 * image of one entity.
 *
 * @param stored The label predictor of the checkpoint.
 * @param vocabulary Classes and predicates of the checkpoint.
 * @param checkpoint Its name, for errors.
 * @returns The label predictor and what completes labels.
 * @throws {RangeError} If it is damaged or knows other predicates.
 */
export async function knowledgeOf(
  { name, arrays, entityProfiles, classCounts }: NonNullable<
    Checkpoint["labelPredictor"]
  >,
  { numEntityClasses, numPredicates }: Vocabulary,
  checkpoint: string,
): Promise<Knowledge> {
  try {
    const labelPredictor = labelPredictorFrom(name, arrays);
    const entityProbabilities = new Float32Array(numEntityClasses);
    entityProbabilities[0] = 1;
    const image = { boxes: [0, 0, 1, 1], width: 1, height: 1, entityProbabilities };
    const { length } = await labelPredictor.predictRelations(image);
    if (length === numPredicates) {
      const classWeights = classCounts ?? classFrequencies(arrays, numEntityClasses);
      return { labelPredictor, entityProfiles, classWeights };
    }
    throw new RangeError(
      `its label predictor must know ${numPredicates} predicates: found ${length}`,
    );
  } catch (cause) {
    const { message } = cause as Error;
    throw new RangeError(`Cannot read the checkpoint "${checkpoint}": ${message}`, {
      cause,
    });
  }
}
