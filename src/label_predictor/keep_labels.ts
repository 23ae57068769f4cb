/**
 * Labels that stay as they were given, although they are in doubt: whoever reads the image
 * is told that the likeliest ones are certain.
 *
 * @module
 */

import { inputLabels } from "../decode_graph.ts";
import { certainProfileLogits } from "./entity_profiles.ts";
import type { LabelPredictor } from "./label_predictor.ts";
import type { RereadImage } from "./reread.ts";
import { softmaxRows } from "../softmax.ts";

/** Who completes an image whose labels stay. */
export interface LabelKeeper {
  /** Reads the relations of the kept labels; without it they stay as they are. */
  labelPredictor?: LabelPredictor;
  /** `[C, C]`: see `entity_profiles.ts`. */
  entityProfiles?: Float32Array;
}

/**
 * Makes the likeliest labels of an image certain, as `predict(input, { labels: "keep" })`
 * does.
 *
 * @param image The image.
 * @param numClasses C.
 * @param keeper Completes it.
 * @returns The image with logits of certain labels, and relations read from them.
 */
export async function withCertainLabels<T extends RereadImage>(
  image: T,
  numClasses: number,
  { labelPredictor, entityProfiles }: LabelKeeper,
): Promise<T> {
  const labels = inputLabels(image.entityLogits, numClasses);
  const entityLogits = certainProfileLogits(
    labels.map(({ labelIndex }) => labelIndex),
    numClasses,
    entityProfiles,
  );
  if (!labelPredictor) return { ...image, entityLogits };
  const { boxes, width, height } = image;
  const entityProbabilities = Float32Array.from(softmaxRows(entityLogits, numClasses));
  const relationLogits = await labelPredictor.predictRelations({
    ...{ boxes, width, height, entityProbabilities },
  });
  return { ...image, entityLogits, relationLogits };
}
