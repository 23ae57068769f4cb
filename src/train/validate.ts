/**
 * Validation: loss and recall on images that the network does not learn from.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { TrainConfig } from "../config.ts";
import type { ConfidenceData } from "../confidence/confidence.ts";
import type { Example, Logits } from "../example.ts";
import { batches, mapInOrder } from "../streams.ts";
import { RecallEvaluator } from "../eval/evaluator.ts";
import { predictionFromLogits } from "../eval/prediction.ts";
import { Batch } from "../model/batch.ts";
import { PAIRS_AT_A_TIME } from "../model/pair_chunks.ts";
import { readPredictions } from "../model/prediction.ts";
import type { Sgp } from "../model/sgp.ts";
import { hasRelation, lossOf, Targets } from "./loss.ts";

/** Images of a batch. */
const BATCH_SIZE = 20;

/** Result of {@linkcode validate}. */
export interface Validation {
  /** Mean loss of an image. */
  loss: number;
  /** Mean of SGCls R@20, R@50 and R@100, in [0, 1]. */
  recall: number;
}

/** Result of {@linkcode validateBatch}. */
export interface BatchValidation {
  /** Summed over the images. */
  loss: number;
  /** The network's logits of each image. */
  outputs: readonly Logits[];
}

/**
 * Validates a network: the mean of SGCls R@20, R@50 and R@100 (protocol `motifs`, graph
 * constraint), and the mean loss of an image as `config.loss` defines it.
 *
 * @param validateBatch Computes loss and outputs of the network, by {@linkcode validateBatch}
 * or by workers that run it.
 * @param examples The validation images; those without a relation are skipped.
 * @param batchesAtOnce Number of batches that may run at once; the result does not depend
 * on it.
 * @param confidence Collects what the network's probabilities are worth.
 * @returns Loss and recall; NaN if no image has a relation.
 */
export async function validate(
  validateBatch: (images: readonly Example[]) => Promise<BatchValidation>,
  examples: AsyncIterable<Example>,
  batchesAtOnce = 1,
  confidence?: ConfidenceData,
): Promise<Validation> {
  const evaluator = new RecallEvaluator("motifs", { task: "sgcls", ks: [20, 50, 100] });
  let loss = 0, images = 0;
  const groups = batches(examples, BATCH_SIZE, hasRelation);
  for await (
    const [group, result] of mapInOrder(groups, batchesAtOnce, validateBatch)
  ) {
    loss += result.loss;
    for (const [i, example] of group.entries()) {
      const numEntities = example.entityLabels.length;
      evaluator.add(example, predictionFromLogits(result.outputs[i], numEntities));
      confidence?.add(example, result.outputs[i]);
    }
    images += group.length;
  }
  const recalls = evaluator.result().values.map(({ value }) => value);
  const recall = recalls.reduce((sum, value) => sum + value, 0) / recalls.length;
  return { loss: loss / images, recall };
}

/**
 * Computes the validation loss of some images, summed, and their logits.
 *
 * @param sgp The network.
 * @param images Annotated images with a label predictor's logits.
 * @param config Settings of the loss.
 * @returns Loss and logits.
 */
export async function validateBatch(
  sgp: Sgp,
  images: readonly Example[],
  config: TrainConfig,
): Promise<BatchValidation> {
  const batch = new Batch(images, sgp.config, PAIRS_AT_A_TIME);
  const targets = new Targets(images, batch, sgp.config, config, true);
  const { sum, ...logits } = tf.tidy(() => {
    const steps = sgp.infer(batch).map(({ logits }) => logits);
    return {
      ...steps.at(-1)!,
      sum: lossOf(steps, targets, sgp.parameters, sgp.config, config),
    };
  });
  try {
    const [loss] = await sum.data();
    return { loss, outputs: await readPredictions(batch, [logits], sgp.config) };
  } finally {
    tf.dispose([sum, logits.entities, logits.relations]);
    targets.dispose();
    batch.dispose();
  }
}
