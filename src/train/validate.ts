/**
 * Validation: what the network is worth on images that it does not learn from.
 *
 * @module
 */

import { tf } from "../deps.ts";
import type { TrainConfig } from "../config.ts";
import type { Example } from "../dataset/example.ts";
import { RecallEvaluator } from "../eval/recall.ts";
import { predictionFromLogits } from "../eval/softmax.ts";
import { Batch } from "../model/batch.ts";
import type { Sgp } from "../model/sgp.ts";
import { hasRelation, lossOf, Targets } from "./loss.ts";
import type { Validation } from "./trainer.ts";

/** Images that are predicted at once. */
const BATCH_SIZE = 20;

/**
 * Validates a network: the mean of SGCls R@20, R@50 and R@100 (protocol `motifs`, graph
 * constraint), and the mean loss of an image as `config.loss` defines it.
 *
 * @param sgp The network.
 * @param examples The validation images; those without a relation are skipped.
 * @param config Settings of the loss.
 * @returns Both; NaN if no image has a relation.
 */
export async function validate(
  sgp: Sgp,
  examples: AsyncIterable<Example>,
  config: TrainConfig,
): Promise<Validation> {
  const evaluator = new RecallEvaluator("motifs", { task: "sgcls", ks: [20, 50, 100] });
  let loss = 0, images = 0;
  let group: Example[] = [];
  const score = async () => {
    loss += await validationLoss(sgp, group, config);
    const outputs = await sgp.predict(group);
    for (const [i, example] of group.entries()) {
      const numEntities = example.entityLabels.length;
      evaluator.add(example, predictionFromLogits(outputs[i], numEntities));
    }
    images += group.length;
    group = [];
  };
  for await (const example of examples) {
    if (!hasRelation(example)) continue;
    group.push(example);
    if (group.length === BATCH_SIZE) await score();
  }
  if (group.length > 0) await score();
  const recalls = evaluator.result().values.map(({ value }) => value);
  const recall = recalls.reduce((sum, value) => sum + value, 0) / recalls.length;
  return { loss: loss / images, recall };
}

async function validationLoss(
  sgp: Sgp,
  images: readonly Example[],
  config: TrainConfig,
): Promise<number> {
  const batch = new Batch(images, sgp.config);
  const targets = new Targets(images, batch, sgp.config, config, true);
  const loss = tf.tidy(() => {
    const steps = sgp.infer(batch).map(({ logits }) => logits);
    return lossOf(steps, targets, sgp.parameters, sgp.config, config);
  });
  const [value] = await loss.data();
  loss.dispose();
  targets.dispose();
  batch.dispose();
  return value;
}
