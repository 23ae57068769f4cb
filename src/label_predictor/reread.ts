/**
 * The label predictor in the loop: it reads the relations of an image again, from the labels
 * as the network has revised them.
 *
 * @module
 */

import { CERTAIN_SCORE } from "../certainty.ts";
import type { RelationForm } from "../config.ts";
import type { AnnotatedImage, Logits } from "../example.ts";
import type { NamedArray } from "../io/safetensors.ts";
import { logSumExp, softmaxRows } from "../softmax.ts";
import type { LabelPredictor } from "./label_predictor.ts";
import { labelPredictorFrom } from "./load.ts";

/** The image, and the logits that the network was given. */
export type RereadImage = Pick<AnnotatedImage, "boxes" | "width" | "height"> & Logits;

/**
 * Reads the relations again. The beliefs in the labels are those of the network; a label that
 * was given with certainty stays certain. Which predicate a pair has, if it is related, the
 * label predictor says anew; whether it is related, both say: the network's change of that
 * log-odds is added. Pairs of two certain labels keep the network's logits, as the label
 * predictor has nothing new to read.
 *
 * @param image The image, whose relation logits must be this label predictor's.
 * @param output The network's logits.
 * @param labelPredictor The label predictor that the network was trained with.
 * @param form `"network"`: nothing is read again.
 * @returns The network's entity logits, and the relation logits.
 *
 * @example
 * ```ts
 * import type { LabelPredictor } from "./label_predictor.ts";
 * import { rereadRelations } from "./reread.ts";
 * // The relation of each pair is the subject's class.
 * const labelPredictor = {
 *   predictRelations: ({ entityProbabilities: [a, b, c, d] }) =>
 *     Float32Array.of(0, 0, a, b, c, d, 0, 0),
 * } as LabelPredictor;
 * const image = {
 *   boxes: Float32Array.of(0, 0, 1, 1, 1, 1, 2, 2),
 *   ...{ width: 2, height: 2 },
 *   entityLogits: Float32Array.of(0, 0, 0, 0),
 *   relationLogits: new Float32Array(8).fill(0.5),
 * };
 * const output = { ...image, entityLogits: Float32Array.of(40, 0, 0, 0) };
 * const { relationLogits } = await rereadRelations(image, output, labelPredictor, "reread");
 * // Entity 0 is the subject of pair (0, 1); the network changed no relation.
 * if (relationLogits[2] !== 1) throw new Error();
 * ```
 */
export async function rereadRelations(
  image: RereadImage,
  output: Logits,
  labelPredictor: LabelPredictor,
  form: RelationForm,
): Promise<Logits> {
  const { boxes, width, height, entityLogits: given, relationLogits: before } = image;
  const n = boxes.length / 4;
  if (form === "network" || n === 0) return output;
  const { entityLogits, relationLogits } = output;
  const c = given.length / n, p = before.length / (n * n);
  const entityProbabilities = Float32Array.from(softmaxRows(entityLogits, c)); // [N, C]
  const certain = softmaxRows(given, c);
  const isCertain = Array.from({ length: n }, (_, i) => {
    const row = certain.subarray(i * c, (i + 1) * c);
    if (Math.max(...row) < CERTAIN_SCORE) return false;
    entityProbabilities.set(row, i * c);
    return true;
  });
  if (isCertain.every(Boolean)) return output;
  const again = await labelPredictor.predictRelations({
    ...{ boxes, width, height, entityProbabilities },
  }); // [N, N, P]
  const logits = relationLogits.slice();
  for (let pair = 0; pair < n * n; pair++) {
    const i = Math.floor(pair / n), j = pair % n;
    if (i === j || isCertain[i] && isCertain[j]) continue;
    const none = (pair + 1) * p - 1; // the last logit of the pair, of "no relation"
    const change = relatedness(relationLogits, pair, p) - relatedness(before, pair, p);
    for (let at = pair * p; at < none; at++) logits[at] = again[at] + change;
    logits[none] = again[none];
  }
  return { entityLogits, relationLogits: logits };
}

/** Log-odds that a pair is related, from its `p` logits, the last of "no relation". */
function relatedness(logits: Float32Array, pair: number, p: number): number {
  const none = (pair + 1) * p - 1;
  return logSumExp(logits, pair * p, none) - logits[none];
}

/** Reads the relations of several images again. */
export type Rereader = (
  images: readonly RereadImage[],
  outputs: readonly Logits[],
) => Promise<readonly Logits[]>;

/**
 * Makes a function that applies {@linkcode rereadRelations} to images, on the backend that is
 * then in use.
 *
 * @param form Whose relations are wanted.
 * @param stored The label predictor of the checkpoint.
 * @returns The function; without a label predictor it returns the network's logits.
 * @throws {RangeError} If the label predictor is damaged.
 */
export function rereaderOf(
  form: RelationForm,
  stored?: { name: string; arrays: Readonly<Record<string, NamedArray>> },
): Rereader {
  if (form === "network" || !stored) return (_, outputs) => Promise.resolve(outputs);
  const labelPredictor = labelPredictorFrom(stored.name, stored.arrays);
  return (images, outputs) =>
    Promise.all(
      images.map((image, i) => rereadRelations(image, outputs[i], labelPredictor, form)),
    );
}
