/**
 * The Scene Graph Predictor: the step of `gpi.ts`, repeated with shared weights.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { type SgpConfig, VARIANTS } from "../config.ts";
import type { Logits } from "../example.ts";
import { Batch, type ModelInput } from "./batch.ts";
import type { Dropout } from "./dropout.ts";
import { computeFeatures, type WordVectors } from "./features.ts";
import { applyStep, type LogitTensors, type StepOptions, type StepTrace } from "./gpi.ts";
import type { Int8Layers } from "./gpi.ts";
import { type ActivationRanges, disposeInt8, quantizeHidden } from "./int8.ts";
import { type Layers, packLayers, splitLayers } from "./layers.ts";
import { PAIRS_AT_A_TIME } from "./pair_chunks.ts";
import { type InitialValues, Parameters } from "./parameters.ts";
import type { AttentionMeasure } from "./pool.ts";
import { readPredictions, type SgpPrediction, type StepTensors } from "./prediction.ts";

export type { SgpPrediction };

/** Word vectors of a vocabulary as plain data. */
export interface WordVectorData {
  /** E: length of a vector. */
  size: number;
  /** `[C, E]`. */
  entities: Float32Array;
  /** `[P, E]`; the last row, "no relation", is zero. */
  relations: Float32Array;
}

/** What {@linkcode Sgp.predict} returns besides the last logits. */
export interface SgpOptions {
  /** The attention of each step, measured so; default: none. */
  attention?: AttentionMeasure;
  /** Whether to return the logits after each step; default false. */
  steps?: boolean;
}

/** The network with its parameters. Owns tensors: dispose it. */
export class Sgp {
  readonly config: SgpConfig;
  readonly parameters: Parameters;
  /** The given word vectors, in variants that use them. */
  readonly words?: WordVectorData;
  readonly #words?: WordVectors;
  /** Layers for prediction, made from the parameters at `version`. */
  #packed?: { layers: Layers; version: number; backend: string };
  #int8?: Int8Layers;
  #ranges?: ActivationRanges;

  /**
   * @param config Shape of the network.
   * @param values Parameters by published name, or how to initialize them.
   * @param words Word vectors; required by variants that use them.
   * @throws {TypeError} If the variant needs word vectors and none are given.
   * @throws {RangeError} If parameters or word vectors have other shapes.
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
   * Makes predictions use 8 bits in the hidden layers of rho after the first, with their
   * current parameters.
   *
   * @param ranges Ranges of the inputs of these layers, as from `calibrate`.
   * @throws {RangeError} If the network has no such layers, or ranges are missing.
   * @throws {Error} If the engine or the backend lacks 8-bit layers.
   */
  async quantize(ranges: ActivationRanges): Promise<void> {
    const int8 = await quantizeHidden(this.parameters, this.config, ranges);
    if (this.#int8) disposeInt8(this.#int8);
    this.#int8 = int8;
    this.#ranges = ranges;
  }

  /** Ranges that the network was quantised with; `undefined` if it predicts in float32. */
  get activationRanges(): ActivationRanges | undefined {
    return this.#ranges;
  }

  /**
   * Applies all steps to a batch, differentiably and in float32.
   *
   * @param batch The images.
   * @param dropout Dropout, in training only.
   * @returns A trace of each step, first step first; for a `tf.tidy`.
   */
  forward(batch: Batch, dropout?: Dropout): StepTrace[] {
    const layers = splitLayers(this.parameters, this.config, this.#words);
    return this.#applySteps(batch, layers, { dropout });
  }

  /**
   * Applies all steps to a batch without gradients, which is faster, and in 8 bits after
   * {@linkcode Sgp.quantize}.
   *
   * @param batch The images.
   * @param measure Makes the traces hold attention, one weight for each pair and entity.
   * @returns A trace of each step, first step first; for a `tf.tidy`.
   */
  infer(batch: Batch, measure?: AttentionMeasure): StepTrace[] {
    return this.#applySteps(batch, this.#packedLayers(), {
      wantsAttention: measure !== undefined,
      measure,
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
      const { dropout } = options;
      dropout?.nextStep();
      const form = { hasWords: !!this.#words, epsilon: this.config.epsilon };
      const first = traces[0]?.features;
      const features = computeFeatures(logits, batch, form, { dropout, first });
      traces.push(applyStep(logits, features, batch, layers, this.config, options));
      logits = traces[t].logits;
    }
    return traces;
  }

  /**
   * Predicts better logits. Those of an image do not depend on the other images.
   *
   * @param images Each with boxes and a label predictor's logits; the logits of an image
   * without boxes are returned unchanged.
   * @param options What to return besides.
   * @returns Logits of the same shapes, in the same order.
   */
  async predict(
    images: readonly ModelInput[],
    { attention, steps = false }: SgpOptions = {},
  ): Promise<SgpPrediction[]> {
    const full = images.filter(({ boxes }) => boxes.length > 0);
    if (full.length === 0) return images.map(copyLogits);
    const batch = new Batch(full, this.config, PAIRS_AT_A_TIME);
    const tensors: StepTensors[] = [];
    tf.tidy(() => {
      const traces = this.infer(batch, attention);
      for (const [t, { logits, nodeAttention, graphAttention }] of traces.entries()) {
        const step: StepTensors = {};
        if (steps || t === traces.length - 1) Object.assign(step, logits);
        if (attention) Object.assign(step, { nodeAttention, graphAttention });
        tensors.push(step);
      }
      return tensors.flatMap((step) => Object.values(step).filter((each) => each));
    });
    try {
      const ofFull = (await readPredictions(batch, tensors, this.config, steps)).values();
      return images.map((image) =>
        image.boxes.length === 0 ? copyLogits(image) : ofFull.next().value!
      );
    } finally {
      tf.dispose(tensors as unknown as tf.TensorContainer);
      batch.dispose();
    }
  }

  /** Packs the layers, again whenever the parameters or the backend have changed. */
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

  /** Frees all tensors. */
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

function checkWords(
  { numEntityClasses, numPredicates, embeddingSize, variant }: SgpConfig,
  words: WordVectorData | undefined,
): void {
  if (!words) {
    throw new TypeError(
      `Cannot build the network as "${variant}" needs word vectors: none were given`,
    );
  }
  const check = (name: string, data: Float32Array, numRows: number) => {
    if (data.length === numRows * embeddingSize) return;
    throw new RangeError(
      `Cannot use word vectors as ${name} must have shape [${numRows}, ${embeddingSize}]: found ${data.length} numbers`,
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
