/**
 * Several images packed one after another, never padded to the largest.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { SgpConfig } from "../config.ts";
import type { AnnotatedImage, Logits } from "../example.ts";
import { Groups } from "../kernels/groups.ts";
import { boxFeatures } from "./box_features.ts";
import { type PairChunk, pairChunks } from "./pair_chunks.ts";

/** Input of the model for one image: its boxes and a label predictor's logits. */
export type ModelInput =
  & Pick<AnnotatedImage, "boxes" | "width" | "height">
  & Logits;

/**
 * Images packed for one pass: the n entities of all images one after another, and
 * their m ordered pairs, sorted by image, subject, object.
 *
 * Pairs of an entity with itself are included only with `features: "paper"`.
 */
export class Batch {
  /** `[B + 1]`: where the entities of each image start. */
  readonly entityOffsets: Int32Array;
  /** `[B + 1]`: where the pairs of each image start. */
  readonly pairOffsets: Int32Array;
  /** `[n, C]`: the label predictor's logits of the entities. */
  readonly entityLogits: tf.Tensor2D;
  /** `[m, P]`: the label predictor's logits of the pairs. */
  readonly relationLogits: tf.Tensor2D;
  /** `[n, F]`: see `box_features.ts`. */
  readonly boxFeatures: tf.Tensor2D;
  /** Subjects and objects of the pairs: all pairs at once, or some subjects at a time. */
  readonly chunks: readonly PairChunk[];
  /** The image of each entity. */
  readonly images: Groups;

  /**
   * @param images Each with at least one box.
   * @param config Shape of the network.
   * @param mostPairs Number of pairs to compute at a time in prediction; default: all.
   */
  constructor(
    images: readonly ModelInput[],
    config: SgpConfig,
    mostPairs: number = Infinity,
  ) {
    const { numEntityClasses: numClasses, numPredicates, features } = config;
    const sizes = images.map(({ boxes }) => boxes.length / 4);
    this.entityOffsets = offsetsOf(sizes);
    this.pairOffsets = offsetsOf(sizes.map((n) => numPairsOf(n, config)));
    const numEntities = this.entityOffsets[images.length];
    const numPairs = this.pairOffsets[images.length];

    const entityLogits = new Float32Array(numEntities * numClasses);
    const relationLogits = new Float32Array(numPairs * numPredicates);
    const featureRows: Float32Array[] = [];
    const subjects = new Int32Array(numPairs);
    const objects = new Int32Array(numPairs);
    const imageOf = new Int32Array(numEntities);
    for (const [b, image] of images.entries()) {
      const first = this.entityOffsets[b];
      const n = sizes[b];
      imageOf.fill(b, first, first + n);
      entityLogits.set(image.entityLogits, first * numClasses);
      featureRows.push(boxFeatures(image, numClasses, features));
      const arrays = { subjects, objects, relationLogits };
      writePairs(image, config, arrays, first, this.pairOffsets[b]);
    }
    this.entityLogits = tf.tensor2d(entityLogits, [numEntities, numClasses]);
    this.relationLogits = tf.tensor2d(relationLogits, [numPairs, numPredicates]);
    const numFeatures = featureRows[0].length / sizes[0];
    const packed = new Float32Array(numEntities * numFeatures);
    featureRows.forEach((rows, b) =>
      packed.set(rows, this.entityOffsets[b] * numFeatures)
    );
    this.boxFeatures = tf.tensor2d(packed, [numEntities, numFeatures]);
    this.chunks = pairChunks({ subjects, objects, numEntities }, mostPairs);
    this.images = new Groups(imageOf, images.length);
  }

  /** Number of images, B. */
  get numImages(): number {
    return this.entityOffsets.length - 1;
  }

  /** Number of entities of all images together, n. */
  get numEntities(): number {
    return this.entityOffsets[this.numImages];
  }

  /** Number of ordered pairs of all images together, m. */
  get numPairs(): number {
    return this.pairOffsets[this.numImages];
  }

  /** Frees the tensors. */
  dispose(): void {
    tf.dispose([this.entityLogits, this.relationLogits, this.boxFeatures]);
    for (const part of [...this.chunks, this.images]) part.dispose();
  }
}

/** Number of pairs m of an image of n entities. */
export function numPairsOf(n: number, { features }: SgpConfig): number {
  return features === "paper" ? n * n : n * (n - 1);
}

/** The pairs of some images, packed. */
export interface PairArrays {
  /** `[m]`: index of each subject. */
  subjects: Int32Array;
  /** `[m]`: index of each object. */
  objects: Int32Array;
  /** `[m, P]`: the label predictor's logits; must be zeros before they are written. */
  relationLogits: Float32Array;
}

/**
 * Writes the pairs of an image, sorted by subject and object.
 *
 * @param image The image, of n entities.
 * @param config Tells whether an entity is paired with itself.
 * @param arrays Arrays to write to.
 * @param first Index of the image's first entity.
 * @param pair Index at which to write its first pair.
 */
export function writePairs(
  { boxes, relationLogits: from }: ModelInput,
  { numPredicates, features }: SgpConfig,
  { subjects, objects, relationLogits }: PairArrays,
  first = 0,
  pair = 0,
): void {
  const n = boxes.length / 4;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j && features !== "paper") continue;
      subjects[pair] = first + i;
      objects[pair] = first + j;
      const to = numPredicates * pair++;
      if (i === j) {
        // As in the published program: "no relation" as a one-hot vector, used as logits.
        relationLogits[to + numPredicates - 1] = 1;
      } else {
        const at = (i * n + j) * numPredicates;
        relationLogits.set(from.subarray(at, at + numPredicates), to);
      }
    }
  }
}

function offsetsOf(counts: number[]): Int32Array {
  const offsets = new Int32Array(counts.length + 1);
  counts.forEach((count, i) => offsets[i + 1] = offsets[i] + count);
  return offsets;
}
