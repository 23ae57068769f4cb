/**
 * What the network says of a packed batch, taken apart by image.
 *
 * @module
 */

import type { tf } from "../deps/tf.ts";
import type { SgpConfig } from "../config.ts";
import type { Logits } from "../example.ts";
import type { Batch } from "./batch.ts";

/** What the network says of one image. */
export interface SgpPrediction extends Logits {
  /**
   * `[N, N]`: how much each entity (row) attended to each other in the last step, as the
   * mean over features; rows sum to 1.
   */
  nodeAttention?: Float32Array;
  /** `[N]`: how much the graph attended to each entity; sums to 1. */
  graphAttention?: Float32Array;
}

/** The rows of a packed batch. */
export interface PredictionTensors {
  /** `[n, C]`. */
  entities: tf.Tensor2D;
  /** `[m, P]`. */
  relations: tf.Tensor2D;
  /** `[m]`. */
  nodeAttention?: tf.Tensor;
  /** `[n]`. */
  graphAttention?: tf.Tensor;
}

type Arrays = { [Name in keyof PredictionTensors]: Float32Array };

/** Logit of "no relation" that an entity gets with itself in what the model returns. */
const SELF_PAIR_LOGIT = 50;

/**
 * Reads what the network says of each image of a batch.
 *
 * @param batch The images.
 * @param tensors What came out for all of them; they stay the caller's.
 * @param config The shape of the network.
 * @returns One for each image, in the batch's order.
 */
export async function readPredictions(
  batch: Batch,
  tensors: PredictionTensors,
  config: SgpConfig,
): Promise<SgpPrediction[]> {
  const arrays = Object.fromEntries(
    await Promise.all(
      Object.entries(tensors).map(async ([name, tensor]) => [name, await tensor.data()]),
    ),
  ) as Arrays;
  return Array.from(
    { length: batch.numImages },
    (_, b) => unpack(batch, b, arrays, config),
  );
}

/**
 * Spreads one image's rows of a packed batch to `[N, C]`, `[N, N, P]` and, if it was
 * asked for, attention `[N, N]` and `[N]`.
 */
function unpack(
  { entityOffsets, pairOffsets }: Batch,
  b: number,
  { entities, relations, nodeAttention: ofPairs, graphAttention: ofEntities }: Arrays,
  { numEntityClasses: numClasses, numPredicates, features }: SgpConfig,
): SgpPrediction {
  const first = entityOffsets[b], last = entityOffsets[b + 1], n = last - first;
  const relationLogits = new Float32Array(n * n * numPredicates);
  const nodeAttention = ofPairs && new Float32Array(n * n);
  let pair = pairOffsets[b];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const to = (i * n + j) * numPredicates;
      if (i === j) relationLogits[to + numPredicates - 1] = SELF_PAIR_LOGIT;
      if (i === j && features === "default") continue;
      if (nodeAttention) nodeAttention[i * n + j] = ofPairs[pair];
      const from = numPredicates * pair++;
      if (i === j) continue;
      relationLogits.set(relations.subarray(from, from + numPredicates), to);
    }
  }
  return {
    entityLogits: entities.slice(first * numClasses, last * numClasses),
    relationLogits,
    ...(nodeAttention && { nodeAttention }),
    ...(ofEntities && { graphAttention: ofEntities.slice(first, last) }),
  };
}
