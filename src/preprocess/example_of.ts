/**
 * Adds logits to an annotated image.
 *
 * @module
 */

import type { AnnotatedImage, Example, Logits } from "../example.ts";
import { certainProfileLogits } from "../label_predictor/entity_profiles.ts";
import type { LabelPredictor } from "../label_predictor/label_predictor.ts";
import { softmaxRows } from "../softmax.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** An annotated image; entity logits from a detector are kept. */
export interface ImageOfSplit
  extends AnnotatedImage, Partial<Pick<Logits, "entityLogits">> {
  /** The annotated image that this is a form of; the label predictor is fitted on it. */
  whole?: AnnotatedImage;
}

/**
 * Adds logits to an image: its own entity logits, or else those of its annotated classes,
 * and a label predictor's relation logits.
 *
 * @param image The image.
 * @param predictor The label predictor.
 * @param vocabulary Classes and predicates.
 * @returns The example.
 */
export async function exampleOf(
  { whole: _, ...image }: ImageOfSplit,
  predictor: LabelPredictor,
  { numEntityClasses }: Vocabulary,
): Promise<Example> {
  const { boxes, width, height, entityLabels, entityLogits } = image;
  const entityProbabilities = entityLogits
    ? Float32Array.from(softmaxRows(entityLogits, numEntityClasses))
    : oneHotRows(entityLabels, numEntityClasses);
  return {
    ...image,
    entityLogits: entityLogits ?? certainProfileLogits(entityLabels, numEntityClasses),
    relationLogits: await predictor.predictRelations({
      ...{ boxes, width, height, entityProbabilities },
    }),
  };
}

function oneHotRows(labels: Int32Array, width: number): Float32Array {
  const rows = new Float32Array(labels.length * width);
  labels.forEach((label, i) => rows[i * width + label] = 1);
  return rows;
}
