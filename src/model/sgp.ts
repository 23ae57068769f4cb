/**
 * The Scene Graph Predictor: the step of `gpi.ts`, repeated with shared weights.
 *
 * @module
 */

import { tf } from "../deps.ts";
import { type SgpConfig, VARIANTS } from "../config.ts";
import type { Logits } from "../dataset/example.ts";
import { Batch, type ModelInput } from "./batch.ts";
import type { Dropout } from "./dropout.ts";
import { computeFeatures, type WordVectors } from "./features.ts";
import { applyStep, type LogitTensors, type StepOptions, type StepTrace } from "./gpi.ts";
import type { Int8Layers } from "./gpi.ts";
import { type ActivationRanges, disposeInt8, quantizeHidden } from "./int8.ts";
import { type Layers, packLayers, splitLayers } from "./layers.ts";
import { type InitialValues, Parameters } from "./parameters.ts";

/** Word vectors of a vocabulary as plain numbers. */
export interface WordVectorData {
  /** E: numbers in a vector. */
  size: number;
  /** `[C, E]`. */
  entities: Float32Array;
  /** `[P, E]`; the last row, "no relation", is zero. */
  relations: Float32Array;
}

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

/** Logit of "no relation" that an entity gets with itself in what the model returns. */
const SELF_PAIR_LOGIT = 50;

/** Pairs that are predicted at a time: 33 MB for each hidden layer of 500. */
const CHUNK_PAIRS = 2 ** 14;

/** The network with its parameters. Owns tensors: dispose it. */
export class Sgp {
  readonly config: SgpConfig;
  readonly parameters: Parameters;
  /** Word vectors as they were given, in variants that use them. */
  readonly words?: WordVectorData;
  readonly #words?: WordVectors;
  /** For prediction; of the parameters as they were at `version`. */
  #packed?: { layers: Layers; version: number; backend: string };
  #int8?: Int8Layers;
  #ranges?: ActivationRanges;

  /**
   * @param config The shape of the network.
   * @param values Parameters by published name, or how they start.
   * @param words Word vectors, needed by variants that use them.
   * @throws {TypeError} If the variant needs word vectors and there are none.
   * @throws {RangeError} If parameters or vectors have other shapes.
   */
  constructor(
    config: SgpConfig,
    values: InitialValues | ReadonlyMap<string, Float32Array>,
    words?: WordVectorData,
  ) {
    this.config = config;
    const hasWords = VARIANTS[config.variant].words;
    if (hasWords) checkWords(config, words);
    this.parameters = new Parameters(config, values);
    if (hasWords) {
      this.words = words;
      this.#words = wordTensors(config, words!);
    }
  }

  /**
   * From now on predicts with the hidden layers of rho in 8 bits, but for the first, and
   * with their parameters as they are now.
   *
   * @param ranges Such as `calibrate` finds.
   * @throws {RangeError} If the network has no such layers, or ranges are missing.
   * @throws {Error} If the engine or the backend cannot.
   */
  async quantize(ranges: ActivationRanges): Promise<void> {
    const int8 = await quantizeHidden(this.parameters, this.config, ranges);
    if (this.#int8) disposeInt8(this.#int8);
    this.#int8 = int8;
    this.#ranges = ranges;
  }

  /** What it was quantised with, if it was. */
  get activationRanges(): ActivationRanges | undefined {
    return this.#ranges;
  }

  /**
   * Applies all steps to a batch, differentiably and in float32.
   *
   * @param batch The images.
   * @param dropout In training only.
   * @returns What each step computed, first step first; for a `tf.tidy`.
   */
  forward(batch: Batch, dropout?: Dropout): StepTrace[] {
    const layers = splitLayers(this.parameters, this.config, this.#words);
    return this.#applySteps(batch, layers, { dropout });
  }

  /**
   * The same without gradients, which is faster, and quantised if it has been told to.
   *
   * @param batch The images.
   * @param wantsAttention Whether the traces must hold attention weights.
   */
  infer(batch: Batch, wantsAttention = false): StepTrace[] {
    return this.#applySteps(batch, this.#packedLayers(), {
      wantsAttention,
      int8: this.#int8,
    });
  }

  #applySteps(batch: Batch, layers: Layers, options: StepOptions): StepTrace[] {
    let logits: LogitTensors = {
      entities: batch.entityLogits,
      relations: batch.relationLogits,
    };
    const traces: StepTrace[] = [];
    for (let t = 0; t < this.config.steps; t++) {
      options.dropout?.nextStep();
      const features = computeFeatures(logits, batch, !!this.#words, options.dropout);
      traces.push(applyStep(logits, features, batch, layers, this.config, options));
      logits = traces[t].logits;
    }
    return traces;
  }

  /**
   * The better logits of some images, which do not depend on what else is in the list.
   *
   * @param images Each with its boxes and a label predictor's logits; one without boxes
   * is given back as it is.
   * @param withAttention Whether to return the attention of the last step, too.
   * @returns Logits of the same shapes, in the same order.
   */
  async predict(
    images: readonly ModelInput[],
    withAttention = false,
  ): Promise<SgpPrediction[]> {
    const full = images.filter(({ boxes }) => boxes.length > 0);
    if (full.length === 0) return images.map(copyLogits);
    const batch = new Batch(full, this.config, CHUNK_PAIRS);
    const tensors = tf.tidy(() => {
      const steps = this.infer(batch, withAttention);
      const { logits, nodeAttention, graphAttention } = steps.at(-1)!;
      const ofPairs = withAttention && nodeAttention && tf.mean(nodeAttention, 1);
      const ofEntities = withAttention && graphAttention && tf.mean(graphAttention, 1);
      return [logits.entities, logits.relations, ofPairs, ofEntities].filter((t) => !!t);
    });
    try {
      const values = await Promise.all(
        tensors.map((t) => t.data() as Promise<Float32Array>),
      );
      let b = 0;
      return images.map((image) =>
        image.boxes.length === 0
          ? copyLogits(image)
          : unpack(batch, b++, values, this.config)
      );
    } finally {
      tf.dispose(tensors);
      batch.dispose();
    }
  }

  /** Packed once, and again after the parameters have changed. */
  #packedLayers(): Layers {
    const { version } = this.parameters, backend = tf.getBackend();
    if (this.#packed?.version === version && this.#packed.backend === backend) {
      return this.#packed.layers;
    }
    this.#disposePacked();
    const layers = packLayers(this.parameters, this.config, this.#words);
    this.#packed = { layers, version, backend };
    return layers;
  }

  #disposePacked(): void {
    if (this.#packed) tf.dispose(this.#packed.layers as unknown as tf.TensorContainer);
    this.#packed = undefined;
  }

  /** Frees the parameters and word vectors. */
  dispose(): void {
    this.#disposePacked();
    this.parameters.dispose();
    if (this.#int8) disposeInt8(this.#int8);
    if (this.#words) tf.dispose([this.#words.entities, this.#words.relations]);
  }
}

function copyLogits({ entityLogits, relationLogits }: Logits): Logits {
  return { entityLogits: entityLogits.slice(), relationLogits: relationLogits.slice() };
}

/**
 * Spreads one image's rows of a packed batch to `[N, C]`, `[N, N, P]` and, if it was
 * asked for, attention `[N, N]` and `[N]`.
 */
function unpack(
  { entityOffsets, pairOffsets }: Batch,
  b: number,
  [entities, relations, ofPairs, ofEntities]: readonly Float32Array[],
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

function checkWords(
  { numEntityClasses, numPredicates, embeddingSize, variant }: SgpConfig,
  words: WordVectorData | undefined,
): void {
  if (!words) {
    throw new TypeError(`Cannot build "${variant}" without word vectors`);
  }
  const check = (name: string, data: Float32Array, numRows: number) => {
    if (data.length === numRows * embeddingSize) return;
    throw new RangeError(
      `Cannot use word vectors as ${name} must have shape [${numRows}, ${embeddingSize}]: ${data.length} numbers were given`,
    );
  };
  check("entities", words.entities, numEntityClasses);
  check("relations", words.relations, numPredicates);
}

function wordTensors(
  { numEntityClasses, numPredicates, embeddingSize }: SgpConfig,
  { entities, relations }: WordVectorData,
): WordVectors {
  return {
    entities: tf.tensor2d(entities, [numEntityClasses, embeddingSize]),
    relations: tf.tensor2d(relations, [numPredicates, embeddingSize]),
  };
}
