/**
 * Divides the network's output for a packed batch by image.
 *
 * @module
 */

import type { tf } from "../deps/tf.ts";
import type { SgpConfig } from "../config.ts";
import type { Logits } from "../example.ts";
import type { Batch } from "./batch.ts";

/** The attention of one step. */
export interface Attention {
  /**
   * `[N, N]`: share of each other entity (column) in what an entity (row) attends to. Rows
   * sum to 1; the row of an entity that is alone is 0. With the published features an entity
   * also attends to itself.
   */
  nodes: Float32Array;
  /** `[N]`: share of each entity in what the vector of the whole graph is made of. */
  graph: Float32Array;
}

/** The network's output for one image. */
export interface SgpPrediction extends Logits {
  /** The attention of each step, if it was asked for and the network has attention. */
  attention?: Attention[];
  /** The logits after each step, if they were asked for; the last are the output's. */
  steps?: Logits[];
}

/** What a packed batch has after one step; only the last must have logits. */
export interface StepTensors {
  /** `[n, C]`. */
  entities?: tf.Tensor2D;
  /** `[m, P]`. */
  relations?: tf.Tensor2D;
  /** `[m, 1]`: weights of pairs. */
  nodeAttention?: tf.Tensor2D;
  /** `[n, 1]`. */
  graphAttention?: tf.Tensor2D;
}

type Arrays = { [Name in keyof StepTensors]: Float32Array };

/** Logit of "no relation" of an entity with itself in predictions. */
const SELF_PAIR_LOGIT = 50;

/**
 * Reads the output of each image of a batch.
 *
 * @param batch The images.
 * @param steps Output for the whole batch, first step first; the caller disposes it.
 * @param config Shape of the network.
 * @param wantsSteps Whether predictions have the logits after each step.
 * @returns One prediction for each image, in the order of the batch.
 */
export async function readPredictions(
  batch: Batch,
  steps: readonly StepTensors[],
  config: SgpConfig,
  wantsSteps = false,
): Promise<SgpPrediction[]> {
  const read = await Promise.all(steps.map(async (tensors) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(tensors).map(async ([name, tensor]) => [
          name,
          await tensor?.data(),
        ]),
      ),
    ) as Arrays
  ));
  return Array.from({ length: batch.numImages }, (_, b) => {
    const logits = read.flatMap((step) => unpackLogits(batch, b, step, config) ?? []);
    const attention = read.flatMap((step) =>
      unpackAttention(batch, b, step, config) ?? []
    );
    return {
      ...logits.at(-1)!,
      ...(attention.length > 0 && { attention }),
      ...(wantsSteps && { steps: logits }),
    };
  });
}

/** Spreads the rows of one image to `[N, C]` and `[N, N, P]`. */
function unpackLogits(
  batch: Batch,
  b: number,
  { entities, relations }: Arrays,
  config: SgpConfig,
): Logits | undefined {
  if (!entities || !relations) return undefined;
  const { numEntityClasses: numClasses, numPredicates } = config;
  const first = batch.entityOffsets[b], last = batch.entityOffsets[b + 1];
  const n = last - first;
  const relationLogits = new Float32Array(n * n * numPredicates);
  for (let i = 0; i < n; i++) {
    relationLogits[(i * n + i + 1) * numPredicates - 1] = SELF_PAIR_LOGIT;
  }
  forEachPair(batch, b, config, (i, j, pair) => {
    if (i === j) return;
    const row = relations.subarray(pair * numPredicates, (pair + 1) * numPredicates);
    relationLogits.set(row, (i * n + j) * numPredicates);
  });
  return {
    entityLogits: entities.slice(first * numClasses, last * numClasses),
    relationLogits,
  };
}

/** Spreads the weights of one image to `[N, N]` and `[N]`, as shares that sum to 1. */
function unpackAttention(
  batch: Batch,
  b: number,
  { nodeAttention, graphAttention }: Arrays,
  config: SgpConfig,
): Attention | undefined {
  if (!nodeAttention || !graphAttention) return undefined;
  const first = batch.entityOffsets[b], last = batch.entityOffsets[b + 1];
  const n = last - first;
  const nodes = new Float32Array(n * n), graph = graphAttention.slice(first, last);
  forEachPair(batch, b, config, (i, j, pair) => nodes[i * n + j] = nodeAttention[pair]);
  for (let i = 0; i < n; i++) toShares(nodes.subarray(i * n, (i + 1) * n));
  toShares(graph);
  return { nodes, graph };
}

/** Divides weights by their sum, if there is one. */
function toShares(weights: Float32Array): void {
  const sum = weights.reduce((sum, weight) => sum + weight, 0);
  if (sum > 0) weights.forEach((weight, i) => weights[i] = weight / sum);
}

/** Visits the pairs of an image in their order; the published features have self-pairs. */
function forEachPair(
  { entityOffsets, pairOffsets }: Batch,
  b: number,
  { features }: SgpConfig,
  visit: (subject: number, object: number, pair: number) => void,
): void {
  const n = entityOffsets[b + 1] - entityOffsets[b];
  let pair = pairOffsets[b];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j && features === "default") continue;
      visit(i, j, pair++);
    }
  }
}
