/**
 * Divides the network's output for a packed batch by image.
 *
 * @module
 */

import type { tf } from "../deps/tf.ts";
import type { SgpConfig } from "../config.ts";
import type { Logits } from "../example.ts";
import type { Batch } from "./batch.ts";

/** The network's output for one image. */
export interface SgpPrediction extends Logits {
  /**
   * `[N, N]`: attention of each entity (row) to each other entity in the last step, as the
   * mean over features; rows sum to 1.
   */
  nodeAttention?: Float32Array;
  /** `[N]`: attention of the graph to each entity in the last step; sums to 1. */
  graphAttention?: Float32Array;
}

/** The network's output for a packed batch. */
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

/** Logit of "no relation" of an entity with itself in predictions. */
const SELF_PAIR_LOGIT = 50;

/**
 * Reads the output of each image of a batch.
 *
 * @param batch The images.
 * @param tensors Output for the whole batch; the caller disposes them.
 * @param config Shape of the network.
 * @returns One prediction for each image, in the order of the batch.
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
 * Spreads the rows of one image to `[N, C]`, `[N, N, P]` and, if present, attention
 * `[N, N]` and `[N]`.
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
