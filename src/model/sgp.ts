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
import { applyStep, type LogitTensors, splitLayers, type StepTrace } from "./gpi.ts";
import { Parameters } from "./parameters.ts";

/** Word vectors of a vocabulary as plain numbers. */
export interface WordVectorData {
  /** E: numbers in a vector. */
  size: number;
  /** `[C, E]`. */
  entities: Float32Array;
  /** `[P, E]`; the last row, "no relation", is zero. */
  relations: Float32Array;
}

/** Logit of "no relation" that an entity gets with itself in what the model returns. */
const SELF_PAIR_LOGIT = 50;

/** The network with its parameters. Owns tensors: dispose it. */
export class Sgp {
  readonly config: SgpConfig;
  readonly parameters: Parameters;
  readonly #words?: WordVectors;

  /**
   * @param config The shape of the network.
   * @param values Parameters by published name, or the seed of initial ones.
   * @param words Word vectors, needed by variants that use them.
   * @throws {TypeError} If the variant needs word vectors and there are none.
   * @throws {RangeError} If parameters or vectors have other shapes.
   */
  constructor(
    config: SgpConfig,
    values: number | ReadonlyMap<string, Float32Array>,
    words?: WordVectorData,
  ) {
    this.config = config;
    if (VARIANTS[config.variant].words) {
      this.#words = wordTensors(config, words);
    }
    this.parameters = new Parameters(config, values);
  }

  /**
   * Applies all steps to a batch.
   *
   * @param batch The images.
   * @param dropout In training only.
   * @returns What each step computed, first step first; for a `tf.tidy`.
   */
  forward(batch: Batch, dropout?: Dropout): StepTrace[] {
    const split = splitLayers(this.parameters, this.config, this.#words);
    let logits: LogitTensors = {
      entities: batch.entityLogits,
      relations: batch.relationLogits,
    };
    const traces: StepTrace[] = [];
    for (let t = 0; t < this.config.steps; t++) {
      dropout?.nextStep();
      const features = computeFeatures(logits, batch, this.#words, dropout);
      const { parameters, config } = this;
      traces.push(
        applyStep(logits, features, batch, split, parameters, config, dropout),
      );
      logits = traces[t].logits;
    }
    return traces;
  }

  /**
   * The better logits of some images, which do not depend on what else is in the list.
   *
   * @param images Each with its boxes and a label predictor's logits; one without boxes
   * is given back as it is.
   * @returns Logits of the same shapes, in the same order.
   */
  async predict(images: readonly ModelInput[]): Promise<Logits[]> {
    const full = images.filter((image) => image.boxes.length > 0);
    if (full.length === 0) return images.map(copyLogits);
    const batch = new Batch(full, this.config);
    const last = tf.tidy(() =>
      this.forward(batch).at(-1)!.logits as unknown as tf.TensorContainerObject
    ) as unknown as LogitTensors;
    try {
      const [entities, relations] = await Promise.all([
        last.entities.data(),
        last.relations.data(),
      ]) as [Float32Array, Float32Array];
      let b = 0;
      return images.map((image) =>
        image.boxes.length === 0
          ? copyLogits(image)
          : unpack(batch, b++, entities, relations, this.config)
      );
    } finally {
      tf.dispose([last.entities, last.relations]);
      batch.dispose();
    }
  }

  /** Frees the parameters and word vectors. */
  dispose(): void {
    this.parameters.dispose();
    if (this.#words) tf.dispose([this.#words.entities, this.#words.relations]);
  }
}

function copyLogits({ entityLogits, relationLogits }: Logits): Logits {
  return { entityLogits: entityLogits.slice(), relationLogits: relationLogits.slice() };
}

/** Spreads one image's rows of a packed batch to `[N, C]` and `[N, N, P]`. */
function unpack(
  { entityOffsets, pairOffsets }: Batch,
  b: number,
  entities: Float32Array,
  relations: Float32Array,
  { numEntityClasses: numClasses, numPredicates, features }: SgpConfig,
): Logits {
  const n = entityOffsets[b + 1] - entityOffsets[b];
  const relationLogits = new Float32Array(n * n * numPredicates);
  let pair = pairOffsets[b];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const to = (i * n + j) * numPredicates;
      if (i === j) {
        relationLogits[to + numPredicates - 1] = SELF_PAIR_LOGIT;
        if (features === "paper") pair++;
      } else {
        const from = numPredicates * pair++;
        relationLogits.set(relations.subarray(from, from + numPredicates), to);
      }
    }
  }
  return {
    entityLogits: entities.slice(
      entityOffsets[b] * numClasses,
      entityOffsets[b + 1] * numClasses,
    ),
    relationLogits,
  };
}

function wordTensors(config: SgpConfig, words: WordVectorData | undefined): WordVectors {
  const { numEntityClasses, numPredicates, embeddingSize, variant } = config;
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
  return {
    entities: tf.tensor2d(words.entities, [numEntityClasses, embeddingSize]),
    relations: tf.tensor2d(words.relations, [numPredicates, embeddingSize]),
  };
}
