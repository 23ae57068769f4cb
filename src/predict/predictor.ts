/**
 * The library's front door: boxes and what a detector says of them in, a scene graph
 * out.
 *
 * @module
 */

import {
  type Backend,
  type BackendName,
  type BackendOptions,
  resumeBackend,
  useBackend,
} from "../kernels/backend.ts";
import { decodeGraph } from "./decode.ts";
import { type Checkpoint, decodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { labelPredictorFrom } from "../label_predictor/load.ts";
import { checkQuantizable, type Precision, PRECISIONS } from "../model/int8.ts";
import { Sgp } from "../model/sgp.ts";
import { nearestName } from "../nearest.ts";
import { type Knowledge, type PredictInput, readInput } from "./input.ts";
import type { SceneGraph } from "../scene_graph.ts";
import type { Vocabulary, VocabularyData } from "../vocabulary.ts";

export type { Precision, PredictInput };

/** Settings of {@linkcode SceneGraphPredictor.load}. */
export interface LoadOptions extends BackendOptions {
  /**
   * What to compute on; default: `"webgpu"` if there is a real GPU, else `"wasm"`, and
   * always that with `deterministic` or in `"int8"`.
   */
  backend?: BackendName;
  /**
   * `"int8"` computes the hidden layers of rho in 8 bits, but for the first: faster, on
   * the backend `"wasm"` of engines with relaxed SIMD, for networks with two hidden layers
   * or more. Default `"float32"`.
   */
  precision?: Precision;
}

/** Settings of {@linkcode SceneGraphPredictor.predict}. */
export interface PredictOptions {
  /** Keep so many relations, best first; an integer >= 0; default 100. */
  k?: number;
  /** Whether to return how the network attended; default false. */
  attention?: boolean;
  /**
   * `false` leaves the network out: the graph that the detector and the label predictor
   * give on their own, to see what context changes. Default true.
   */
  context?: boolean;
}

/** Where the network looked, as means over features of its last step. */
export interface Attention {
  /** `[N, N]`: how much each entity (row) attended to each other; rows sum to 1. */
  nodes: Float32Array;
  /** `[N]`: how much the graph attended to each entity; sums to 1. */
  graph: Float32Array;
}

/** A scene graph, with the attention if it was asked for and the variant has one. */
export interface PredictedGraph extends SceneGraph {
  /** Where the network looked; absent unless it was asked for. */
  attention?: Attention;
}

/**
 * A trained Scene Graph Predictor. Owns memory of its backend: dispose it.
 *
 * @example
 * ```ts
 * import { SceneGraphPredictor } from "./predictor.ts";
 * const url = new URL("../../checkpoints/gpi_linguistic_pretrained.safetensors", import.meta.url);
 * using sgp = await SceneGraphPredictor.load(url, { backend: "wasm" });
 * const graph = await sgp.predict({
 *   boxes: [[10, 10, 60, 90], [5, 60, 95, 99]],
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entityLabels: ["cup", "table"],
 *   entityScores: [0.8, 0.9],
 * });
 * if (graph.entities.length !== 2) throw new Error();
 * ```
 */
export class SceneGraphPredictor implements Disposable {
  /**
   * What it computes on, such as `"wasm (relaxed SIMD)"`, whatever others that were loaded
   * later compute on.
   */
  readonly backend: Backend;
  readonly #sgp: Sgp;
  readonly #vocabulary: Vocabulary;
  readonly #knowledge: Knowledge;

  private constructor(
    sgp: Sgp,
    vocabulary: Vocabulary,
    knowledge: Knowledge,
    backend: Backend,
  ) {
    this.backend = backend;
    this.#sgp = sgp;
    this.#vocabulary = vocabulary;
    this.#knowledge = knowledge;
  }

  /**
   * Loads a checkpoint and starts a backend.
   *
   * @param source URL or, in Deno, path of the checkpoint; or its bytes.
   * @param options What to compute on.
   * @returns Ready to predict.
   * @throws {TypeError} If it cannot be fetched.
   * @throws {SyntaxError | RangeError} If it is not a whole checkpoint, or of a network
   * that has no such precision; or as {@linkcode useBackend}.
   * @throws {Error} If the engine or the backend cannot compute in the precision.
   */
  static async load(
    source: string | URL | Uint8Array,
    options: LoadOptions = {},
  ): Promise<SceneGraphPredictor> {
    const name = source instanceof Uint8Array ? "checkpoint" : String(source);
    const bytes = source instanceof Uint8Array ? source : await fetchBytes(source);
    const checkpoint = decodeCheckpoint(bytes, name);
    const { config, vocabulary, parameters, words, labelPredictor, activationRanges } =
      checkpoint;
    const knowledge = labelPredictor
      ? await knowledgeOf(labelPredictor, vocabulary, name)
      : {};
    const { precision = "float32" } = options;
    if (!PRECISIONS.includes(precision)) {
      throw new RangeError(
        `Cannot find the precision "${precision}": the nearest is "${
          nearestName(precision, PRECISIONS)
        }"`,
      );
    }
    const isInt8 = precision === "int8";
    const wanted = options.backend ?? (isInt8 ? "wasm" : undefined);
    const backend = await useBackend(wanted, options);
    resumeBackend(backend); // another call may have come between
    if (isInt8) {
      checkQuantizable(config);
      if (!activationRanges) {
        throw new RangeError(
          `Cannot predict in int8 as the checkpoint "${name}" has no activation ranges: train it again, which finds them`,
        );
      }
    }
    const values = new Map(Array.from(parameters, ([key, { data }]) => [key, data]));
    const sgp = new Sgp(config, values, words);
    if (isInt8) await sgp.quantize(activationRanges!);
    return new SceneGraphPredictor(sgp, vocabulary, knowledge, backend);
  }

  /** Names of the classes and predicates, in the order of logits. */
  get vocabulary(): VocabularyData {
    return this.#vocabulary.toJSON();
  }

  /**
   * Predicts the scene graph of one image.
   *
   * @param input Boxes, the image's size, and what a detector says of each box: logits
   * of every class, or a label with its score. Without `relationLogits` the label
   * predictor inside the checkpoint gives them.
   * @param options How many relations, and whether to return attention.
   * @returns Entities in the order of the boxes, relations best first; an empty graph
   * for no boxes.
   * @throws {RangeError | TypeError} Names the argument, what must hold and what was
   * found: boxes inside the image with an area, finite logits of the right number,
   * labels in the vocabulary.
   */
  async predict(
    input: PredictInput,
    options: PredictOptions = {},
  ): Promise<PredictedGraph> {
    const [graph] = await this.predictBatch([input], options);
    return graph;
  }

  /**
   * Predicts the scene graphs of several images at once, which is faster than one by
   * one; the result of each does not depend on the others.
   *
   * @param inputs As for {@linkcode SceneGraphPredictor.predict}.
   * @param options As there.
   * @returns One graph for each, in the same order.
   */
  async predictBatch(
    inputs: readonly PredictInput[],
    options: PredictOptions = {},
  ): Promise<PredictedGraph[]> {
    const { k = 100, attention = false, context = true } = options;
    if (!(Number.isInteger(k) && k >= 0)) {
      throw new RangeError(
        `Cannot predict as k must be an integer >= 0: current value is ${k}`,
      );
    }
    resumeBackend(this.backend);
    const images = await Promise.all(
      inputs.map((input) => readInput(input, this.#vocabulary, this.#knowledge)),
    );
    resumeBackend(this.backend); // another call may have come between
    if (!context) {
      return images.map((image) => decodeGraph(image, image, this.#vocabulary, k));
    }
    const predictions = await this.#sgp.predict(images, attention);
    return predictions.map((prediction, i) => {
      const { nodeAttention, graphAttention } = prediction;
      return {
        ...decodeGraph(prediction, images[i], this.#vocabulary, k),
        ...(nodeAttention && graphAttention &&
          { attention: { nodes: nodeAttention, graph: graphAttention } }),
      };
    });
  }

  /** Frees the memory. */
  dispose(): void {
    this.#sgp.dispose();
  }

  /** Frees the memory, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** The label predictor of a checkpoint, tried out on an image of one entity. */
async function knowledgeOf(
  { name, arrays, entityProfiles }: NonNullable<Checkpoint["labelPredictor"]>,
  { numEntityClasses, numPredicates }: Vocabulary,
  checkpoint: string,
): Promise<Knowledge> {
  try {
    const labelPredictor = labelPredictorFrom(name, arrays);
    const entityProbabilities = new Float32Array(numEntityClasses);
    entityProbabilities[0] = 1;
    const image = { boxes: [0, 0, 1, 1], width: 1, height: 1, entityProbabilities };
    const { length } = await labelPredictor.predictRelations(image);
    if (length === numPredicates) return { labelPredictor, entityProfiles };
    throw new RangeError(
      `its label predictor knows ${length} predicates, its vocabulary ${numPredicates}`,
    );
  } catch (cause) {
    const { message } = cause as Error;
    throw new RangeError(`Cannot read the checkpoint "${checkpoint}": ${message}`, {
      cause,
    });
  }
}

/** Reads a URL, or in Deno a path, which may be relative to the current folder. */
async function fetchBytes(source: string | URL): Promise<Uint8Array> {
  const isUrl = source instanceof URL || /^[a-z][a-z\d+.-]+:/i.test(source);
  const base = globalThis.location?.href ??
    `file://${(globalThis as { Deno?: typeof Deno }).Deno?.cwd() ?? ""}/`;
  const url = isUrl ? new URL(source) : new URL(source, base);
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new TypeError(
      `Cannot load the checkpoint "${source}": it cannot be fetched; check the address and the permission to read it`,
      { cause },
    );
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new TypeError(
      `Cannot load the checkpoint "${source}": the server answers ${response.status}`,
    );
  }
  return response.bytes();
}
